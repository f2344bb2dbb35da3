#include "sampling/order_parameter_target.hpp"

#include "sampling/chain_ensemble.hpp"
#include "sampling/lower_triangle.hpp"
#include "theory/random_problem.hpp"
#include "theory/saddle_point.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::RandomProblem;

/// The saddle point and draws of the posterior around it.
struct Sampled {
    SaddlePoint saddle;
    SampleSummary sample;
};

Sampled sample_around_saddle_point(const RandomProblem& problem, double temperature,
                                   const SamplingOptions& options) {
    const PathKernels kernels = problem.kernels();
    DataTerm data_term(kernels, problem.targets(), temperature);
    SaddlePoint saddle = solve_saddle_point(problem.architecture, data_term, {});
    OrderParameterPosterior posterior(problem.architecture, &data_term);
    const NormalScale scale = saddle_point_scale(problem.architecture, data_term, saddle.unknowns);
    const SamplingTarget target = order_parameter_target(posterior, scale);
    SampleSummary sample = ChainEnsemble(target, 5, "order-parameter", options).run([] {});
    return {std::move(saddle), std::move(sample)};
}

/// As the width grows the posterior mean of U tends to the saddle point.
TEST(OrderParameterTarget, WideNetworksSampleTheSaddlePoint) {
    double distance_before = 0;
    for (const double width : {100.0, 10000.0}) {
        SamplingOptions options;
        options.target_ess = 2000;
        const auto [saddle, sample] =
            sample_around_saddle_point({12, 4, even_architecture({2, 2}, width)}, 0.2, options);
        EXPECT_TRUE(sample.converged);
        EXPECT_LT(sample.rhat, 1.01);
        EXPECT_GE(sample.ess, 2000);
        EXPECT_EQ(sample.divergences, 0);
        const Vector theory = lower_triangle(saddle.order_parameters.U[0]);
        const double distance = (sample.mean - theory).cwiseAbs().maxCoeff();
        const double noise = sample.mcse.maxCoeff();
        if (distance_before > 0) {
            EXPECT_LT(distance, std::max(distance_before / 10, 4 * noise));
        }
        distance_before = distance;
    }
}

/// At N = n the last diagonal element of U's factor has one degree of freedom: steps as long as those of wide
/// networks diverge in its tail.
TEST(OrderParameterTarget, NetworksAsWideAsTheirPathsDoNotDiverge) {
    SamplingOptions options;
    options.draws = options.max_draws = 4000;
    const SampleSummary sample =
        sample_around_saddle_point({24, 8, even_architecture({2, 2}, 4)}, 0.02, options).sample;
    EXPECT_LT(sample.divergences, 4);
    EXPECT_LT(sample.rhat, 1.01);
}

}  // namespace
}  // namespace attnpaths
