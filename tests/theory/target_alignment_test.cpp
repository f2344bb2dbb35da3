#include "theory/target_alignment.hpp"

#include "theory/random_problem.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::normal_matrix;

TEST(TargetAlignment, IsOneForTheLabelsOwnKernelAndNeverMore) {
    const Matrix y = normal_matrix(9, 2, 1);
    EXPECT_NEAR(target_alignment(3 * y * y.transpose(), y).plain, 1, 1e-12);
    EXPECT_NEAR(target_alignment(3 * y * y.transpose(), y).centred, 1, 1e-12);
    const Matrix features = normal_matrix(9, 4, 2);
    const TargetAlignment other = target_alignment(features * features.transpose(), y);
    EXPECT_GT(other.plain, 0);
    EXPECT_LT(other.plain, 1);
}

/// What a constant adds to features or labels is no alignment.
TEST(TargetAlignment, CentringTakesOutConstants) {
    const Matrix y = normal_matrix(9, 1, 3);
    const Matrix features = normal_matrix(9, 4, 4);
    const Matrix shifted = features.array() + 7;
    const double centred = target_alignment(features * features.transpose(), y).centred;
    EXPECT_NEAR(target_alignment(shifted * shifted.transpose(), y).centred, centred, 1e-10);
    EXPECT_NEAR(target_alignment(features * features.transpose(), (y.array() - 5).matrix()).centred, centred,
                1e-12);
    EXPECT_GT(std::abs(target_alignment(shifted * shifted.transpose(), y).plain -
                       target_alignment(features * features.transpose(), y).plain),
              0.01);
}

TEST(TargetAlignment, TheKernelOfTwoOutputsIsTheSumOfItsDiagonalBlocks) {
    constexpr Index paths = 3;
    const Matrix features = normal_matrix(5, 4 * paths, 5);
    Matrix U = normal_matrix(paths * 2, paths * 2, 6);
    U = U * U.transpose();
    Matrix whole;
    PathKernels(features, paths, 2, 0.3, KernelStorage::features).assemble(U, whole);
    whole = Matrix(whole.selfadjointView<Eigen::Lower>());
    const Matrix expected = whole.topLeftCorner(5, 5) + whole.bottomRightCorner(5, 5);
    EXPECT_LT((kernel_over_outputs(features, U, paths, 0.3) - expected).cwiseAbs().maxCoeff(), 1e-12);
}

}  // namespace
}  // namespace attnpaths
