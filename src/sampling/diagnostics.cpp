#include "sampling/diagnostics.hpp"

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <vector>

namespace attnpaths {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

bool is_constant(const Matrix& draws) {
    return draws.maxCoeff() == draws.minCoeff();
}

bool is_usable(const Matrix& draws) {
    return draws.rows() >= 4 && draws.cols() >= 1 && draws.allFinite() && !is_constant(draws);
}

// Of two diagnostics NaN is the worst, which std::min and std::max would miss.
double larger(double a, double b) {
    return std::isnan(a) || std::isnan(b) ? not_a_number : std::max(a, b);
}
double smaller(double a, double b) {
    return std::isnan(a) || std::isnan(b) ? not_a_number : std::min(a, b);
}

/// Every chain cut into its first and second half (the middle draw of an odd number is left out).
Matrix split_chains(const Matrix& draws) {
    const Index half = draws.rows() / 2;
    Matrix halves(half, 2 * draws.cols());
    halves.leftCols(draws.cols()) = draws.topRows(half);
    halves.rightCols(draws.cols()) = draws.bottomRows(half);
    return halves;
}

/// Relative to the first value, so that the mean of equal values is exact.
double mean_of(const Vector& values) {
    return values(0) + (values.array() - values(0)).mean();
}

double variance(const Vector& values) {
    return (values.array() - mean_of(values)).square().sum() / static_cast<double>(values.size() - 1);
}

/// Chains with their means taken out, their mean variance, and the pooled estimate of the variance, which
/// adds that between chains. There are at least two chains, because every chain is split.
struct CentredChains {
    explicit CentredChains(const Matrix& chains) : centred(chains.rows(), chains.cols()) {
        const auto n = static_cast<double>(chains.rows());
        Vector means(chains.cols());
        for (Index chain = 0; chain < chains.cols(); ++chain) {
            means(chain) = mean_of(chains.col(chain));
            centred.col(chain) = chains.col(chain).array() - means(chain);
        }
        within = centred.squaredNorm() / (n - 1) / static_cast<double>(chains.cols());
        pooled = within * (n - 1) / n + variance(means);
    }

    Matrix centred;
    double within = 0;
    double pooled = 0;
};

/// R-hat of chains already split, [draws, chains].
double basic_rhat(const Matrix& chains) {
    if (is_constant(chains)) return not_a_number;
    const CentredChains parts(chains);
    return std::sqrt(parts.pooled / parts.within);
}

/// Effective sample size of chains already split, [draws, chains], by Geyer's initial monotone sequence of
/// the autocorrelations averaged over chains. Lags are evaluated one pair at a time until the sequence ends.
double effective_sample_size(const Matrix& chains) {
    const Index n = chains.rows();
    if (n < 3 || is_constant(chains)) return not_a_number;
    const CentredChains parts(chains);
    const auto total = static_cast<double>(chains.size());
    const auto correlation = [&](Index lag) {
        const double autocovariance =
            parts.centred.topRows(n - lag).cwiseProduct(parts.centred.bottomRows(n - lag)).sum() / total;
        return 1 - (parts.within - autocovariance) / parts.pooled;
    };
    Index lag = 0;
    double even = 1;
    double odd = correlation(1);
    double sum = 0;
    double least_pair = std::numeric_limits<double>::infinity();
    while (lag < n - 5 && even + odd > 0) {
        least_pair = std::min(least_pair, even + odd);
        sum += least_pair;
        lag += 2;
        even = correlation(lag);
        odd = correlation(lag + 1);
    }
    // Of the pair that ended the sequence the even lag still counts, unless it is what made the pair
    // negative.
    const double last = even > 0 || even + odd >= 0 ? even : 0;
    // Without a single pair, that is for a handful of draws or a perfect alternation, the convention is a
    // cautious 2. Otherwise no more than total * log10(total) independent draws are believed.
    const double time = lag == 0 ? 2 : std::max(-1 + 2 * sum + last, 1 / std::log10(total));
    return total / time;
}

/// One draw and its place among the elements of the split chains, column by column.
struct Draw {
    double value;
    Index place;
};

bool by_value(const Draw& a, const Draw& b) {
    return a.value < b.value;
}

/// What ranks and quantiles need, from one sorting of the draws.
struct SortedDraws {
    explicit SortedDraws(const Matrix& draws);

    Index rows;               ///< of the split chains
    Index columns;            ///< of the split chains
    std::vector<Draw> split;  ///< draws of the split chains, ascending
    double median = 0;        ///< of all draws, as the quantiles
    double quantile_5 = 0;
    double quantile_95 = 0;
};

/// Quantile interpolated linearly between order statistics.
double quantile(const std::vector<Draw>& sorted, double probability) {
    const double position = probability * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const double low = sorted[below].value;
    const double high = sorted[std::min(below + 1, sorted.size() - 1)].value;
    const double weight = position - static_cast<double>(below);
    // Draws are compared with the quantile: on a draw, or between equal ones, it must not be rounded.
    return weight == 0 || low == high ? low : (1 - weight) * low + weight * high;
}

SortedDraws::SortedDraws(const Matrix& draws) : rows(draws.rows() / 2), columns(2 * draws.cols()) {
    constexpr Index middle = -1;
    split.reserve(static_cast<std::size_t>(draws.size()));
    for (Index chain = 0; chain < draws.cols(); ++chain) {
        for (Index draw = 0; draw < draws.rows(); ++draw) {
            const Index second_half = draw - (draws.rows() - rows);
            Index place = middle;
            if (draw < rows) place = chain * rows + draw;
            if (second_half >= 0) place = (draws.cols() + chain) * rows + second_half;
            split.push_back({draws(draw, chain), place});
        }
    }
    std::sort(split.begin(), split.end(), by_value);
    // Exactly half way, so that the two draws nearest to the median are tied when folded.
    const std::size_t size = split.size();
    median = (split[(size - 1) / 2].value + split[size / 2].value) / 2;
    quantile_5 = quantile(split, 0.05);
    quantile_95 = quantile(split, 0.95);
    std::erase_if(split, [](const Draw& draw) { return draw.place == middle; });
}

/// Distances from the median, ascending: both sides of it are sorted already.
std::vector<Draw> folded(const SortedDraws& sorted) {
    std::vector<Draw> distances = sorted.split;
    const auto upper = std::partition_point(distances.begin(), distances.end(),
                                            [&](const Draw& draw) { return draw.value < sorted.median; });
    for (Draw& draw : distances) draw.value = std::abs(draw.value - sorted.median);
    std::vector<Draw> merged;
    merged.reserve(distances.size());
    std::merge(std::make_reverse_iterator(upper), distances.rend(), upper, distances.end(),
               std::back_inserter(merged), by_value);
    return merged;
}

/// Normal scores of the ranks of split chains, [rows, columns]; ties share their average rank.
Matrix normal_scores(const std::vector<Draw>& sorted, Index rows, Index columns) {
    // Boost's default is to work in long double, at three times the time.
    using InDouble = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
    const boost::math::normal_distribution<double, InDouble> normal;
    const auto size = static_cast<double>(sorted.size());
    Matrix scores(rows, columns);
    for (auto tie = sorted.begin(); tie != sorted.end();) {
        const auto end =
            std::find_if(tie, sorted.end(), [&](const Draw& draw) { return draw.value != tie->value; });
        const auto below = static_cast<double>(tie - sorted.begin());
        const double rank = below + static_cast<double>(end - tie + 1) / 2;
        const double score = boost::math::quantile(normal, (rank - 0.375) / (size + 0.25));
        for (; tie != end; ++tie) scores.reshaped()(tie->place) = score;
    }
    return scores;
}

Matrix bulk_scores(const SortedDraws& sorted) {
    return normal_scores(sorted.split, sorted.rows, sorted.columns);
}

double rhat_of(const SortedDraws& sorted, const Matrix& scores) {
    const Matrix folded_scores = normal_scores(folded(sorted), sorted.rows, sorted.columns);
    return larger(basic_rhat(scores), basic_rhat(folded_scores));
}

double tail_ess_of(const SortedDraws& sorted, const Matrix& split) {
    const auto ess_at = [&](double limit) {
        return effective_sample_size((split.array() <= limit).cast<double>());
    };
    return smaller(ess_at(sorted.quantile_5), ess_at(sorted.quantile_95));
}

/// Mean and standard deviation of all draws and what their standard errors need.
struct Moments {
    explicit Moments(const Matrix& draws)
        : mean(mean_of(draws.reshaped())),
          centred(draws.array() - mean),
          sd(std::sqrt(centred.squaredNorm() / static_cast<double>(draws.size() - 1))) {}

    [[nodiscard]] double mcse_mean() const {
        return sd / std::sqrt(effective_sample_size(split_chains(centred)));
    }
    [[nodiscard]] double mcse_sd() const {
        const Matrix squares = centred.cwiseAbs2();
        const double mean_square = mean_of(squares.reshaped());
        const double variance_of_squares = (squares.array() - mean_square).square().mean();
        const double ess = effective_sample_size(split_chains(squares));
        return std::sqrt(variance_of_squares / ess / mean_square) / 2;
    }

    double mean;
    Matrix centred;
    double sd;
};

}  // namespace

double rhat(const Matrix& draws) {
    if (!is_usable(draws)) return not_a_number;
    const SortedDraws sorted(draws);
    return rhat_of(sorted, bulk_scores(sorted));
}

double bulk_ess(const Matrix& draws) {
    return is_usable(draws) ? effective_sample_size(bulk_scores(SortedDraws(draws))) : not_a_number;
}

double tail_ess(const Matrix& draws) {
    return is_usable(draws) ? tail_ess_of(SortedDraws(draws), split_chains(draws)) : not_a_number;
}

double mcse_mean(const Matrix& draws) {
    return is_usable(draws) ? Moments(draws).mcse_mean() : not_a_number;
}

double mcse_sd(const Matrix& draws) {
    return is_usable(draws) ? Moments(draws).mcse_sd() : not_a_number;
}

Diagnostics diagnose(const Matrix& draws) {
    Diagnostics result{not_a_number, not_a_number, not_a_number, not_a_number,
                       not_a_number, not_a_number, not_a_number};
    if (draws.size() == 0) return result;
    const Moments moments(draws);
    result.mean = moments.mean;
    result.sd = moments.sd;
    if (!is_usable(draws)) return result;
    const SortedDraws sorted(draws);
    const Matrix scores = bulk_scores(sorted);
    result.rhat = rhat_of(sorted, scores);
    result.bulk_ess = effective_sample_size(scores);
    result.tail_ess = tail_ess_of(sorted, split_chains(draws));
    result.mcse_mean = moments.mcse_mean();
    result.mcse_sd = moments.mcse_sd();
    return result;
}

double ebfmi(const Vector& energies) {
    const Index n = energies.size();
    if (n < 3 || !energies.allFinite()) return not_a_number;
    const double changes =
        (energies.tail(n - 1) - energies.head(n - 1)).squaredNorm() / static_cast<double>(n);
    return changes / variance(energies);
}

}  // namespace attnpaths
