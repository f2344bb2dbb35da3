#include "sampling/checkpoint.hpp"

#include "base/byte_stream.hpp"
#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

std::string pass_method(const std::string& analysis, int number) {
    return fmt::format("{}/{}", analysis, number);
}

std::string analysis_of_pass(std::string_view method) {
    const std::size_t slash = method.rfind('/');
    return slash == std::string_view::npos ? "" : std::string(method.substr(0, slash));
}

double Checkpoint::seconds() const {
    double sum = 0;
    for (const auto& [method, state] : methods)
        for (const SavedChain& chain : state.chains) sum += chain.seconds;
    return sum;
}

std::uint64_t Checkpoint::bytes() const {
    std::uint64_t sum = 0;
    for (const auto& [method, state] : methods)
        for (const SavedChain& chain : state.chains) sum += chain.bytes.size();
    return sum;
}

void Checkpoint::merge(Checkpoint newer) {
    for (auto& entry : newer.methods) {
        EnsembleState& state = entry.second;
        EnsembleState& ours = methods[entry.first];
        if (ours.key != state.key) ours = {0, {}, state.key};
        ours.goal = std::max(ours.goal, state.goal);
        ours.chains.resize(std::max(ours.chains.size(), state.chains.size()));
        for (std::size_t chain = 0; chain < state.chains.size(); ++chain)
            if (!state.chains[chain].bytes.empty()) ours.chains[chain] = std::move(state.chains[chain]);
    }
}

Checkpoint Checkpoint::only(const std::string& method, std::span<const int> chains) const {
    const EnsembleState& ours = methods.at(method);
    EnsembleState some{ours.goal, std::vector<SavedChain>(ours.chains.size()), ours.key};
    for (const int chain : chains) {
        const auto index = static_cast<std::size_t>(chain);
        some.chains.at(index) = ours.chains.at(index);
    }
    return {{{method, std::move(some)}}, point};
}

Checkpoint Checkpoint::for_part(const std::string& method, std::span<const int> chains) const {
    Checkpoint part = only(method, chains);
    const std::string analysis = analysis_of_pass(method);
    for (const auto& [other, state] : methods)
        if (other == folding_method || (!analysis.empty() && analysis_of_pass(other) == analysis))
            part.methods.emplace(other, state);
    return part;
}

Checkpoint Checkpoint::lasting() const {
    Checkpoint kept;
    kept.point = point;
    for (const auto& [method, state] : methods)
        if (method != folding_method && analysis_of_pass(method).empty()) kept.methods.emplace(method, state);
    const auto folding = methods.find(folding_method);
    if (kept.empty() && folding != methods.end()) kept.methods.insert(*folding);
    return kept;
}

std::string encode_checkpoint(const Checkpoint& checkpoint) {
    ByteWriter out;
    out.number(static_cast<std::uint32_t>(checkpoint.methods.size()));
    for (const auto& [method, state] : checkpoint.methods) {
        out.text(method);
        out.text(state.key);
        out.number(state.goal);
        out.number(static_cast<std::uint32_t>(state.chains.size()));
        for (const SavedChain& chain : state.chains) {
            out.number(chain.draws);
            out.number(chain.seconds);
            out.text(chain.bytes);
        }
    }
    out.text(checkpoint.point);
    return out.take();
}

Checkpoint decode_checkpoint(std::string_view bytes) {
    ByteReader in(bytes);
    Checkpoint checkpoint;
    const auto methods = in.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < methods && !in.failed(); ++i) {
        EnsembleState& state = checkpoint.methods[std::string(in.text())];
        state.key = in.text();
        state.goal = in.number<int>();
        const auto chains = in.number<std::uint32_t>();
        for (std::uint32_t chain = 0; chain < chains && !in.failed(); ++chain) {
            const int draws = in.number<int>();
            const auto seconds = in.number<double>();
            state.chains.push_back({draws, seconds, std::string(in.text())});
        }
    }
    if (in.left() > 0) checkpoint.point = in.text();  // those of earlier versions have none
    if (in.failed() || in.left() > 0)
        throw DataError("a checkpoint is damaged, or was written by another version of the program");
    return checkpoint;
}

std::optional<Checkpoint> usable_checkpoint(std::string_view bytes) {
    try {
        return decode_checkpoint(bytes);
    } catch (const DataError&) {
        return std::nullopt;
    }
}

}  // namespace attnpaths
