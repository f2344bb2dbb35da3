#include "sampling/diagnostics.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace attnpaths {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Every chain cut into its first and second half (the middle draw of an odd number is left out).
Matrix split_chains(const Matrix& draws) {
    const Index half = draws.rows() / 2;
    Matrix halves(half, 2 * draws.cols());
    halves.leftCols(draws.cols()) = draws.topRows(half);
    halves.rightCols(draws.cols()) = draws.bottomRows(half);
    return halves;
}

/// Normal scores of the ranks over all chains; ties share their average rank.
Matrix rank_normalised(const Matrix& draws) {
    const Index size = draws.size();
    std::vector<Index> order(static_cast<std::size_t>(size));
    std::iota(order.begin(), order.end(), Index{0});
    const auto values = draws.reshaped();
    std::sort(order.begin(), order.end(), [&](Index a, Index b) { return values(a) < values(b); });
    const boost::math::normal normal;
    Matrix scores(draws.rows(), draws.cols());
    for (Index start = 0; start < size;) {
        Index end = start + 1;
        while (end < size &&
               values(order[static_cast<std::size_t>(end)]) == values(order[static_cast<std::size_t>(start)]))
            ++end;
        const double rank = static_cast<double>(start + 1 + end) / 2;
        const double score =
            boost::math::quantile(normal, (rank - 0.375) / (static_cast<double>(size) + 0.25));
        for (Index i = start; i < end; ++i) scores.reshaped()(order[static_cast<std::size_t>(i)]) = score;
        start = end;
    }
    return scores;
}

bool is_usable(const Matrix& draws) {
    return draws.rows() >= 4 && draws.allFinite() && draws.maxCoeff() > draws.minCoeff();
}

double variance(const Vector& values) {
    return (values.array() - values.mean()).square().sum() / static_cast<double>(values.size() - 1);
}

/// Within-chain variance and the pooled estimate that adds the variance between chains.
struct Variances {
    double within;
    double pooled;
};

Variances variances_of(const Matrix& chains) {
    const auto n = static_cast<double>(chains.rows());
    double within = 0;
    Vector means(chains.cols());
    for (Index chain = 0; chain < chains.cols(); ++chain) {
        within += variance(chains.col(chain)) / static_cast<double>(chains.cols());
        means(chain) = chains.col(chain).mean();
    }
    const double between = chains.cols() > 1 ? variance(means) : 0;
    return {within, within * (n - 1) / n + between};
}

double split_rhat(const Matrix& split) {
    const Variances variances = variances_of(split);
    return std::sqrt(variances.pooled / variances.within);
}

/// Effective sample size by Geyer's initial monotone sequence of autocorrelations averaged over chains.
double effective_sample_size(const Matrix& chains) {
    const Index n = chains.rows();
    const auto chain_count = static_cast<double>(chains.cols());
    const Variances variances = variances_of(chains);
    Matrix centred = chains;
    for (auto chain : centred.colwise()) chain.array() -= chain.mean();
    const auto correlation = [&](Index lag) {
        // Biased autocovariances, scaled as the variances above.
        const double covariance =
            (centred.topRows(n - lag).array() * centred.bottomRows(n - lag).array()).sum() /
            static_cast<double>(n) / chain_count;
        const double unbiased = covariance * static_cast<double>(n) / static_cast<double>(n - 1);
        return 1 - (variances.within - unbiased) / variances.pooled;
    };
    double sum = 0;
    double last_pair = std::numeric_limits<double>::infinity();
    double even = 1;
    double odd = correlation(1);
    Index lag = 1;
    while (lag + 2 < n - 2 && even + odd > 0) {
        last_pair = std::min(last_pair, even + odd);
        sum += last_pair;
        even = correlation(lag + 1);
        odd = correlation(lag + 2);
        lag += 2;
    }
    double time = -1 + 2 * sum + std::max(0.0, even);
    const double total = static_cast<double>(chains.size());
    time = std::max(time, 1 / std::log10(total));
    return total / time;
}

/// Quantile of all draws, interpolated linearly between order statistics.
double quantile(const Matrix& draws, double probability) {
    std::vector<double> values(draws.reshaped().begin(), draws.reshaped().end());
    std::sort(values.begin(), values.end());
    const double position = probability * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(position);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (position - static_cast<double>(low)) * (values[high] - values[low]);
}

}  // namespace

double rhat(const Matrix& draws) {
    if (!is_usable(draws)) return not_a_number;
    const double bulk = split_rhat(split_chains(rank_normalised(draws)));
    const double median = quantile(draws, 0.5);
    const Matrix folded = (draws.array() - median).abs();
    if (!is_usable(folded)) return bulk;
    return std::max(bulk, split_rhat(split_chains(rank_normalised(folded))));
}

double bulk_ess(const Matrix& draws) {
    return is_usable(draws) ? effective_sample_size(split_chains(rank_normalised(draws))) : not_a_number;
}

double tail_ess(const Matrix& draws) {
    if (!is_usable(draws)) return not_a_number;
    double least = std::numeric_limits<double>::infinity();
    for (const double probability : {0.05, 0.95}) {
        const double limit = quantile(draws, probability);
        const Matrix below = (draws.array() <= limit).cast<double>();
        if (!is_usable(below)) return not_a_number;
        least = std::min(least, effective_sample_size(split_chains(below)));
    }
    return least;
}

double mcse_mean(const Matrix& draws) {
    if (!is_usable(draws)) return not_a_number;
    return std::sqrt(variance(draws.reshaped()) / effective_sample_size(split_chains(draws)));
}

double ebfmi(const Vector& energies) {
    const Index n = energies.size();
    if (n < 3 || !energies.allFinite()) return not_a_number;
    const double changes =
        (energies.tail(n - 1) - energies.head(n - 1)).squaredNorm() / static_cast<double>(n);
    return changes / variance(energies);
}

}  // namespace attnpaths
