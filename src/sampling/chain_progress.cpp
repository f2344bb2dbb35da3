#include "sampling/chain_progress.hpp"

#include "base/error.hpp"
#include "sampling/worst_diagnostics.hpp"

#include <algorithm>

namespace attnpaths {

namespace {

/// What was noted in every chain; nothing if one has not begun or is no chain.
std::vector<NotedDraws> noted_in_all(const EnsembleState& state) {
    std::vector<NotedDraws> noted;
    for (const SavedChain& chain : state.chains) {
        try {
            noted.push_back(noted_draws(chain.bytes));
        } catch (const DataError&) {
            return {};
        }
    }
    return noted;
}

}  // namespace

ChainProgress chain_progress(const EnsembleState& state) {
    ChainProgress progress;
    progress.chains = static_cast<int>(state.chains.size());
    progress.goal = state.goal;
    if (state.chains.empty()) return progress;
    progress.draws =
        std::min_element(state.chains.begin(), state.chains.end(), [](const auto& a, const auto& b) {
            return a.draws < b.draws;
        })->draws;
    const std::vector<NotedDraws> noted = noted_in_all(state);
    if (noted.empty() || progress.draws == 0) return progress;
    const auto quantities_of = [](const NotedDraws& chain) {
        return chain.draws > 0 ? chain.tracked.size() / static_cast<std::size_t>(chain.draws) : 0;
    };
    const std::size_t tracked = quantities_of(noted.front());
    for (const NotedDraws& chain : noted)
        if (chain.draws < progress.draws || quantities_of(chain) != tracked) return progress;

    WorstDiagnostics worst;
    Matrix draws(progress.draws, progress.chains);
    for (std::size_t quantity = 0; quantity <= tracked; ++quantity) {
        for (Index chain = 0; chain < draws.cols(); ++chain) {
            const NotedDraws& from = noted[static_cast<std::size_t>(chain)];
            for (Index draw = 0; draw < draws.rows(); ++draw) {
                const auto number = static_cast<std::size_t>(draw);
                draws(draw, chain) = quantity < tracked ? from.tracked[number * tracked + quantity]
                                                        : from.log_densities[number];
            }
        }
        worst.add(diagnose(draws));
    }
    progress.rhat = worst.rhat;
    progress.ess = worst.ess;
    return progress;
}

}  // namespace attnpaths
