#include "sampling/pareto_tail.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace attnpaths {

namespace {

/// Zhang and Stephens (2009): posterior mean of theta = -k/sigma over a grid of profile likelihoods, then k,
/// shrunk weakly towards 1/2 as PSIS does for small tails.
/// @param excess  ascending, positive
double shape_of_excesses(const std::vector<double>& excess) {
    const auto n = static_cast<double>(excess.size());
    const int grid = 30 + static_cast<int>(std::sqrt(n));
    const double quarter = excess[static_cast<std::size_t>(n / 4 + 0.5) - 1];
    const auto shape_at = [&](double theta) {
        double sum = 0;
        for (const double x : excess) sum += std::log1p(-theta * x);
        return sum / n;  // k with the sign of a heavy tail
    };
    std::vector<double> thetas;
    std::vector<double> log_likelihoods;
    for (int i = 1; i <= grid; ++i) {
        constexpr double prior = 3;
        const double theta = 1 / excess.back() + (1 - std::sqrt(grid / (i - 0.5))) / (prior * quarter);
        const double k = shape_at(theta);
        thetas.push_back(theta);
        log_likelihoods.push_back(n * (std::log(-theta / k) - k - 1));
    }
    const double largest = *std::max_element(log_likelihoods.begin(), log_likelihoods.end());
    double weight_sum = 0;
    double theta = 0;
    for (std::size_t i = 0; i < thetas.size(); ++i) {
        const double weight = std::exp(log_likelihoods[i] - largest);
        weight_sum += weight;
        theta += weight * thetas[i];
    }
    constexpr double prior_count = 10;
    return (n * shape_at(theta / weight_sum) + prior_count / 2) / (n + prior_count);
}

}  // namespace

double pareto_shape(const Vector& log_weights) {
    const auto count = static_cast<double>(log_weights.size());
    constexpr double fewest = 25;
    if (count < fewest) return std::numeric_limits<double>::quiet_NaN();
    std::vector<double> sorted(log_weights.begin(), log_weights.end());
    std::sort(sorted.begin(), sorted.end());
    const auto tail = static_cast<std::size_t>(std::ceil(std::min(count / 5, 3 * std::sqrt(count))));
    const double largest = sorted.back();
    const double cut = std::exp(sorted[sorted.size() - tail - 1] - largest);
    std::vector<double> excess;
    for (std::size_t i = sorted.size() - tail; i < sorted.size(); ++i)
        excess.push_back(std::exp(sorted[i] - largest) - cut);
    constexpr double no_spread = 1e-14;
    if (excess.back() < no_spread || excess[excess.size() / 4] <= 0)
        return -std::numeric_limits<double>::infinity();
    return shape_of_excesses(excess);
}

}  // namespace attnpaths
