#include "analyses/samples/weight_draws.hpp"

#include "analyses/record_values.hpp"
#include "base/error.hpp"
#include "base/settings.hpp"
#include "sampling/weight_layout.hpp"

#include <fmt/format.h>

namespace attnpaths {

void WeightDraws::check_memory(const Architecture& architecture, Index input_width, int chains, int draws,
                               double budget) {
    // Three times over: here, in the record's encoding, and in the journal's.
    const double bytes = 3 * weight_bytes(architecture, input_width) * chains * draws;
    if (bytes > budget)
        throw Error(ExitCode::internal,
                    fmt::format("storing {} draws of all weights takes {} of memory; the budget is {}: raise "
                                "store.thin or run.memory_per_rank, or choose smaller widths",
                                chains * draws, memory_text(bytes), memory_text(budget)));
}

WeightDraws::WeightDraws(const Architecture& architecture, int chains, int draws) {
    const ValueArray empty{{static_cast<std::uint64_t>(chains), static_cast<std::uint64_t>(draws)}, {}};
    V0_ = a_ = empty;
    V_.assign(architecture.depth(), empty);
    for (std::size_t l = 0; l < V_.size(); ++l)
        V_[l].shape.push_back(static_cast<std::uint64_t>(architecture.heads[l]));
}

void WeightDraws::add(const NetworkWeights& weights) {
    append(V0_, weights.V0);
    for (std::size_t l = 0; l < V_.size(); ++l)
        for (const Matrix& head : weights.V[l]) append(V_[l], head);
    append(a_, weights.a);
}

void WeightDraws::enter(const std::string& group, Record& record) {
    record[group + "/draws_V0"] = std::move(V0_);
    for (std::size_t l = 0; l < V_.size(); ++l)
        record[fmt::format("{}/draws_V-layer{}", group, l + 1)] = std::move(V_[l]);
    record[group + "/draws_a"] = std::move(a_);
}

}  // namespace attnpaths
