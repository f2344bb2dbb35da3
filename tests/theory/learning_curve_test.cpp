#include "theory/learning_curve.hpp"

#include "theory/lapack.hpp"
#include "theory/predictor.hpp"
#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"
#include "theory/saddle_point.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::normal_matrix;
using testing::RandomProblem;
using testing::ReferenceTask;
using testing::uneven_architecture;

LearningCurve curve_of(Matrix kernel, const Matrix& y, double temperature, Index outputs = 1) {
    const Vector eigenvalues = lapack::symmetric_eigenvalues(kernel, true);
    const Vector targets = y.reshaped();
    return {eigenvalues, (kernel.transpose() * targets).cwiseAbs2(), 0, 0, outputs, temperature};
}

/// Figures of an independent implementation in numpy.
TEST(LearningCurve, AgreesWithFiguresOfAnotherImplementation) {
    struct Reference {
        double width, gcv_bias, gcv_variance, loo_bias, loo_variance, ridge, bias, variance;
    };
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    const Matrix y = task.targets("train");
    for (const Reference& reference : {Reference{10, 0.2653436715, 0.2171722716, 0.2623935783, 0.2366727191,
                                                 0.2818334125, 0.2675743583, 0.2618334125},
                                       Reference{100, 0.4508976982, 0.2852240669, 0.4104806018, 0.3539514037,
                                                 0.4060077509, 0.5462013125, 0.3860077509},
                                       Reference{1000, 0.5348708426, 0.2203211631, 0.532668154, 0.2932409409,
                                                 0.338199579, 0.752042776, 0.318199579}}) {
        DataTerm data_term(kernels, y, 0.01);
        const Matrix U = solve_saddle_point(even_architecture({2, 2}, reference.width), data_term, {})
                             .order_parameters.U.front();
        Matrix kernel;
        kernels.assemble(U, kernel);
        kernel = kernel.selfadjointView<Eigen::Lower>();
        const LearningCurve curve = curve_of(kernel, y, 0.01);
        EXPECT_NEAR(curve.at(100).bias, reference.gcv_bias, 1e-8);
        EXPECT_NEAR(curve.at(100).variance, reference.gcv_variance, 1e-8);
        EXPECT_NEAR(curve.at(50).ridge, reference.ridge, 1e-8);
        EXPECT_NEAR(curve.at(50).bias, reference.bias, 1e-8);
        EXPECT_NEAR(curve.at(50).variance, reference.variance, 1e-8);
        const Matrix inverse = (kernel + 0.01 * Matrix::Identity(100, 100)).inverse();
        const ErrorEstimate loo = leave_one_out(inverse, inverse * y, 1, 0.01);
        EXPECT_NEAR(loo.bias, reference.loo_bias, 1e-8);
        EXPECT_NEAR(loo.variance, reference.loo_variance, 1e-8);
    }
}

/// Leaving an example out for real, solving again and predicting it.
TEST(LearningCurve, LeaveOneOutIsSolvingWithoutTheExample) {
    for (const Index outputs : {1, 3}) {
        const RandomProblem problem{8, 4, uneven_architecture({2}, outputs)};
        const PathKernels kernels = problem.kernels();
        const Matrix features = problem.features();
        const Matrix y = problem.targets();
        const Index size = 2 * outputs;
        const Matrix root = normal_matrix(size, size, 3);
        const Matrix U = root * root.transpose();
        ErrorEstimate expected;
        for (Index left = 0; left < 8; ++left) {
            std::vector<Index> kept;
            for (Index i = 0; i < 8; ++i)
                if (i != left) kept.push_back(i);
            const PathKernels fewer(features(kept, Eigen::all), 2, outputs, kernels.prefactor(),
                                    KernelStorage::features);
            const Prediction prediction =
                Predictor(fewer, y(kept, Eigen::all), 0.2, U).predict(features.row(left));
            expected.bias += (y.row(left) - prediction.mean).squaredNorm() / 8;
            expected.variance += prediction.variance.sum() / 8;
        }
        Matrix kernel;
        kernels.assemble(U, kernel);
        kernel = kernel.selfadjointView<Eigen::Lower>();
        kernel.diagonal().array() += 0.2;
        const Matrix inverse = kernel.inverse();
        const ErrorEstimate loo = leave_one_out(inverse, inverse * y.reshaped(), outputs, 0.2);
        EXPECT_NEAR(loo.bias, expected.bias, 1e-9);
        EXPECT_NEAR(loo.variance, expected.variance, 1e-9);
    }
}

/// Conservation (M - lambda t1) + T t1 = P, padding by rows of zeros, and the ends of the curve.
TEST(LearningCurve, ObeysItsLaws) {
    const Matrix half = normal_matrix(30, 20, 8);
    const Matrix y = normal_matrix(30, 1, 9);
    const Matrix kernel = half * half.transpose() / 20;
    const LearningCurve curve = curve_of(kernel, y, 0.1);
    EXPECT_EQ(curve.at(30).ridge, 0.1);
    double last = 0;
    for (const double examples : {29.0, 20.0, 10.0, 2.0, 0.5}) {
        const LearningCurve::Point point = curve.at(examples);
        EXPECT_GT(point.ridge, last);
        last = point.ridge;
        const Vector s = Eigen::SelfAdjointEigenSolver<Matrix>(kernel).eigenvalues();
        const double t1 = (s.array() + point.ridge).inverse().sum();
        EXPECT_NEAR(30 - point.ridge * t1 + 0.1 * t1, examples, 1e-9);
    }
    // With nothing learnt, the bias is the targets' power and the variance the kernel's mean diagonal.
    EXPECT_NEAR(curve.at(1e-6).bias, y.squaredNorm() / 30, 1e-4);
    EXPECT_NEAR(curve.at(1e-6).variance, kernel.trace() / 30, 1e-4);
    const Eigen::SelfAdjointEigenSolver<Matrix> modes(kernel);
    const Vector powers = (modes.eigenvectors().transpose() * y).cwiseAbs2();
    const LearningCurve padded(modes.eigenvalues().tail(20), powers.tail(20), 10, powers.head(10).sum(), 1,
                               0.1);
    EXPECT_NEAR(padded.at(12).bias, curve.at(12).bias, 1e-9);
    EXPECT_NEAR(padded.at(12).variance, curve.at(12).variance, 1e-9);
}

}  // namespace
}  // namespace attnpaths
