#pragma once

#include "sampling/order_parameter_target.hpp"
#include "sweep/sampling_method.hpp"

namespace attnpaths {

/// Samples the exact posterior over the order parameters: its cost does not depend on the widths.
class OrderParameterMethod : public SamplingMethod {
  public:
    OrderParameterMethod(const PointConfiguration& configuration, const SamplingProblem& problem);

    [[nodiscard]] const SamplingTarget& target() const override { return target_; }
    [[nodiscard]] const SamplingOptions& options() const override;
    [[nodiscard]] std::vector<AveragedPrediction> predictions(
        ChainEnsemble& ensemble, const std::function<void()>& poll) const override;
    /// All weights of the network, drawn exactly given each stored draw of the order parameters.
    void add_draws(ChainEnsemble& ensemble, const std::string& group, const std::function<void()>& poll,
                   Record& record) const override;

  private:
    [[nodiscard]] WhitenedCoordinates::Point point_of(const Vector& position) const;

    const SamplingConfiguration& configuration_;
    const SamplingProblem& problem_;
    Energy energy_;
    OrderParameterPosterior posterior_;
    NormalScale scale_;
    SamplingTarget target_;
};

}  // namespace attnpaths
