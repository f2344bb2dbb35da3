#include "datasets/attention_map_file.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace attnpaths {

AttentionMapFile::AttentionMapFile(std::shared_ptr<const h5::InputFile> file, const std::string& group,
                                   const HeadLayers& layers, const TokenSequences& set)
    : file_(std::move(file)), group_(group) {
    const Index examples = set.sequences();
    double bytes_each = 0;
    std::uint64_t rows_at_a_time = 1;
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        const AttentionHead& first = layers[layer].front();
        heads_.push_back(0);
        if (first.has_scores() || first.attention.size() > 0) continue;
        if (!file_->has(object(layer)))
            throw DataError(fmt::format("{}: {} is missing; every set must give the attention of this layer",
                                        file_->path(), object(layer)));
        const auto heads = static_cast<Index>(layers[layer].size());
        const h5::NumberSet found = file_->describe(object(layer));
        std::vector<hsize_t> expected;
        for (const Index length : {examples, heads, set.tokens, set.tokens})
            expected.push_back(static_cast<hsize_t>(length));
        if (found.shape != expected)
            throw DataError(fmt::format("{}: {} has shape [{}], expected [P, H, tokens, tokens] = [{}]",
                                        file_->path(), object(layer), fmt::join(found.shape, ", "),
                                        fmt::join(expected, ", ")));
        heads_.back() = heads;
        bytes_each += sizeof(double) * static_cast<double>(heads * set.tokens * set.tokens);
        rows_at_a_time = std::max(rows_at_a_time, found.rows_at_a_time);
    }
    // As many as are unpacked together, but no more than fit a part of memory that nobody misses.
    constexpr double most_bytes = 64e6;
    const double fitting = std::max(1.0, most_bytes / std::max(1.0, bytes_each));
    examples_at_a_time_ = static_cast<Index>(std::min(static_cast<double>(rows_at_a_time), fitting));
}

std::string AttentionMapFile::object(std::size_t layer) const {
    return fmt::format("{}/attention/layer{}", group_, layer + 1);
}

std::vector<double> AttentionMapFile::read(std::size_t layer, Index first, Index count) const {
    return file_
        ->read_rows(object(layer), static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(count))
        .values;
}

std::string AttentionMapFile::check(const TokenSequences& set, RowSums& sums) const {
    const Index examples = set.sequences();
    ContentHash hash;
    for (std::size_t layer = 0; layer < heads_.size(); ++layer) {
        if (heads_[layer] == 0) continue;
        hash.add(fmt::format("layer {} heads {}", layer, heads_[layer]));
        MapCheck check(file_->path() + ": " + object(layer), heads_[layer], set);
        for (Index first = 0; first < examples; first += examples_at_a_time_) {
            const Index count = std::min(examples_at_a_time_, examples - first);
            check.add(read(layer, first, count), first, count, hash);
        }
        check.finish(sums);
    }
    return hash.hex();
}

}  // namespace attnpaths
