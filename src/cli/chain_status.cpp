#include "cli/chain_status.hpp"

#include "point/columns.hpp"
#include "sampling/checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace attnpaths::cli {

namespace {

/// The text of a point of which something is in the store, e.g. its theory.
std::string text_of(const StoreView& store, const std::vector<std::string>& keys, const std::string& key) {
    const auto row = std::find(keys.begin(), keys.end(), key);
    return row == keys.end() ? "" : point_text(store.record(static_cast<std::size_t>(row - keys.begin())));
}

}  // namespace

std::vector<ChainStatus> chain_status(const StoreView& store) {
    std::vector<ChainStatus> chains;
    if (store.checkpoints().empty()) return chains;
    const std::vector<std::string> keys = store.texts("point/key");
    for (const auto& [key, bytes] : store.checkpoints()) {
        const std::optional<Checkpoint> checkpoint = usable_checkpoint(bytes);
        if (!checkpoint) continue;
        const std::string text = text_of(store, keys, key);
        for (const auto& [method, state] : checkpoint->methods)
            chains.push_back({key, text, method, chain_progress(state)});
    }
    return chains;
}

std::vector<std::pair<std::string, std::string>> chain_lines(const std::vector<ChainStatus>& chains) {
    constexpr std::size_t most_listed = 3;
    std::vector<std::pair<std::string, std::string>> lines;
    for (std::size_t i = 0; i < std::min(most_listed, chains.size()); ++i) {
        const ChainStatus& one = chains[i];
        std::string text = fmt::format("{}: {}, {} of {} draws in each of {}",
                                       one.point.empty() ? "point " + one.key : one.point, one.method,
                                       one.progress.draws, one.progress.goal, one.progress.chains);
        if (!std::isnan(one.progress.rhat))
            text += fmt::format(", R-hat {:.3f}, ESS {:.0f}", one.progress.rhat, one.progress.ess);
        lines.emplace_back("sampling", std::move(text));
    }
    if (chains.size() > most_listed)
        lines.emplace_back("sampling",
                           fmt::format("and {} more (--json lists them)", chains.size() - most_listed));
    return lines;
}

}  // namespace attnpaths::cli
