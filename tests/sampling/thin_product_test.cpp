#include "sampling/thin_product.hpp"

#include "theory/random_problem.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::normal_matrix;

/// Sizes around those of tiles and registers agree with the plain products.
TEST(ThinProduct, AgreesWithPlainProductsAtEverySize) {
    for (const Index rows : {1, 3, 7, 8, 13, 40})
        for (const Index columns : {1, 2, 3, 4, 5, 11})
            for (const Index vectors : {1, 2, 3, 4, 5, 7, 9}) {
                const Matrix M = normal_matrix(rows, columns, 1);
                const Matrix W = normal_matrix(rows, vectors, 2);
                const Matrix Y = normal_matrix(columns, vectors, 3);
                Matrix down(columns, vectors);
                const double norm =
                    thin::transposed_times<true>(M.data(), rows, columns, W.data(), vectors, down.data());
                EXPECT_LT((down - M.transpose() * W).norm(), 1e-14 * M.norm() * W.norm());
                EXPECT_NEAR(norm, M.squaredNorm(), 1e-14 * M.squaredNorm());
                Matrix up(rows, vectors);
                thin::times(M.data(), rows, columns, Y.data(), vectors, up.data());
                EXPECT_LT((up - M * Y).norm(), 1e-14 * M.norm() * Y.norm());
                Matrix outer(rows, columns);
                up.setConstant(7);
                thin::times_and_outer(M.data(), rows, columns, Y.data(), W.data(), vectors, up.data(),
                                      outer.data());
                EXPECT_LT((up - M * Y).norm(), 1e-14 * M.norm() * Y.norm());
                EXPECT_LT((outer + M - W * Y.transpose()).norm(), 1e-14 * (M.norm() + W.norm() * Y.norm()));
            }
}

/// A block that starts anywhere in memory gives the same numbers to the last bit.
TEST(ThinProduct, DoesNotDependOnAlignment) {
    constexpr Index rows = 37;
    constexpr Index columns = 9;
    const Matrix M = normal_matrix(rows, columns, 1);
    const Matrix W = normal_matrix(rows, 2, 2);
    Matrix expected(columns, 2);
    thin::transposed_times<false>(M.data(), rows, columns, W.data(), 2, expected.data());
    for (Index shift = 1; shift < 9; ++shift) {
        Vector moved(M.size() + shift);
        moved.tail(M.size()) = M.reshaped();
        Matrix Y(columns, 2);
        thin::transposed_times<false>(moved.data() + shift, rows, columns, W.data(), 2, Y.data());
        EXPECT_EQ(Y, expected);
    }
}

}  // namespace
}  // namespace attnpaths
