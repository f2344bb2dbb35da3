#include "theory/lanczos.hpp"

#include "theory/random_problem.hpp"

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::normal_matrix;

TEST(Lanczos, FindsTheSmallestEigenvalueWithinItsResidual) {
    for (const Index size : {1, 2, 7, 60}) {
        const Matrix half = normal_matrix(size, size, 3);
        const Matrix matrix = half + half.transpose();
        const auto times = [&](const Vector& x) { return Vector(matrix * x); };
        const double exact = Eigen::SelfAdjointEigenSolver<Matrix>(matrix).eigenvalues()(0);
        const RitzValue whole = smallest_eigenvalue(times, size, 0, 100);
        EXPECT_NEAR(whole.value, exact, 1e-9 * std::abs(exact));
        const RitzValue rough = smallest_eigenvalue(times, size, 0.2, 100);
        EXPECT_LE(rough.products, whole.products);
        EXPECT_GE(rough.value, exact - 1e-9 * std::abs(exact)) << "Ritz values lie inside the spectrum";
        EXPECT_LE(std::abs(rough.value - exact), rough.residual + 1e-9 * std::abs(exact));
        EXPECT_LE(rough.residual, 0.2 * std::abs(rough.value) + 1e-9);
    }
}

/// The iteration ends where it has found all that its start can reach.
TEST(Lanczos, OfAMultipleOfOneTakesOneProduct) {
    const RitzValue found = smallest_eigenvalue([](const Vector& x) { return Vector(3 * x); }, 50, 0.01, 40);
    EXPECT_NEAR(found.value, 3, 1e-12);
    EXPECT_EQ(found.products, 1);
}

}  // namespace
}  // namespace attnpaths
