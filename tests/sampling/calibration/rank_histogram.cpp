#include "sampling/calibration/rank_histogram.hpp"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace attnpaths::testing {

namespace {

double share(const RankHistogram& histogram) {
    return std::accumulate(histogram.counts.begin(), histogram.counts.end(), 0.0) /
           static_cast<double>(histogram.counts.size());
}

}  // namespace

RankHistogram rank_histogram(std::string quantity, const std::vector<int>& ranks, int draws, int bins) {
    RankHistogram histogram{std::move(quantity), std::vector<int>(static_cast<std::size_t>(bins), 0)};
    for (const int rank : ranks) ++histogram.counts[static_cast<std::size_t>(rank * bins / (draws + 1))];
    return histogram;
}

double RankHistogram::p_value() const {
    const double expected = share(*this);
    double chi_square = 0;
    for (const int count : counts) chi_square += (count - expected) * (count - expected) / expected;
    return boost::math::gamma_q(static_cast<double>(counts.size() - 1) / 2, chi_square / 2);
}

std::string to_text(const RankHistogram& histogram) {
    std::string text;
    for (const int count : histogram.counts)
        text += static_cast<char>('0' + std::min(9L, std::lround(5 * count / share(histogram))));
    return text;
}

}  // namespace attnpaths::testing
