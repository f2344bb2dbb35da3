#pragma once

#include "sampling/weight_target.hpp"
#include "sweep/sampling_method.hpp"

namespace attnpaths {

/// Samples all weights of the network, as the paper does to check its theory. Its cost grows with the widths.
class WeightsMethod : public SamplingMethod {
  public:
    /// @throws Error if the chains do not fit into the memory budget
    WeightsMethod(const PointConfiguration& configuration, const SamplingProblem& problem);

    [[nodiscard]] const SamplingTarget& target() const override { return target_; }
    [[nodiscard]] const SamplingOptions& options() const override;
    [[nodiscard]] std::vector<AveragedPrediction> predictions(
        ChainEnsemble& ensemble, const std::function<void()>& poll) const override;
    void add_draws(ChainEnsemble& ensemble, const std::string& group, const std::function<void()>& poll,
                   Record& record) const override;

  private:
    const SamplingConfiguration& configuration_;
    const SamplingProblem& problem_;
    WeightPosterior posterior_;
    SamplingTarget target_;
};

}  // namespace attnpaths
