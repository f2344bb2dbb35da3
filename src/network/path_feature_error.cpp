#include "network/path_feature_error.hpp"

#include "base/rounding.hpp"
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
                          Readout readout, const Matrix& features, const std::vector<Index>& examples) {
    const auto token_norm = [&](Index example) {
        return set.x.middleCols(example * set.tokens, set.tokens).colwise().norm().maxCoeff();
    };
    const auto columns = static_cast<double>(features.cols());
    const std::vector<Index> sample = sample_of(examples, columns * static_cast<double>(set.tokens));
    const WideMatrix precise = precise_path_features(set, layers, kind, readout, sample);
    const double paths = columns / static_cast<double>(set.x.rows());
    double relative = unit_roundoff * static_cast<double>(layers.size()) * std::sqrt(paths);
    for (std::size_t i = 0; i < sample.size(); ++i) {
        const double norm = token_norm(sample[i]);
        if (norm == 0) continue;
        const auto row = static_cast<Index>(i);
        const auto error =
            (features.row(sample[i]).cast<long double>() - precise.row(row)).cast<double>().norm();
        relative = std::max(relative, error / norm);
    }
    double largest_token = 0;
    for (const Index example : examples) largest_token = std::max(largest_token, token_norm(example));
    return relative * largest_token;
}

}  // namespace attnpaths
