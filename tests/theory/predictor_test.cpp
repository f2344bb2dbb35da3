#include "theory/predictor.hpp"

#include "theory/mirror.hpp"
#include "theory/point_kernels.hpp"
#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::RandomProblem;
using testing::ReferenceTask;
using testing::uneven_architecture;

/// Conditioning by a second way: the joint covariance of training and test values, conditioned by Gaussian
/// elimination; fewer examples than path features and as many or more.
TEST(Predictor, IsTheConditionalGaussian) {
    for (const Index outputs : {1, 2})
        for (const Index examples : {7, 20, 33}) {
            const RandomProblem problem{examples, 5, uneven_architecture({2, 2}, outputs)};
            const Index n = problem.architecture.paths();
            const Matrix half = normal_matrix(n * outputs, n * outputs, 3);
            const Matrix U = half * half.transpose();
            const PathKernels kernels = problem.kernels();
            const Index points = 4;
            const Matrix test = normal_matrix(points, problem.input_width * n, 5);
            const Prediction prediction = Predictor(kernels, problem.targets(), 0.3, U).predict(test);

            Matrix both(examples + points, test.cols());
            both << problem.features(), test;
            const PathKernels joint(both, n, outputs, kernels.prefactor(), KernelStorage::features);
            Matrix K;
            joint.assemble(U, K);
            mirror_lower(K);
            std::vector<Index> train;
            std::vector<Index> rest;
            for (Index d = 0; d < outputs; ++d)
                for (Index m = 0; m < both.rows(); ++m)
                    (m < examples ? train : rest).push_back(d * both.rows() + m);
            const Matrix A = K(train, train) + 0.3 * Matrix::Identity(examples * outputs, examples * outputs);
            const Matrix gain = K(rest, train) * A.inverse();
            const Vector mean = gain * problem.targets().reshaped();
            const Vector variance = (K(rest, rest) - gain * K(train, rest)).diagonal();
            EXPECT_LT((prediction.mean.reshaped() - mean).cwiseAbs().maxCoeff(), 1e-9);
            EXPECT_LT((prediction.variance.reshaped() - variance).cwiseAbs().maxCoeff(), 1e-9);
        }
}

/// What examples fix up to the noise has the variance of the noise, however small it is.
TEST(Predictor, SmallVariancesKeepTheirDigits) {
    const RandomProblem problem{20, 5, uneven_architecture({2, 2}, 1)};
    const PathKernels kernels = problem.kernels();
    const Matrix half = normal_matrix(4, 4, 3);
    const Matrix U = half * half.transpose();
    const Matrix test = normal_matrix(6, problem.input_width * 4, 5);
    const auto over_temperature = [&](double temperature) {
        return Vector(Predictor(kernels, problem.targets(), temperature, U).predict(test).variance /
                      temperature);
    };
    const Vector limit = (test * (problem.features().transpose() * problem.features()).inverse())
                             .cwiseProduct(test)
                             .rowwise()
                             .sum();
    for (const double temperature : {1e-8, 1e-10, 1e-12})
        EXPECT_LT(((over_temperature(temperature) - limit).cwiseQuotient(limit)).cwiseAbs().maxCoeff(),
                  1e-8 + 1e5 * temperature);
}

TEST(Predictor, KernelsOfPointsMadeBeforeGiveTheSame) {
    for (const KernelStorage storage : {KernelStorage::kernels, KernelStorage::features}) {
        const RandomProblem problem{9, 5, uneven_architecture({2, 3}, 1), 1, storage};
        const PathKernels kernels = problem.kernels();
        const Matrix half = normal_matrix(6, 6, 3);
        const Matrix test = normal_matrix(11, problem.input_width * 6, 5);
        const PointKernels points(kernels, test);
        EXPECT_EQ(points.points(), 11);
        const std::vector<Matrix> U = {half * half.transpose(), Matrix::Identity(6, 6)};
        const Matrix cross = points.cross(U);
        const Matrix own = points.own(U);
        for (Index i = 0; i < 2; ++i) {
            const Predictor predictor(kernels, problem.targets(), 0.3, U[static_cast<std::size_t>(i)]);
            const Vector variance = predictor.variance(cross.col(i).reshaped(9, 11), own.col(i));
            EXPECT_LT((predictor.predict(test).variance - variance).cwiseAbs().maxCoeff(), 1e-11);
        }
    }
}

TEST(Predictor, MeanAloneIsTheSame) {
    for (const Index outputs : {1, 3}) {
        const RandomProblem problem{9, 5, uneven_architecture({2, 2}, outputs)};
        const PathKernels kernels = problem.kernels();
        const Matrix half = normal_matrix(4 * outputs, 4 * outputs, 3);
        const Matrix test = normal_matrix(11, problem.input_width * 4, 5);
        const Predictor predictor(kernels, problem.targets(), 0.3, half * half.transpose());
        EXPECT_LT((predictor.predict(test).mean - predictor.mean(test)).cwiseAbs().maxCoeff(), 1e-10);
    }
}

TEST(Predictor, TrainingPointsArePredictedAlikeEitherWay) {
    const RandomProblem problem{9, 5, uneven_architecture({2, 2}, 2)};
    const PathKernels kernels = problem.kernels();
    const Predictor predictor(kernels, problem.targets(), 0.3, Matrix::Identity(8, 8));
    const Prediction direct = predictor.predict(problem.features());
    const Prediction shortcut = predictor.predict_training();
    EXPECT_LT((direct.mean - shortcut.mean).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_LT((direct.variance - shortcut.variance).cwiseAbs().maxCoeff(), 1e-10);
}

TEST(Predictor, HighTemperaturePredictsZero) {
    const RandomProblem problem{9, 5, uneven_architecture({2, 2}, 1)};
    const PathKernels kernels = problem.kernels();
    const Prediction prediction =
        Predictor(kernels, problem.targets(), 1e12, Matrix::Identity(4, 4)).predict(problem.features());
    EXPECT_LT(prediction.mean.cwiseAbs().maxCoeff(), 1e-9);
}

TEST(Predictor, AgreesWithTheAuthorsCode) {
    const ReferenceTask task;
    for (const std::string group : {"N10", "N100", "N1000", "probe0"}) {
        const PathKernels kernels = task.kernels();
        const Predictor predictor(kernels, task.targets("train"), 0.01,
                                  task.matrix("/reference/" + group + "/U_1"));
        const Prediction prediction = predictor.predict(task.features("test"));
        EXPECT_LT(
            (prediction.mean - task.vector("/reference/" + group + "/predictor_mean")).cwiseAbs().maxCoeff(),
            1e-6);
        EXPECT_LT((prediction.variance - task.vector("/reference/" + group + "/predictor_var"))
                      .cwiseAbs()
                      .maxCoeff(),
                  1e-6);
    }
}

TEST(PredictionQuality, CountsAnExactZeroAsWrong) {
    Prediction prediction{Matrix(4, 1), Matrix::Constant(4, 1, 0.5)};
    prediction.mean << 0.2, 0, -0.1, 3;
    Matrix y(4, 1);
    y << 1, 1, -1, -1;
    const PredictionQuality quality = prediction_quality(prediction, y, true);
    EXPECT_EQ(quality.accuracy, 0.5);
    EXPECT_NEAR(quality.bias, (0.64 + 1 + 0.81 + 16) / 4, 1e-14);
    EXPECT_EQ(quality.variance, 0.5);
    EXPECT_EQ(quality.mse, quality.bias + quality.variance);
    EXPECT_TRUE(std::isnan(prediction_quality(prediction, y, false).accuracy));
}

TEST(PredictionQuality, TakesTheArgMaxOfSeveralOutputs) {
    Prediction prediction{Matrix(2, 3), Matrix::Zero(2, 3)};
    prediction.mean << 0.1, 0.5, 0.2, 0.9, 0.1, 0.3;
    Matrix y(2, 3);
    y << 0, 1, 0, 0, 0, 1;
    EXPECT_EQ(prediction_quality(prediction, y, true).accuracy, 0.5);
}

}  // namespace
}  // namespace attnpaths
