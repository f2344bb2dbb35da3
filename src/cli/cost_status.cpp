#include "cli/cost_status.hpp"

#include "run/cost_model.hpp"
#include "sampling/checkpoint.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths::cli {

namespace {

/// Seconds of one kind of work, as counted by operations and as they were.
struct Kind {
    double planned = 0;   ///< by count, all points
    double finished = 0;  ///< by count, points done or failed
    double counted = 0;   ///< by count, points done
    double measured = 0;  ///< the same points, in reality

    /// What the rest will take if it goes on as it went.
    [[nodiscard]] double left() const {
        const double rest = std::max(planned - finished, 0.0);
        return counted > 0 && measured > 0 ? rest * (measured / counted) : rest;
    }
};

double finite_or_zero(double value) {
    return std::isfinite(value) ? value : 0;
}

}  // namespace

CostStatus cost_status(const StoreView& store, std::int64_t left) {
    const StoreHeader& header = store.header();
    const std::vector<std::string> status = store.texts("point/status");
    const std::vector<double> seconds = store.reals("point/seconds");
    const std::vector<double> nominal_theory = store.reals("point/nominal_theory");
    const std::vector<double> nominal_sampling = store.reals("point/nominal_sampling");
    const std::vector<double> of_chains = sampling_seconds(store);
    Kind theory{header.nominal_theory};
    Kind sampling{header.nominal_sampling};
    double sum = 0;
    int done = 0;
    for (std::size_t i = 0; i < store.points(); ++i) {
        theory.finished += finite_or_zero(nominal_theory[i]);
        sampling.finished += finite_or_zero(nominal_sampling[i]);
        if (status[i] != "done" || !std::isfinite(seconds[i])) continue;
        ++done;
        sum += seconds[i];
        if (nominal_theory[i] > 0) {
            theory.counted += nominal_theory[i];
            theory.measured += seconds[i] - of_chains[i];
        }
        if (nominal_sampling[i] > 0) {
            sampling.counted += nominal_sampling[i];
            sampling.measured += of_chains[i];
        }
    }
    CostStatus costs;
    if (done > 0) costs.mean_seconds = sum / done;
    for (const auto& [key, checkpoint] : store.checkpoints())
        costs.checkpointed_seconds += usable_checkpoint(checkpoint).value_or(Checkpoint()).seconds();
    if (left == 0)
        costs.remaining_seconds = 0;
    else if (std::isfinite(header.nominal_theory))
        costs.remaining_seconds = std::max(theory.left() + sampling.left() - costs.checkpointed_seconds, 0.0);
    else
        costs.remaining_seconds =
            costs.mean_seconds * static_cast<double>(left);  // an earlier version's store
    costs.run_workers = header.run_workers;
    costs.run_seconds = header.run_seconds;
    costs.run_busy_fraction = header.run_busy_seconds / (header.run_workers * header.run_seconds);
    costs.run_idle_at_end = header.run_idle_at_end;
    return costs;
}

}  // namespace attnpaths::cli
