// Independent draws against the no-U-turn sampler, one thread, in the same run: effective draws per second of
// the exact posterior over the order parameters, warm-up and mode aside, and their ratio. Effective draws are
// the least bulk effective sample size over the elements of U_1 of chains, and the effective sample size of
// the weights. usage: independent_benchmark [DATASET.h5 [CHAIN-DRAWS]] Without words the paper's 4-path task,
// P = 100, T = 0.01; with them all training examples of a data set file and all of its heads, at N = 100 (T =
// 0.25) and 1000 (T = 0.05).

#include "base/numerics.hpp"
#include "datasets/dataset_file.hpp"
#include "sampling/chain_ensemble.hpp"
#include "sampling/importance_weights.hpp"
#include "sampling/independent_draws.hpp"
#include "sampling/order_parameter_target.hpp"
#include "sampling/pareto_tail.hpp"
#include "theory/problem.hpp"
#include "theory/random_problem.hpp"
#include "theory/saddle_point.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace attnpaths {
namespace {

using testing::even_architecture;

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Task {
    std::shared_ptr<const Dataset> dataset;
    std::vector<Index> heads;
    int chain_draws;  ///< per chain
};

struct Rate {
    double per_second;  ///< effective draws
    double share;       ///< of draws that are effective
};

/// Enough draws for a second.
Rate independent_rate(const Architecture& architecture, DataTerm& data_term, const Vector& start,
                      double& shape, double& draws_per_second) {
    const IndependentDraws draws(architecture, data_term, start, 1, proposal_widening(architecture));
    std::vector<double> weights;
    const double begin = now();
    double seconds = 0;
    for (std::uint64_t block = 0; seconds < 1 || weights.size() < 1024; ++block) {
        const Vector of_block = draws.log_weights(draws.block(block));
        weights.insert(weights.end(), of_block.begin(), of_block.end());
        seconds = now() - begin;
    }
    const Vector all = Eigen::Map<const Vector>(weights.data(), static_cast<Index>(weights.size()));
    shape = pareto_shape(all);
    draws_per_second = static_cast<double>(weights.size()) / seconds;
    const double effective = effective_draws(all);
    return {effective / seconds, effective / static_cast<double>(weights.size())};
}

Rate chain_rate(const Architecture& architecture, DataTerm& data_term, const Vector& unknowns, int draws) {
    OrderParameterPosterior posterior(architecture, &data_term);
    const NormalScale scale = saddle_point_scale(architecture, data_term, unknowns);
    SamplingTarget target = order_parameter_target(posterior, scale);
    SamplingOptions options;
    options.draws = options.max_draws = draws;
    target.nuts.warmup = std::min(target.nuts.warmup, draws);
    ChainEnsemble ensemble(target, 1, "benchmark", options);
    const SampleSummary summary = ensemble.run([] {});
    std::int64_t leapfrogs = 0;
    for (int chain = 0; chain < ensemble.size(); ++chain) leapfrogs += ensemble.chain(chain).leapfrogs();
    const double seconds =
        summary.seconds * static_cast<double>(leapfrogs) / static_cast<double>(summary.gradient_evaluations);
    return {summary.tracked_ess / seconds, summary.tracked_ess / (4.0 * draws)};
}

void compare(const Task& task, double width, double temperature) {
    const Architecture architecture = even_architecture(task.heads, width);
    const auto training = std::make_shared<TrainingKernels>(
        std::make_shared<PathData>(task.dataset, task.heads),
        static_cast<Index>(task.dataset->train.y.rows()), 1, KernelStorage::kernels, "the benchmark");
    const Problem problem(architecture, temperature, training);
    DataTerm data_term = problem.data_term();
    const Vector unknowns = solve_saddle_point(architecture, data_term, {}).unknowns;
    double shape = 0;
    double draws = 0;
    const Rate independent = independent_rate(architecture, data_term, unknowns, shape, draws);
    fmt::print("{:>6} {:>6} {:>10.1f} {:>9.3f} {:>6.2f} {:>12.2f}", width, temperature, draws,
               independent.share, shape, independent.per_second);
    static_cast<void>(std::fflush(stdout));
    const Rate chains = chain_rate(architecture, data_term, unknowns, task.chain_draws);
    fmt::print(" {:>10.2f} {:>9.3f} {:>8.1f}\n", chains.per_second, chains.share,
               independent.per_second / chains.per_second);
    static_cast<void>(std::fflush(stdout));
}

}  // namespace
}  // namespace attnpaths

int main(int count, char** words) {
    using namespace attnpaths;
    initialise_numerics();
    h5::initialise();
    const bool is_paper = count < 2;
    const std::string path = is_paper ? ATTNPATHS_TEST_DATA "/markov-4paths-small.h5" : words[1];
    const auto dataset = std::make_shared<const Dataset>(read_dataset_file(path));
    const int chain_draws = count > 2 ? std::stoi(words[2]) : (is_paper ? 2000 : 100);
    const Task task{dataset, dataset->heads(), chain_draws};
    fmt::print("{:>6} {:>6} {:>10} {:>9} {:>6} {:>12} {:>10} {:>9} {:>8}\n", "N", "T", "draws/s", "ESS/draw",
               "k", "ESS/s", "NUTS ESS/s", "ESS/draw", "ratio");
    if (is_paper)
        for (const double width : {10., 30., 100., 1000., 10000.}) compare(task, width, 0.01);
    else
        for (const auto& [width, temperature] : {std::pair{100., 0.25}, {1000., 0.05}})
            compare(task, width, temperature);
    return 0;
}
