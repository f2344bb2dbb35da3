#include "theory/natural_action.hpp"

#include "theory/action.hpp"
#include "theory/random_problem.hpp"
#include "theory/saddle_point.hpp"

#include <Eigen/LU>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;

class NaturalActionDerivatives : public ::testing::TestWithParam<Index> {};

INSTANTIATE_TEST_SUITE_P(Outputs, NaturalActionDerivatives, ::testing::Values(1, 3));

std::vector<std::vector<Index>> head_counts() {
    return {{1}, {4}, {2, 3}, {3, 1, 2}};
}

/// The action's differences are those of Action, its derivatives those along `move`, for all depths.
TEST_P(NaturalActionDerivatives, MatchFiniteDifferences) {
    for (const std::vector<Index>& heads : head_counts()) {
        const RandomProblem problem{6, 4, uneven_architecture(heads, GetParam())};
        const PathKernels kernels = problem.kernels();
        DataTerm data_term(kernels, problem.targets(), 0.3);
        Action action(problem.architecture, data_term);
        const NaturalAction natural(action.coordinates(), data_term, action.largest_width());
        const Index size = action.coordinates().size();
        const Vector x = 0.3 * normal_matrix(size, 1, 11);
        Vector gradient;
        Vector unused;
        const double value = natural.value_and_gradient(x, gradient);
        const Matrix hessian = natural.hessian(x);
        const double constant = action.value_and_gradient(x, unused) - value;
        const auto at = [&](const Vector& eta) {
            return natural.value_and_gradient(natural.move(x, eta), unused);
        };
        for (std::uint64_t direction = 0; direction < 8; ++direction) {
            const Vector eta = normal_matrix(size, 1, 20 + direction);
            const Vector y = natural.move(x, eta / 10);
            EXPECT_NEAR(action.value_and_gradient(y, unused) - natural.value_and_gradient(y, unused),
                        constant, 1e-12 * std::abs(value));
            const double slope_step = 1e-5;
            EXPECT_NEAR(gradient.dot(eta), (at(slope_step * eta) - at(-slope_step * eta)) / (2 * slope_step),
                        1e-6 * gradient.cwiseAbs().dot(eta.cwiseAbs()));
            const double step = 1e-3;
            EXPECT_NEAR(eta.dot(hessian * eta),
                        (at(step * eta) - 2 * value + at(-step * eta)) / (step * step),
                        1e-5 * eta.cwiseAbs().dot(hessian.cwiseAbs() * eta.cwiseAbs()));
        }
    }
}

/// The data term in units of U, from the triangle of the features, against the assembled kernel.
TEST_P(NaturalActionDerivatives, AgreeWithTheAssembledKernel) {
    const RandomProblem problem{6, 4, uneven_architecture({2, 2}, GetParam())};
    const PathKernels kernels = problem.kernels();
    DataTerm data_term(kernels, problem.targets(), 0.3);
    const Index size = 4 * GetParam();
    const Matrix A = Matrix::Identity(size, size) + 0.3 * normal_matrix(size, size, 3);
    const RelativeDataTerm relative = data_term.relative(A);
    Matrix gradient;
    EXPECT_NEAR(data_term.varying_value_and_gradient(A * A.transpose(), gradient), relative.value(),
                1e-11 * std::abs(relative.value()));
    EXPECT_LT((A.transpose() * gradient * A - relative.gradient()).norm(),
              1e-11 * relative.gradient().norm());
}

TEST(NaturalAction, InverseHessianIsThatOfTheUnknowns) {
    const RandomProblem problem{6, 4, uneven_architecture({2, 2}, 1)};
    const PathKernels kernels = problem.kernels();
    DataTerm data_term(kernels, problem.targets(), 0.3);
    Action action(problem.architecture, data_term);
    const NaturalAction natural(action.coordinates(), data_term, action.largest_width());
    const Vector x = solve_saddle_point(problem.architecture, data_term, {}).unknowns;
    const Matrix inverse = natural.inverse_hessian_in_unknowns(x, natural.hessian(x));
    const Matrix expected = action.hessian(x).inverse();
    EXPECT_LT((inverse - expected).norm(), 1e-7 * expected.norm());
}

}  // namespace
}  // namespace attnpaths
