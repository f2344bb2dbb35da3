#include "datasets/computed_maps.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace attnpaths {

ComputedMaps::ComputedMaps(std::vector<Index> heads, Index tokens, Fill fill)
    : heads_(std::move(heads)), tokens_(tokens), fill_(std::move(fill)) {
    // As for maps from files: what fits a part of memory that nobody misses.
    constexpr double most_bytes = 64e6;
    const auto all_heads = static_cast<double>(std::accumulate(heads_.begin(), heads_.end(), Index{0}));
    const double bytes_each =
        sizeof(double) * all_heads * static_cast<double>(tokens_) * static_cast<double>(tokens_);
    examples_at_a_time_ = std::max<Index>(1, static_cast<Index>(most_bytes / std::max(1.0, bytes_each)));
}

Index ComputedMaps::heads(std::size_t layer) const {
    return layer < heads_.size() ? heads_[layer] : 0;
}

std::vector<double> ComputedMaps::read(std::size_t layer, Index first, Index count) const {
    const Index size = tokens_ * tokens_;
    std::vector<double> values(static_cast<std::size_t>(count * heads(layer) * size));
    double* next = values.data();
    for (Index example = first; example < first + count; ++example)
        for (Index head = 0; head < heads(layer); ++head, next += size)
            // Keys fastest is column after column of [keys, queries].
            fill_(layer, head, example, Eigen::Map<Matrix>(next, tokens_, tokens_));
    return values;
}

}  // namespace attnpaths
