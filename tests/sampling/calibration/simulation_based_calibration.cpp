#include "sampling/calibration/simulation_based_calibration.hpp"

#include "sampling/chain_ensemble.hpp"
#include "sampling/diagnostics.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths::testing {

namespace {

/// One chain of production's kind, every `thinning`-th position kept.
struct Run {
    std::vector<Vector> positions;
    int divergences = 0;
};

Run run_chain(SamplingTarget target, std::uint64_t key, const std::string& purpose, int warmup, int draws,
              int thinning) {
    target.nuts.warmup = warmup;
    target.keep_every = thinning;
    SamplingOptions options;
    options.chains = 1;
    options.draws = options.max_draws = draws * thinning;
    ChainEnsemble ensemble(target, key, purpose, options);
    constexpr int only = 0;
    ensemble.advance({&only, 1}, [] {});
    const Chain& chain = ensemble.chain(0);
    return {chain.kept(), chain.divergences()};
}

/// Twice the longest autocorrelation time of any quantity, in transitions; of several data sets.
int measured_thinning(const JointModel& model, const SimulationBasedOptions& options) {
    constexpr int pilots = 3;
    constexpr int draws = 1000;
    double longest = 1;
    for (std::uint64_t pilot = 0; pilot < pilots; ++pilot) {
        RandomStream random(options.seed, "calibration/pilot", pilot);
        const Vector truth = model.draw_unknowns(random);
        const Matrix y = model.draw_data(truth, random).y;
        const auto posterior = model.posterior(y, JointModel::Scale::of_data);
        const Run run =
            run_chain(posterior->target(), pilot, "calibration/pilot-chain", options.warmup, draws, 1);
        Matrix values(draws, static_cast<Index>(model.quantities().size()));
        for (Index draw = 0; draw < draws; ++draw)
            values.row(draw) =
                posterior->quantities_of(run.positions[static_cast<std::size_t>(draw)]).transpose();
        for (Index quantity = 0; quantity < values.cols(); ++quantity)
            longest = std::max(longest, draws / bulk_ess(values.col(quantity)));
    }
    return std::min(20, static_cast<int>(std::ceil(2 * longest)));
}

}  // namespace

double SimulationBasedCalibration::p_value() const {
    double least = 1;
    for (const RankHistogram& histogram : histograms) least = std::min(least, histogram.p_value());
    return std::min(1.0, least * static_cast<double>(histograms.size()));
}

SimulationBasedCalibration simulation_based_calibration(const JointModel& model,
                                                        const SimulationBasedOptions& options) {
    SimulationBasedCalibration result;
    result.thinning = measured_thinning(model, options);
    std::vector<std::string> names = model.quantities();
    std::vector<std::vector<int>> ranks;
    for (int replica = 0; replica < options.replicas; ++replica) {
        const auto number = static_cast<std::uint64_t>(replica);
        RandomStream random(options.seed, "calibration/truth", number);
        const Vector truth = model.draw_unknowns(random);
        const JointModel::Data data = model.draw_data(truth, random);
        const Vector true_quantities = model.quantities_of(truth, data.y);
        Vector true_values(true_quantities.size() + data.test_output.size());
        true_values << true_quantities, data.test_output;

        const auto posterior = model.posterior(data.y, JointModel::Scale::of_data);
        const Run run = run_chain(posterior->target(), number, "calibration", options.warmup, options.draws,
                                  result.thinning);
        result.divergences += run.divergences;
        ranks.resize(static_cast<std::size_t>(true_values.size()));
        for (std::vector<int>& of_quantity : ranks) of_quantity.push_back(0);
        RandomStream test_random(options.seed, "calibration/test-output", number);
        Vector values(true_values.size());
        for (const Vector& position : run.positions) {
            values << posterior->quantities_of(position), posterior->draw_test_output(position, test_random);
            for (Index i = 0; i < values.size(); ++i)
                ranks[static_cast<std::size_t>(i)].back() += values(i) < true_values(i) ? 1 : 0;
        }
    }
    for (std::size_t output = names.size(); output < ranks.size(); ++output) names.emplace_back("f(test)");
    for (std::size_t i = 0; i < ranks.size(); ++i)
        result.histograms.push_back(rank_histogram(names[i], ranks[i], options.draws, options.bins));
    return result;
}

}  // namespace attnpaths::testing
