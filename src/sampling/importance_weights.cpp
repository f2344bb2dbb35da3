#include "sampling/importance_weights.hpp"

#include <cmath>

namespace attnpaths {

Vector relative_weights(const Vector& log_weights) {
    return (log_weights.array() - log_weights.maxCoeff()).exp();
}

double effective_draws(const Vector& log_weights) {
    const Vector weights = relative_weights(log_weights);
    return std::pow(weights.sum(), 2) / weights.squaredNorm();
}

std::vector<Index> resample(const Vector& weights, Index count, RandomStream& random) {
    const double step = weights.sum() / static_cast<double>(count);
    double next = step * random.uniform();
    double sum = weights(0);
    std::vector<Index> chosen;
    for (Index draw = 0; static_cast<Index>(chosen.size()) < count; next += step) {
        while (sum <= next && draw + 1 < weights.size()) sum += weights(++draw);
        chosen.push_back(draw);
    }
    return chosen;
}

}  // namespace attnpaths
