#include "theory/saddle_point.hpp"

#include "base/error.hpp"
#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::normal_matrix;
using testing::RandomProblem;
using testing::ReferenceTask;
using testing::uneven_architecture;

SaddlePoint solve(const Architecture& architecture, const PathKernels& kernels, const Matrix& y,
                  double temperature, const SaddlePointOptions& options = {}) {
    DataTerm data_term(kernels, y, temperature);
    return solve_saddle_point(architecture, data_term, options);
}

/// The authors' minimiser of the 4-path task (their gradient below 1e-13).
TEST(SaddlePoint, AgreesWithTheAuthorsCode) {
    const ReferenceTask task;
    for (const KernelStorage storage : {KernelStorage::kernels, KernelStorage::features}) {
        const PathKernels kernels = task.kernels(1, storage);
        for (const int width : {10, 100, 1000}) {
            const std::string group = "/reference/N" + std::to_string(width);
            const SaddlePoint saddle =
                solve(even_architecture({2, 2}, width), kernels, task.targets("train"), 0.01);
            EXPECT_NEAR(saddle.action.action, task.attribute(group, "action"), 1e-9);
            EXPECT_NEAR(saddle.action.data_term, task.attribute(group, "energy"), 1e-7);
            EXPECT_NEAR(saddle.action.entropy, task.attribute(group, "entropy"), 1e-7);
            EXPECT_NEAR(saddle.order_parameters.U_a(0, 0), task.attribute(group, "U_a"), 1e-6);
            EXPECT_LT((saddle.order_parameters.U[0] - task.matrix(group + "/U_1")).cwiseAbs().maxCoeff(),
                      1e-6);
            EXPECT_LT((saddle.order_parameters.U[1] - task.matrix(group + "/U_2")).cwiseAbs().maxCoeff(),
                      1e-6);
            EXPECT_LE(saddle.gradient.norm_U, 1e-10);
            EXPECT_GT(saddle.hessian_min, 0);
        }
    }
}

/// Every certificate holds, for any shape; the two starts agree.
TEST(SaddlePoint, CertificatesHoldForAnyArchitecture) {
    for (const Index outputs : {1, 3}) {
        for (const std::vector<Index>& heads :
             std::vector<std::vector<Index>>{{1}, {4}, {2, 3}, {3, 1, 2}, {2, 1, 2, 2}}) {
            const RandomProblem problem{12, 4, uneven_architecture(heads, outputs)};
            SaddlePointOptions options;
            options.second_start = true;
            const PathKernels kernels = problem.kernels();
            const SaddlePoint saddle = solve(problem.architecture, kernels, problem.targets(), 0.2, options);
            EXPECT_LE(saddle.gradient.norm_U, 1e-10);
            EXPECT_LE(saddle.gradient_norm, 1e-8);
            EXPECT_GT(saddle.hessian_min, 0);
            EXPECT_LT(saddle.second_start_difference,
                      1e-7 * saddle.order_parameters.U.front().cwiseAbs().maxCoeff());
        }
    }
}

/// Conjugate gradients and Davidson's method where a Hessian would be too large: the same point, as well
/// certified.
TEST(SaddlePoint, ManyPathsNeedNoHessian) {
    for (const Index outputs : {1, 2}) {
        for (const std::vector<Index>& heads : std::vector<std::vector<Index>>{{1}, {2, 3}, {3, 1, 2}}) {
            const RandomProblem problem{12, 4, uneven_architecture(heads, outputs)};
            const PathKernels kernels = problem.kernels();
            const SaddlePoint dense = solve(problem.architecture, kernels, problem.targets(), 0.2);
            SaddlePointOptions options;
            options.most_dense_unknowns = 0;
            const SaddlePoint many = solve(problem.architecture, kernels, problem.targets(), 0.2, options);
            EXPECT_TRUE(many.is_certified);
            EXPECT_EQ(many.hessians, 0);
            EXPECT_GT(many.hessian_products, 0);
            EXPECT_LT((many.order_parameters.U[0] - dense.order_parameters.U[0]).cwiseAbs().maxCoeff(), 1e-8);
            EXPECT_NEAR(many.action.action, dense.action.action, 1e-12 * std::abs(dense.action.action));
            // An eigenvalue lies within; none is below the smallest.
            EXPECT_GE(many.hessian_min, dense.hessian_min * (1 - 1e-6));
            EXPECT_LE(many.hessian_min - many.hessian_min_error, dense.hessian_min * 1.1);
        }
    }
}

TEST(SaddlePoint, ExtremeWidthsStayInTheCone) {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    for (const double width : {3.0, 1e6}) {
        const SaddlePoint saddle =
            solve(even_architecture({2, 2}, width), kernels, task.targets("train"), 0.01);
        EXPECT_LE(saddle.gradient.norm_U, 1e-10);
        EXPECT_GT(
            Matrix(saddle.order_parameters.U[0]).selfadjointView<Eigen::Lower>().eigenvalues().minCoeff(), 0);
    }
}

/// N -> infinity at fixed P: U tends to the Gaussian-process value, as 1/N.
TEST(SaddlePoint, LargeWidthIsTheGaussianProcess) {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    const auto distance = [&](double width) {
        const SaddlePoint saddle =
            solve(even_architecture({2, 2}, width), kernels, task.targets("train"), 0.01);
        return (saddle.order_parameters.U[0] - Matrix::Identity(4, 4)).norm();
    };
    const double near = distance(1e5);
    EXPECT_LT(near, 1e-2);
    EXPECT_NEAR(distance(1e6) / near, 0.1, 0.01);
}

/// T -> infinity: the data say nothing, U is the prior mean.
TEST(SaddlePoint, HighTemperatureIsThePrior) {
    const RandomProblem problem{12, 4, uneven_architecture({2, 3}, 1)};
    const PathKernels kernels = problem.kernels();
    const SaddlePoint saddle = solve(problem.architecture, kernels, problem.targets(), 1e9);
    const OrderParameters prior = gaussian_process_order_parameters(problem.architecture);
    EXPECT_LT((saddle.order_parameters.U[0] - prior.U[0]).norm(), 1e-6);
}

/// Identical heads are exchangeable: U does not change when they are permuted.
TEST(SaddlePoint, IdenticalHeadsAreExchangeable) {
    RandomProblem problem{12, 4, uneven_architecture({3}, 1)};
    const Matrix one = problem.features();
    Matrix features = one;
    features.middleCols(8, 4) = one.middleCols(4, 4);  // heads 2 and 3 attend alike
    const PathKernels kernels(features, 3, 1, 0.1, KernelStorage::kernels);
    const Matrix U = solve(problem.architecture, kernels, problem.targets(), 0.2).order_parameters.U[0];
    EXPECT_NEAR(U(1, 1), U(2, 2), 1e-9);
    EXPECT_NEAR(U(0, 1), U(0, 2), 1e-9);
}

/// One path: a deep linear network. All order parameters are numbers, and stationarity in each gives
/// 1 - U_l/(sigma_l^2 U_{l+1}) = U_1 E'(U_1) / N_l for every layer and the readout.
TEST(SaddlePoint, OnePathIsTheDeepLinearNetwork) {
    const RandomProblem problem{12, 4, uneven_architecture({1, 1, 1}, 1)};
    const PathKernels kernels = problem.kernels();
    const SaddlePoint saddle = solve(problem.architecture, kernels, problem.targets(), 0.2);
    DataTerm data_term(kernels, problem.targets(), 0.2);
    Matrix derivative;
    data_term.value_and_gradient(saddle.order_parameters.U[0], derivative);
    const double force = saddle.order_parameters.U[0](0, 0) * derivative(0, 0);
    for (std::size_t l = 0; l < 3; ++l) {
        const double above =
            l + 1 < 3 ? saddle.order_parameters.U[l + 1](0, 0) : saddle.order_parameters.U_a(0, 0);
        const double ratio =
            saddle.order_parameters.U[l](0, 0) / (problem.architecture.variances.layers[l] * above);
        EXPECT_NEAR(1 - ratio, force / problem.architecture.widths[l], 1e-9);
    }
    const double readout_ratio = saddle.order_parameters.U_a(0, 0) / problem.architecture.variances.readout;
    EXPECT_NEAR(1 - readout_ratio, force / problem.architecture.readout_width, 1e-9);
}

/// Weak and strongly collinear features at low temperature: U grows to thousands and K + T I becomes
/// ill-conditioned; the tolerance is met all the same.
TEST(SaddlePoint, IllConditionedProblemsMeetTheTolerance) {
    Architecture architecture = even_architecture({4, 4}, 10);
    const Index P = 120;
    const Index N0 = 30;
    const Matrix common = normal_matrix(P, N0, 21);
    Matrix features(P, N0 * 16);
    for (Index path = 0; path < 16; ++path)
        features.middleCols(path * N0, N0) =
            common + 0.02 * normal_matrix(P, N0, 22 + static_cast<std::uint64_t>(path));
    const Matrix y = normal_matrix(P, 1, 50).cwiseSign();
    const PathKernels kernels(features, 16, 1, 1e-6 / (16 * N0), KernelStorage::kernels);
    for (const double temperature : {0.001, 0.0001}) {
        const SaddlePoint saddle = solve(architecture, kernels, y, temperature);
        EXPECT_LE(saddle.gradient.norm_U, 1e-10) << temperature;
        EXPECT_GT(saddle.order_parameters.U[0].cwiseAbs().maxCoeff(), 1000) << temperature;
    }
}

TEST(SaddlePoint, PollMayGiveUp) {
    struct GivenUp {};
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    SaddlePointOptions options;
    int calls = 0;
    options.poll = [&] {
        if (++calls == 5) throw GivenUp();
    };
    EXPECT_THROW(solve(even_architecture({2, 2}, 10), kernels, task.targets("train"), 0.01, options),
                 GivenUp);
}

TEST(SaddlePoint, SaysWhatItReachedWhenTheToleranceIsOutOfReach) {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    SaddlePointOptions options;
    options.tolerance = 1e-18;
    const SaddlePoint saddle =
        solve(even_architecture({2, 2}, 10), kernels, task.targets("train"), 0.01, options);
    EXPECT_FALSE(saddle.is_certified);
    EXPECT_LT(saddle.gradient.norm_U, 1e-11);
    EXPECT_GT(saddle.gradient.bound_U, 0);
    options.tolerance = 1e-10;
    EXPECT_TRUE(
        solve(even_architecture({2, 2}, 10), kernels, task.targets("train"), 0.01, options).is_certified);
}

}  // namespace
}  // namespace attnpaths
