#include "theory/pair_covariance.hpp"

#include "theory/random_problem.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::normal_matrix;

constexpr Index size = 5;    // q
constexpr Index width = 7;   // N0
constexpr Index number = 4;  // of directions

/// Symmetric directions, one a column.
Matrix some_directions() {
    Matrix columns(size * size, number);
    for (Index a = 0; a < number; ++a) {
        const Matrix half = normal_matrix(size, size, static_cast<std::uint64_t>(a) + 1);
        columns.col(a) = (half + half.transpose()).reshaped();
    }
    return columns;
}

/// D (x) I over features.
Matrix expanded(const Matrix& D) {
    Matrix result = Matrix::Zero(size * width, size * width);
    for (Index i = 0; i < size; ++i)
        for (Index j = 0; j < size; ++j)
            result.block(i * width, j * width, width, width).diagonal().setConstant(D(i, j));
    return result;
}

TEST(PairCovariance, IsTheSumOverItsDirections) {
    const PairCovariance covariance(some_directions());
    const Matrix Z = normal_matrix(3, size * width, 11);
    const Matrix M = normal_matrix(size, size, 12);
    const Matrix gram = Z.transpose() * Z;
    Matrix applied = Matrix::Zero(gram.rows(), gram.cols());
    Matrix contracted = Matrix::Zero(size, size);
    for (Index a = 0; a < number; ++a) {
        const Matrix D = covariance.direction(a);
        applied += expanded(D) * gram * expanded(D);
        contracted += D.cwiseProduct(M).sum() * D;
    }
    const double scale = applied.cwiseAbs().maxCoeff();
    EXPECT_LT((covariance.apply(gram) - applied).cwiseAbs().maxCoeff(), 1e-13 * scale);
    EXPECT_LT((covariance.contract(M) - contracted).cwiseAbs().maxCoeff(), 1e-13 * scale);
    // The same without forming it.
    const Vector u = normal_matrix(size * width, 1, 13);
    EXPECT_LT((covariance.apply_to_gram(Z, u) - applied * u).cwiseAbs().maxCoeff(), 1e-13 * scale);
    const Matrix R = normal_matrix(size * width, 6, 14);
    const Vector form = (applied * R).cwiseProduct(R).colwise().sum();
    EXPECT_LT((covariance.gram_form(Z, R) - form).cwiseAbs().maxCoeff(), 1e-13 * scale * size * width);
}

}  // namespace
}  // namespace attnpaths
