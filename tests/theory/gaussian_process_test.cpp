#include "theory/gaussian_process.hpp"

#include "base/error.hpp"
#include "theory/data_term.hpp"
#include "theory/evidence.hpp"
#include "theory/kernel_alignment.hpp"
#include "theory/order_parameters.hpp"
#include "theory/random_problem.hpp"

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include <cmath>

// Laws: what one eigendecomposition gives at any temperature is what a factorisation at that temperature
// gives.
namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;

struct ProcessCase {
    explicit ProcessCase(Index outputs) : problem{12, 5, uneven_architecture({2, 2}, outputs)} {}

    [[nodiscard]] double variance() const { return gaussian_process_variance(problem.architecture); }
    [[nodiscard]] Matrix U() const {
        return gaussian_process_order_parameters(problem.architecture).U.front();
    }
    [[nodiscard]] GaussianProcess process() const {
        return {std::make_shared<const Matrix>(problem.features()), problem.targets(), kernels.prefactor()};
    }

    RandomProblem problem;
    PathKernels kernels = problem.kernels();
};

double difference(const Matrix& a, const Matrix& b) {
    return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

TEST(GaussianProcess, HasTheVarianceOfItsOrderParameter) {
    const ProcessCase one(2);
    EXPECT_LT(difference(one.variance() * Matrix::Identity(8, 8), one.U()), 1e-15);
}

TEST(GaussianProcess, PredictsAsAFactorisationAtEveryTemperature) {
    for (const Index outputs : {1, 3}) {
        const ProcessCase one(outputs);
        const GaussianProcess process = one.process();
        const Matrix test = normal_matrix(700, one.problem.features().cols(), 5);
        const GaussianProcess::Points points = process.points(test);
        for (double T = 1e-8; T <= 1e6; T *= 10) {
            const Predictor predictor(one.kernels, one.problem.targets(), T, one.U());
            const Prediction direct = predictor.predict(test);
            const Prediction prediction = process.predict(points, T, one.variance());
            EXPECT_LT(difference(prediction.mean, direct.mean), 1e-12) << "D = " << outputs << ", T = " << T;
            EXPECT_LT(difference(prediction.variance, direct.variance), 1e-12)
                << "D = " << outputs << ", T = " << T;
        }
    }
}

TEST(GaussianProcess, PredictsTrainingExamplesAsAnyOthers) {
    const ProcessCase one(2);
    const GaussianProcess process = one.process();
    const GaussianProcess::Points points = process.points(one.problem.features());
    for (double T = 1e-6; T <= 1e6; T *= 100) {
        const Prediction direct = process.predict(points, T, one.variance());
        const Prediction training = process.predict_training(T, one.variance());
        EXPECT_LT(difference(training.mean, direct.mean), 1e-12) << T;
        // k** - k'(K+TI)^{-1}k loses what T is below k**.
        EXPECT_LT((training.variance - direct.variance).cwiseAbs().maxCoeff(), 1e-12) << T;
    }
}

TEST(GaussianProcess, HasTheEnergyAtEveryTemperature) {
    for (const Index outputs : {1, 3}) {
        const ProcessCase one(outputs);
        const GaussianProcess process = one.process();
        Matrix gradient;
        for (double T = 1e-8; T <= 1e6; T *= 10) {
            const double E =
                DataTerm(one.kernels, one.problem.targets(), T).value_and_gradient(one.U(), gradient);
            EXPECT_NEAR(process.data_term(T, one.variance()), E, 1e-11 * std::abs(E)) << T;
        }
    }
}

TEST(GaussianProcess, EigenvaluesAndTargetsHaveTraceAndPower) {
    const ProcessCase one(3);
    const GaussianProcess process = one.process();
    const double trace = one.kernels.prefactor() * one.problem.features().squaredNorm();
    EXPECT_NEAR(process.eigenvalues().sum(), trace, 1e-13 * trace);
    EXPECT_NEAR(process.targets().squaredNorm(), one.problem.targets().squaredNorm(), 1e-12);
    for (Index k = 1; k < 12; ++k) EXPECT_GE(process.eigenvalues()(k - 1), process.eigenvalues()(k));
}

/// Eigenvalues of several outputs are degenerate: only sums over the outputs do not depend on the basis.
TEST(GaussianProcess, AlignmentIsThatOfTheWholeKernel) {
    for (const Index outputs : {1, 3}) {
        const ProcessCase one(outputs);
        Matrix kernel;
        one.kernels.assemble(one.U(), kernel);
        const double power = one.problem.targets().squaredNorm();
        const KernelAlignment whole =
            kernel_alignment(kernel, stacked_targets(one.problem.targets()), 100, 12, power);
        const KernelAlignment alignment = kernel_alignment(one.process(), one.variance(), 100, 12, power);
        ASSERT_EQ(alignment.eigenvalues.size(), 12 * outputs);
        EXPECT_LT(difference(alignment.eigenvalues, whole.eigenvalues), 1e-13);
        for (Index k = outputs - 1; k < 12 * outputs; k += outputs) {
            EXPECT_NEAR(alignment.cumulative_power(k), whole.cumulative_power(k), 1e-12) << k;
            EXPECT_NEAR(alignment.overlaps.segment(k - outputs + 1, outputs).squaredNorm(),
                        whole.overlaps.segment(k - outputs + 1, outputs).squaredNorm(), 1e-12)
                << k;
        }
    }
}

/// Which basis the outputs have is a choice that the spectrum does not show.
TEST(GaussianProcess, AlignmentIsThatOfTurnedOutputs) {
    const ProcessCase one(3);
    Matrix turn = Eigen::AngleAxisd(0.7, Eigen::Vector3d(1, 2, -1).normalized()).toRotationMatrix();
    const GaussianProcess turned(one.problem.features(), one.problem.targets() * turn,
                                 one.kernels.prefactor());
    const KernelAlignment alignment = kernel_alignment(one.process(), 1, 100, 12, 1);
    const KernelAlignment same = kernel_alignment(turned, 1, 100, 12, 1);
    EXPECT_LT(difference(alignment.overlaps, same.overlaps), 1e-13);
    EXPECT_LT(difference(alignment.cumulative_power, same.cumulative_power), 1e-13);
    EXPECT_EQ(alignment.overlaps(3), alignment.overlaps(5));
}

TEST(GaussianProcess, SaysWhereThereIsNone) {
    const ProcessCase one(1);
    const GaussianProcess process = one.process();
    EXPECT_THROW(static_cast<void>(process.data_term(-1e3, 1)), NumericalError);
    EXPECT_THROW(static_cast<void>(process.data_term(std::nan(""), 1)), NumericalError);
}

}  // namespace
}  // namespace attnpaths
