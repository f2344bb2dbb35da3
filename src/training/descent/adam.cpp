#include "training/descent/adam.hpp"

#include <cmath>

namespace attnpaths {

Adam::Adam(const AdamSettings& settings, Index weights)
    : mean(WeightVector<float>::Zero(weights)),
      square(WeightVector<float>::Zero(weights)),
      settings_(settings) {}

void Adam::begin(std::int64_t step) {
    const auto number = static_cast<double>(step);
    step_size_ = static_cast<float>(settings_.learning_rate / (1 - std::pow(settings_.first_moment, number)));
    square_scale_ = static_cast<float>(1 / std::sqrt(1 - std::pow(settings_.second_moment, number)));
}

void Adam::update(WeightVector<float>& weights, const WeightBlock& block,
                  const WeightMatrix<float>& gradient) {
    if (settings_.plain) {
        auto own = view(weights, block);
        own -= static_cast<float>(settings_.learning_rate) *
               (gradient + static_cast<float>(settings_.decay) * own);
        return;
    }
    const auto first = static_cast<float>(settings_.first_moment);
    const auto second = static_cast<float>(settings_.second_moment);
    const auto decay = static_cast<float>(settings_.decay);
    const auto epsilon = static_cast<float>(settings_.epsilon);
    const auto new_first = static_cast<float>(1 - settings_.first_moment);
    const auto new_second = static_cast<float>(1 - settings_.second_moment);
    float* __restrict w = weights.data() + block.offset;
    float* __restrict m = mean.data() + block.offset;
    float* __restrict v = square.data() + block.offset;
    const float* __restrict g = gradient.data();
    // One pass over memory, which is what bounds it.
    for (Index i = 0; i < block.size(); ++i) {
        const float slope = g[i] + decay * w[i];
        m[i] = first * m[i] + new_first * slope;
        v[i] = second * v[i] + new_second * slope * slope;
        w[i] -= step_size_ * m[i] / (std::sqrt(v[i]) * square_scale_ + epsilon);
    }
}

}  // namespace attnpaths
