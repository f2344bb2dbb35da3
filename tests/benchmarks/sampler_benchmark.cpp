// Speed of the samplers, one thread: effective draws per second, the two samplers against each other, and
// shares of the rate of this machine's matrix product in the same run.

#include "base/numerics.hpp"
#include "sampling/chain_ensemble.hpp"
#include "sampling/order_parameter_target.hpp"
#include "theory/reference_task.hpp"
#include "theory/random_problem.hpp"
#include "theory/saddle_point.hpp"

#include <fmt/format.h>

#include <chrono>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::ReferenceTask;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Effective draws of the order-parameter sampler: a chain after its warm-up, and with the warm-up counted.
void order_parameter_sampler() {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    const Matrix y = task.targets("train");
    fmt::print("order-parameter sampler, P = 100, 4 paths, T = 0.01; effective draws: least over the elements of U\n");
    fmt::print("{:>6} {:>7} {:>9} {:>12} {:>12} {:>12} {:>11} {:>11} {:>7}\n", "N", "draws", "us/gradient", "gradients/draw",
               "ESS/draw", "ESS/s", "ESS/s + warm-up", "ms/ESS", "R-hat");
    for (const double width : {10., 100., 1000., 10000.}) {
        const Architecture architecture = even_architecture({2, 2}, width);
        Energy energy(kernels, y, 0.01);
        const SaddlePoint saddle = solve_saddle_point(architecture, energy, {});
        Action action(architecture, energy);
        OrderParameterPosterior posterior(architecture, &energy);
        const NormalScale scale(saddle.unknowns, action.hessian(saddle.unknowns) * (width / 2));
        const SamplingTarget target = order_parameter_target(posterior, scale);
        SamplingOptions options;
        options.target_ess = 1e9;
        options.max_draws = options.draws = 2000;
        ChainEnsemble ensemble(target, 1, "order-parameter", options);
        const double start = now();
        double warm = 0;
        std::int64_t leapfrogs = 0;
        for (int chain = 0; chain < ensemble.size(); ++chain) {
            const double begin = now();
            double first = 0;
            ensemble.advance(chain, [&] {
                if (first == 0) first = now();
            });
            warm += now() - begin;
            leapfrogs += ensemble.chain(chain).leapfrogs();
        }
        const double total = now() - start;
        const SampleSummary summary = ensemble.summarise();
        const double per_gradient = total / static_cast<double>(summary.gradient_evaluations);
        const double sampling = per_gradient * static_cast<double>(leapfrogs);
        const double draws = 4.0 * options.draws;
        fmt::print("{:>6} {:>7} {:>9.1f} {:>12.2f} {:>12.3f} {:>12.0f} {:>11.0f} {:>11.3f} {:>7.4f} logp-inclusive ESS {:.0f} div {} step {:.2f}\n", width, draws,
                   1e6 * per_gradient, static_cast<double>(leapfrogs) / draws, summary.tracked_ess / draws,
                   summary.tracked_ess / sampling, summary.tracked_ess / total, 1e3 * sampling / summary.tracked_ess,
                   summary.rhat, summary.ess, summary.divergences, summary.step_size);
    }
}

}  // namespace
}  // namespace attnpaths

int main() {
    attnpaths::order_parameter_sampler();
}
