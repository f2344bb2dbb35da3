#include "theory/davidson.hpp"

#include "theory/random_problem.hpp"

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

using testing::normal_matrix;

Vector as_it_is(const Vector& x) {
    return x;
}

TEST(Davidson, FindsTheSmallestEigenvalueWithinItsResidual) {
    for (const Index size : {1, 2, 7, 60}) {
        const Matrix half = normal_matrix(size, size, 3);
        const Matrix matrix = half + half.transpose();
        const auto times = [&](const Vector& x) { return Vector(matrix * x); };
        const Vector eigenvalues = Eigen::SelfAdjointEigenSolver<Matrix>(matrix).eigenvalues();
        const double exact = eigenvalues(0);
        const RitzValue whole = smallest_eigenvalue(times, as_it_is, size, 0, 100);
        EXPECT_NEAR(whole.value, exact, 1e-9 * std::abs(exact));
        const RitzValue rough = smallest_eigenvalue(times, as_it_is, size, 0.2, 100);
        EXPECT_LE(rough.products, whole.products);
        EXPECT_GE(rough.value, exact - 1e-9 * std::abs(exact)) << "Ritz values lie inside the spectrum";
        EXPECT_LE((eigenvalues.array() - rough.value).abs().minCoeff(),
                  rough.residual + 1e-9 * std::abs(exact))
            << "an eigenvalue lies within the residual";
        EXPECT_LE(rough.residual, 0.2 * std::abs(rough.value) + 1e-9);
    }
}

/// A preconditioner finds the same in fewer products.
TEST(Davidson, TakesFewerProductsWithAPreconditioner) {
    constexpr Index size = 200;
    const Vector diagonal = Vector::LinSpaced(size, 0, 6).array().exp();
    const Matrix noise = normal_matrix(size, size, 3) / (10 * std::sqrt(static_cast<double>(size)));
    const Matrix matrix = Matrix(diagonal.asDiagonal()) + noise + noise.transpose();
    const auto times = [&](const Vector& x) { return Vector(matrix * x); };
    const auto by_diagonal = [&](const Vector& x) { return Vector(x.cwiseQuotient(diagonal)); };
    const double exact = Eigen::SelfAdjointEigenSolver<Matrix>(matrix).eigenvalues()(0);
    const RitzValue plain = smallest_eigenvalue(times, as_it_is, size, 1e-3, 200);
    const RitzValue preconditioned = smallest_eigenvalue(times, by_diagonal, size, 1e-3, 200);
    EXPECT_LT(2 * preconditioned.products, plain.products);
    EXPECT_NEAR(plain.value, exact, plain.residual);
    EXPECT_NEAR(preconditioned.value, exact, preconditioned.residual);
}

/// Residuals within a bulk are small long before a lone eigenvalue below it comes to light.
TEST(Davidson, FindsALoneEigenvalueBelowTheBulk) {
    constexpr Index size = 3000;
    Vector diagonal = Vector::LinSpaced(size, 1.98, 2.02);
    diagonal(1234) = 1;
    const auto times = [&](const Vector& x) { return Vector(diagonal.cwiseProduct(x)); };
    const RitzValue found = smallest_eigenvalue(times, as_it_is, size, 0.1, 40);
    EXPECT_NEAR(found.value, 1, 0.01);
    EXPECT_GT(found.products, 1);
}

/// The iteration ends where it has found all that its start can reach.
TEST(Davidson, OfAMultipleOfOneTakesOneProduct) {
    const RitzValue found =
        smallest_eigenvalue([](const Vector& x) { return Vector(3 * x); }, as_it_is, 50, 0.01, 40);
    EXPECT_NEAR(found.value, 3, 1e-12);
    EXPECT_EQ(found.products, 1);
}

}  // namespace
}  // namespace attnpaths
