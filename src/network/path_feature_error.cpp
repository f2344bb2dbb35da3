#include "network/path_feature_error.hpp"

#include "base/rounding.hpp"
#include "network/low_rank_head.hpp"
#include "network/path_features.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths {

namespace {

/// Examples evenly spread over those given: no more than can be made precisely in about a tenth of a second.
std::vector<Index> sample_of(std::vector<Index> examples, double operations_per_example) {
    std::sort(examples.begin(), examples.end());
    const auto all = static_cast<Index>(examples.size());
    const Index count =
        std::min(all, static_cast<Index>(std::clamp(1e8 / operations_per_example, 4.0, 64.0)));
    std::vector<Index> sample;
    for (Index i = 0; i < count; ++i) sample.push_back(examples[static_cast<std::size_t>(i * all / count)]);
    return sample;
}

}  // namespace

double path_feature_error(const TokenSequences& set, const HeadLayers& layers, AttentionKind kind,
                          Readout readout, const std::vector<Index>& examples) {
    const auto width = static_cast<double>(set.token_width());
    const auto paths = static_cast<double>(path_count(head_counts_of(layers)));
    const std::vector<Index> sample = sample_of(examples, width * paths * static_cast<double>(set.tokens));
    const Matrix features = path_features(set, low_rank_heads(layers, kind), kind, readout, sample);
    const WideMatrix precise = precise_path_features(set, layers, kind, readout, sample);
    double relative = unit_roundoff * static_cast<double>(layers.size()) * std::sqrt(paths);
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const double norm = TokenWindow(set, sample[i], 1).longest_token(sample[i]);
        if (norm == 0) continue;
        const auto row = static_cast<Index>(i);
        const auto error = (features.row(row).cast<long double>() - precise.row(row)).cast<double>().norm();
        relative = std::max(relative, error / norm);
    }
    return relative;
}

double largest_token(const TokenSequences& set, const std::vector<Index>& examples) {
    const TokenWindow window(set, 0, set.sequences());
    double largest = 0;
    for (const Index example : examples) largest = std::max(largest, window.longest_token(example));
    return largest;
}

}  // namespace attnpaths
