#include "sampling/averaged_prediction.hpp"

#include "base/random_stream.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

/// Blocks of independent normal f with mean `centre` and unit variance at every point.
AveragedPrediction normal_blocks(const Vector& centre, Index blocks, int draws_per_block,
                                 std::uint64_t seed) {
    RandomStream random(seed, "test", 0);
    Matrix means = Matrix::Zero(centre.size(), blocks);
    Matrix mean_squares = means;
    for (Index block = 0; block < blocks; ++block) {
        for (int draw = 0; draw < draws_per_block; ++draw) {
            for (Index point = 0; point < centre.size(); ++point) {
                const double f = centre(point) + random.normal();
                means(point, block) += f / draws_per_block;
                mean_squares(point, block) += f * f / draws_per_block;
            }
        }
    }
    return {means, mean_squares, 1};
}

TEST(AveragedPrediction, HasTheMomentsOfTheDrawsAndTheirError) {
    const Vector centre = Vector::LinSpaced(200, -3, 3);
    const AveragedPrediction averaged = normal_blocks(centre, 40, 25, 1);
    const Prediction& prediction = averaged.prediction();
    const Matrix error = averaged.mean_error();
    const double expected_error = 1 / std::sqrt(1000.0);
    EXPECT_NEAR(std::sqrt(error.squaredNorm() / 200), expected_error, 0.035 * expected_error);
    const Vector z = (prediction.mean.col(0) - centre).cwiseQuotient(error.col(0));
    EXPECT_LT(z.cwiseAbs().maxCoeff(), 4.5);
    EXPECT_NEAR(z.squaredNorm() / 200, 1, 0.35);
    EXPECT_NEAR(prediction.variance.mean(), 1, 0.02);
}

/// The error of the accuracy against the spread of the accuracy over independent samples.
TEST(AveragedPrediction, AccuracyErrorIsTheSpreadOverSamples) {
    const Vector centre = Vector::LinSpaced(200, -0.1, 0.1);
    const Matrix targets = Vector(200).setOnes();
    Vector accuracies(300);
    double claimed = 0;
    for (Index sample = 0; sample < accuracies.size(); ++sample) {
        const AveragedPrediction averaged = normal_blocks(centre, 20, 5, static_cast<std::uint64_t>(sample));
        accuracies(sample) = prediction_quality(averaged.prediction(), targets, true).accuracy;
        claimed += averaged.accuracy_error(targets) / 300;
    }
    const double spread = std::sqrt((accuracies.array() - accuracies.mean()).square().mean());
    EXPECT_NEAR(claimed, spread, 0.25 * spread);
}

TEST(AveragedPrediction, OneBlockHasNoError) {
    const AveragedPrediction averaged = normal_blocks(Vector::Zero(3), 1, 4, 1);
    EXPECT_TRUE(averaged.mean_error().array().isNaN().all());
    EXPECT_TRUE(std::isnan(averaged.accuracy_error(Vector::Ones(3))));
}

}  // namespace
}  // namespace attnpaths
