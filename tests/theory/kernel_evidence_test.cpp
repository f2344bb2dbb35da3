#include "theory/kernel_evidence.hpp"

#include "theory/data_term.hpp"
#include "theory/random_problem.hpp"

#include <Eigen/Cholesky>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace attnpaths {
namespace {

using testing::normal_matrix;

struct Regression {
    Regression(Index examples, Index width, Index outputs)
        : features(normal_matrix(examples, width, 0)),
          y(features.leftCols(2) * normal_matrix(2, outputs, 1) + 0.3 * normal_matrix(examples, outputs, 2)) {
    }

    [[nodiscard]] KernelEvidence evidence() const {
        const TrainingSet set = make_training_set(features, y);
        return {set.features * set.features.transpose(), set};
    }

    /// log N(y; 0, c K_1 + T I), by the definition.
    [[nodiscard]] double density(double temperature, double variance) const {
        const Index rows = features.rows();
        const Matrix covariance =
            variance * features * features.transpose() + temperature * Matrix::Identity(rows, rows);
        const Eigen::LLT<Matrix> factor(covariance);
        const double log_determinant = 2 * Matrix(factor.matrixL()).diagonal().array().log().sum();
        const auto outputs = static_cast<double>(y.cols());
        return -(outputs * (static_cast<double>(rows) * std::log(2 * std::numbers::pi) + log_determinant) +
                 factor.matrixL().solve(y).squaredNorm()) /
               2;
    }

    Matrix features;
    Matrix y;
};

TEST(KernelEvidence, IsTheDensityOfTheTargets) {
    // Fewer and more examples than features, where the training set is reduced.
    for (const auto& [examples, outputs] : {std::pair<Index, Index>{12, 1}, {12, 3}, {40, 1}, {40, 2}}) {
        const Regression problem(examples, 20, outputs);
        const KernelEvidence evidence = problem.evidence();
        for (const double ratio : {1e-3, 0.1, 30.0}) {
            const KernelEvidence::Best best = evidence.at(ratio);
            EXPECT_NEAR(best.temperature / best.variance, ratio, 1e-12 * ratio);
            EXPECT_NEAR(best.log_evidence, problem.density(best.temperature, best.variance),
                        1e-9 * (1 + std::abs(best.log_evidence)));
            for (const double factor : {0.9, 1.1})  // along the ratio the variance is the best
                EXPECT_LT(problem.density(factor * best.temperature, factor * best.variance),
                          best.log_evidence);
        }
    }
}

TEST(KernelEvidence, TheBestIsGreaterThanAllAround) {
    const Regression problem(40, 20, 1);
    const KernelEvidence::Best best = problem.evidence().best();
    for (const double temperature : {0.01, 0.95, 1.05, 100.0})
        for (const double variance : {0.01, 0.95, 1.05, 100.0})
            EXPECT_LT(problem.density(temperature * best.temperature, variance * best.variance),
                      best.log_evidence);
    EXPECT_NEAR(best.temperature, 0.09, 0.06);  // the noise of the targets
}

}  // namespace
}  // namespace attnpaths
