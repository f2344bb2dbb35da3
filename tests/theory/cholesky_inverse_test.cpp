#include "theory/cholesky_inverse.hpp"

#include "theory/lapack.hpp"
#include "theory/random_problem.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

/// K times its inverse is the identity at sizes on both sides of every border of the recursion, whatever the
/// upper triangle of the factor holds.
TEST(CholeskyInverse, IsTheInverse) {
    for (const Index size : {1, 2, 15, 16, 17, 31, 33, 64, 65, 100, 129, 257, 600, 601}) {
        const Matrix A = testing::normal_matrix(size, 2 * size + 3, 1);
        const Matrix K = A * A.transpose() / static_cast<double>(size) + 0.01 * Matrix::Identity(size, size);
        Matrix inverse = K;
        ASSERT_TRUE(lapack::cholesky(inverse));
        inverse.triangularView<Eigen::StrictlyUpper>().setConstant(1e300);
        inverse_from_cholesky(inverse);
        EXPECT_EQ(inverse, inverse.transpose()) << size;
        EXPECT_LT((K * inverse - Matrix::Identity(size, size)).cwiseAbs().maxCoeff(), 1e-13) << size;
    }
}

}  // namespace
}  // namespace attnpaths
