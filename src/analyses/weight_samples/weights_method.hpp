#pragma once

#include "analyses/samples/sample.hpp"
#include "sampling/weight_target.hpp"

namespace attnpaths {

/// Samples all weights of the network, as the paper does to check its theory. Its cost grows with the widths.
class WeightsMethod : public SamplingMethod {
  public:
    /// @throws Error if the chains do not fit into the memory budget
    WeightsMethod(const SamplerSettings& settings, const SamplingProblem& problem);

    [[nodiscard]] const SamplingTarget& target() const override { return target_; }
    [[nodiscard]] const SamplerSettings& settings() const override { return settings_; }
    [[nodiscard]] std::vector<AveragedPrediction> predictions(
        ChainEnsemble& ensemble, const std::function<void()>& poll) const override;
    void add_draws(ChainEnsemble& ensemble, const std::string& group, const std::function<void()>& poll,
                   Record& record) const override;

  private:
    SamplerSettings settings_;
    const SamplingProblem& problem_;
    WeightPosterior posterior_;
    SamplingTarget target_;
};

}  // namespace attnpaths
