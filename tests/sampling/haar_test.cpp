#include "sampling/haar.hpp"

#include "base/error.hpp"

#include <Eigen/LU>
#include <boost/math/special_functions/beta.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace attnpaths {
namespace {

constexpr int many = 20000;

/// Largest distance between the empirical distribution of `values` and `distribution`, times
/// sqrt(values): above 2.2 once in 10^4.
template <class Distribution>
double kolmogorov_distance(std::vector<double> values, const Distribution& distribution) {
    std::sort(values.begin(), values.end());
    const auto count = static_cast<double>(values.size());
    double largest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double probability = distribution(values[i]);
        const auto below = static_cast<double>(i);
        largest = std::max({largest, probability - below / count, (below + 1) / count - probability});
    }
    return largest * std::sqrt(count);
}

TEST(Haar, ColumnsAreOrthonormal) {
    RandomStream random(1, "test/haar", 0);
    for (const auto& [rows, columns] :
         {std::pair<Index, Index>{1, 1}, {7, 0}, {7, 1}, {7, 7}, {40, 3}, {200, 150}}) {
        const Matrix Q = haar_stiefel(rows, columns, random);
        ASSERT_EQ(Q.rows(), rows);
        ASSERT_EQ(Q.cols(), columns);
        const Matrix excess = Q.transpose() * Q - Matrix::Identity(columns, columns);
        EXPECT_LT(excess.size() == 0 ? 0 : excess.cwiseAbs().maxCoeff(), 1e-13) << rows << " x " << columns;
    }
}

TEST(Haar, MoreColumnsThanRowsAreRefused) {
    RandomStream random(1, "test/haar", 1);
    EXPECT_THROW(haar_stiefel(3, 4, random), NumericalError);
}

/// E Q = 0 and E Q_ij^2 = 1/rows; the variance of Q_ij^2 is that of its Beta(1/2, (rows - 1)/2) law.
TEST(Haar, MomentsOfTheElements) {
    const Index rows = 5;
    const Index columns = 3;
    const auto n = static_cast<double>(rows);
    RandomStream random(2, "test/haar", 0);
    Matrix sum = Matrix::Zero(rows, columns);
    Matrix squares = Matrix::Zero(rows, columns);
    for (int i = 0; i < many; ++i) {
        const Matrix Q = haar_stiefel(rows, columns, random);
        sum += Q;
        squares += Q.cwiseAbs2();
    }
    const double square_variance = 2 * (n - 1) / (n * n * (n + 2));
    EXPECT_LT((sum / many).cwiseAbs().maxCoeff(), 4.5 * std::sqrt(1 / n / many));
    EXPECT_LT(((squares / many).array() - 1 / n).abs().maxCoeff(), 4.5 * std::sqrt(square_variance / many));
}

/// Every element of a uniformly distributed matrix has the law of one coordinate on the sphere: the square is
/// Beta(1/2, (rows - 1)/2), and with its sign (1 + Q_ij)/2 is Beta((rows - 1)/2, (rows - 1)/2).
TEST(Haar, ElementsHaveTheLawOfACoordinateOnTheSphere) {
    const Index rows = 4;
    const double half = 0.5 * static_cast<double>(rows - 1);
    RandomStream random(3, "test/haar", 0);
    std::vector<double> first_squares;
    std::vector<double> first;
    std::vector<double> last;
    for (int i = 0; i < many; ++i) {
        const Matrix Q = haar_stiefel(rows, rows, random);
        first_squares.push_back(Q(0, 0) * Q(0, 0));
        first.push_back((1 + Q(0, 0)) / 2);
        last.push_back((1 + Q(rows - 1, rows - 1)) / 2);
    }
    EXPECT_LT(kolmogorov_distance(first_squares, [&](double x) { return boost::math::ibeta(0.5, half, x); }),
              2.2);
    const auto coordinate = [&](double x) { return boost::math::ibeta(half, half, x); };
    EXPECT_LT(kolmogorov_distance(first, coordinate), 2.2);
    EXPECT_LT(kolmogorov_distance(last, coordinate), 2.2);
}

TEST(Haar, SquareMatricesTurnAndReflectEquallyOften) {
    for (const Index size : {1, 2, 5}) {
        RandomStream random(4, "test/haar", static_cast<std::uint64_t>(size));
        double sum = 0;
        for (int i = 0; i < many; ++i) {
            const double determinant = haar_stiefel(size, size, random).determinant();
            ASSERT_NEAR(std::abs(determinant), 1, 1e-12);
            sum += determinant;
        }
        EXPECT_LT(std::abs(sum / many), 4.5 / std::sqrt(static_cast<double>(many))) << size;
    }
}

}  // namespace
}  // namespace attnpaths
