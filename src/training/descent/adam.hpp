#pragma once

#include "training/network_parameters.hpp"

namespace attnpaths {

struct AdamSettings {
    double learning_rate = 3e-4;
    double decay = 5e-5;  ///< L2: added to the gradient times the weight
    double first_moment = 0.9;
    double second_moment = 0.999;
    double epsilon = 1e-8;
    bool plain = false;  ///< plain gradient steps, w -= learning_rate (g + decay w), without any moments
};

/// Adam (Kingma and Ba, arXiv:1412.6980) with L2 regularisation on all weights of a network, as PyTorch's
/// torch.optim.Adam computes it; or plain gradient steps.
class Adam {
  public:
    Adam(const AdamSettings& settings, Index weights);

    /// Begins step number `step`, counted from 1.
    void begin(std::int64_t step);
    /// Changes the weights of one matrix; all others stay.
    void update(WeightVector<float>& weights, const WeightBlock& block, const WeightMatrix<float>& gradient);

    WeightVector<float> mean;    ///< running mean of the gradient
    WeightVector<float> square;  ///< and of its square

  private:
    AdamSettings settings_;
    float step_size_ = 0;
    float square_scale_ = 0;
};

}  // namespace attnpaths
