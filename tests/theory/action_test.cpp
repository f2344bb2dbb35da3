#include "theory/action.hpp"

#include "theory/mirror.hpp"
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

std::vector<std::vector<Index>> head_counts() {
    return {{1}, {4}, {2, 3}, {3, 1, 2}, {2, 1, 2, 2}, {1, 1, 1, 1}};
}

class ActionDerivatives : public ::testing::TestWithParam<Index> {};

/// Depth 1 to 4, heads 1 to 4, unequal widths and variances, D outputs.
TEST_P(ActionDerivatives, MatchFiniteDifferences) {
    constexpr double step = 1e-5;
    for (const std::vector<Index>& heads : head_counts()) {
        const RandomProblem problem{6, 4, uneven_architecture(heads, GetParam())};
        const PathKernels kernels = problem.kernels();
        DataTerm data_term(kernels, problem.targets(), 0.3);
        Action action(problem.architecture, data_term);
        const Vector x = 0.3 * normal_matrix(action.coordinates().size(), 1, 11);
        Vector gradient;
        const double value = action.value_and_gradient(x, gradient);
        const Action::Parts parts = action.parts(x);
        EXPECT_NEAR(parts.data_term + parts.entropy, value, 1e-12 * std::abs(value));
        const Matrix hessian = action.hessian(x);
        const double gradient_scale = gradient.cwiseAbs().maxCoeff();
        const double hessian_scale = hessian.cwiseAbs().maxCoeff();
        for (Index i = 0; i < x.size(); ++i) {
            Vector above;
            Vector below;
            const Vector moved = step * Vector::Unit(x.size(), i);
            const double difference =
                (action.value_and_gradient(x + moved, above) - action.value_and_gradient(x - moved, below)) /
                (2 * step);
            EXPECT_NEAR(gradient(i), difference, 2e-8 * gradient_scale) << "unknown " << i;
            EXPECT_LT(((above - below) / (2 * step) - hessian.col(i)).cwiseAbs().maxCoeff(),
                      2e-8 * hessian_scale)
                << "unknown " << i;
        }
    }
}

TEST_P(ActionDerivatives, HessianTimesADirectionNeedsNoHessian) {
    for (const KernelStorage storage : {KernelStorage::features, KernelStorage::kernels})
        for (const std::vector<Index>& heads : head_counts()) {
            const RandomProblem problem{6, 4, uneven_architecture(heads, GetParam()), 1, storage};
            const PathKernels kernels = problem.kernels();
            DataTerm data_term(kernels, problem.targets(), 0.3);
            Action action(problem.architecture, data_term);
            const Vector x = 0.3 * normal_matrix(action.coordinates().size(), 1, 11);
            const Matrix hessian = action.hessian(x);
            const Vector direction = normal_matrix(x.size(), 1, 12);
            EXPECT_LT((action.hessian_times(x, direction) - hessian * direction).norm(),
                      1e-12 * hessian.norm() * direction.norm());
        }
}

INSTANTIATE_TEST_SUITE_P(Outputs, ActionDerivatives, ::testing::Values(1, 3));

/// The entropy in the order parameters themselves (theory section 5, D = 1) and, by finite differences of the
/// whole action in them, the gradient dS/dU that certifies a solution.
double action_of_order_parameters(const Architecture& a, const OrderParameters& u, const PathKernels& kernels,
                                  const Matrix& y, double T) {
    const auto log_det = [](const Matrix& m) { return std::log(m.determinant()); };
    Matrix K;
    kernels.assemble(u.U.front(), K);
    mirror_lower(K);
    K.diagonal().array() += T;
    double S = log_det(K) + (y.transpose() * K.inverse() * y)(0, 0);
    const double ua = u.U_a(0, 0);
    S += a.readout_width * (ua / a.variances.readout - std::log(ua));
    for (std::size_t l = 0; l < a.depth(); ++l) {
        const Matrix above = l + 1 < a.depth() ? u.U[l + 1] : u.U_a;
        Matrix partial_trace = Matrix::Zero(above.rows(), above.cols());
        for (Index start = 0; start < u.U[l].rows(); start += above.rows())
            partial_trace += u.U[l].block(start, start, above.rows(), above.rows());
        S += a.widths[l] * ((above.inverse() * partial_trace).trace() / a.variances.layers[l] -
                            log_det(u.U[l]) + static_cast<double>(a.heads[l]) * log_det(above));
    }
    return S / a.largest_width();
}

TEST(Action, EqualsTheActionOfTheOrderParameters) {
    constexpr double step = 1e-5;
    for (const std::vector<Index>& heads : head_counts()) {
        const RandomProblem problem{6, 4, uneven_architecture(heads, 1)};
        const PathKernels kernels = problem.kernels();
        DataTerm data_term(kernels, problem.targets(), 0.3);
        Action action(problem.architecture, data_term);
        const Vector x = 0.3 * normal_matrix(action.coordinates().size(), 1, 12);
        OrderParameters u = WhitenedCoordinates::order_parameters(action.coordinates().expand(x));
        const auto value = [&] {
            return action_of_order_parameters(problem.architecture, u, kernels, problem.targets(), 0.3);
        };
        EXPECT_NEAR(action.parts(x).action, value(), 1e-10 * std::abs(value()));

        const OrderParameters gradient = action.gradient_in_order_parameters(x);
        const auto check = [&](Matrix& level, const Matrix& derivative) {
            for (Index j = 0; j < level.cols(); ++j) {
                for (Index i = j; i < level.rows(); ++i) {
                    const Matrix kept = level;
                    level(i, j) += step;
                    if (i != j) level(j, i) += step;
                    const double above = value();
                    level = kept;
                    level(i, j) -= step;
                    if (i != j) level(j, i) -= step;
                    const double below = value();
                    level = kept;
                    EXPECT_NEAR((i == j ? 1 : 2) * derivative(i, j), (above - below) / (2 * step),
                                1e-6 * std::max(1.0, derivative.cwiseAbs().maxCoeff()));
                }
            }
        };
        check(u.U_a, gradient.U_a);
        for (std::size_t l = 0; l < u.U.size(); ++l) check(u.U[l], gradient.U[l]);
    }
}

/// Action, its parts and its gradient at the authors' probes, with unequal widths and variances.
TEST(Action, AgreesWithTheAuthorsCodeAtItsProbes) {
    const ReferenceTask task;
    for (const std::string probe : {"/reference/probe0", "/reference/probe1", "/reference/probe2"}) {
        const std::vector<double> widths = task.attributes(probe, "widths");
        const std::vector<double> variances = task.attributes(probe, "variances");
        Architecture architecture;
        architecture.heads = {2, 2};
        architecture.widths = {widths[0], widths[1]};
        architecture.readout_width = widths[2];
        architecture.variances = {variances[0], {variances[1], variances[2]}, variances[3]};
        const PathKernels kernels = task.kernels(variances[0]);
        DataTerm data_term(kernels, task.targets("train"), task.attribute(probe, "temperature"));
        Action action(architecture, data_term);
        const Vector x = action.coordinates().unknowns_of(task.order_parameters(probe));
        const Action::Parts parts = action.parts(x);
        EXPECT_NEAR(parts.action, task.attribute(probe, "action"), 1e-9);
        EXPECT_NEAR(parts.data_term, task.attribute(probe, "energy"), 1e-9);
        EXPECT_NEAR(parts.entropy, task.attribute(probe, "entropy"), 1e-9);
        const OrderParameters gradient = action.gradient_in_order_parameters(x);
        EXPECT_LT((gradient.U[0] - task.matrix(probe + "/grad_U_1")).cwiseAbs().maxCoeff(), 1e-9);
        EXPECT_LT((gradient.U[1] - task.matrix(probe + "/grad_U_2")).cwiseAbs().maxCoeff(), 1e-9);
    }
}

}  // namespace
}  // namespace attnpaths
