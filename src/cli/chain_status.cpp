#include "cli/chain_status.hpp"

#include "sampling/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace attnpaths::cli {

namespace {

/// Of the strands of a training set's folding: blocks of examples for draws, in the mean.
ChainProgress folding_progress(const EnsembleState& state) {
    ChainProgress progress;
    progress.chains = static_cast<int>(state.chains.size());
    progress.goal = state.goal;
    for (const SavedChain& strand : state.chains) progress.draws += strand.draws;
    progress.draws /= std::max(progress.chains, 1);
    return progress;
}

/// The value of a line about one point.
std::string line_of(const ChainStatus& one) {
    const std::string point = one.point.empty() ? "point " + one.key : one.point;
    const ChainProgress& progress = one.progress;
    if (one.method == folding_method)
        return fmt::format("{}: folding, {} of {} blocks in each of {} strands of examples", point,
                           progress.draws, progress.goal, progress.chains);
    std::string text = fmt::format("{}: {}, {} of {} draws in each of {}", point, one.method, progress.draws,
                                   progress.goal, progress.chains);
    if (!std::isnan(progress.rhat))
        text += fmt::format(", R-hat {:.3f}, ESS {:.0f}", progress.rhat, progress.ess);
    return text;
}

/// What is at work on it.
const char* line_name(const ChainStatus& one) {
    return one.method == folding_method ? "examples" : "sampling";
}

}  // namespace

std::vector<ChainStatus> chain_status(const StoreView& store) {
    std::vector<ChainStatus> chains;
    for (const auto& [key, bytes] : store.checkpoints()) {
        const std::optional<Checkpoint> checkpoint = usable_checkpoint(bytes);
        if (!checkpoint) continue;
        for (const auto& [method, state] : checkpoint->methods)
            chains.push_back({key, checkpoint->point, method,
                              method == folding_method ? folding_progress(state) : chain_progress(state)});
    }
    return chains;
}

std::vector<std::pair<std::string, std::string>> chain_lines(const std::vector<ChainStatus>& chains) {
    constexpr std::size_t most_listed = 3;
    std::vector<std::pair<std::string, std::string>> lines;
    for (std::size_t i = 0; i < std::min(most_listed, chains.size()); ++i)
        lines.emplace_back(line_name(chains[i]), line_of(chains[i]));
    if (chains.size() > most_listed)
        lines.emplace_back("sampling",
                           fmt::format("and {} more (--json lists them)", chains.size() - most_listed));
    return lines;
}

}  // namespace attnpaths::cli
