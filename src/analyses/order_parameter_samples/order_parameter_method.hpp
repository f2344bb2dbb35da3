#pragma once

#include "analyses/samples/sample.hpp"
#include "sampling/network_weights.hpp"
#include "sampling/order_parameter_target.hpp"

namespace attnpaths {

/// All weights of the network, drawn exactly given the order parameters.
/// @param chain, draw  whose they are: number the stream
NetworkWeights network_weights_given(const SamplingProblem& problem, const WhitenedCoordinates::Point& point,
                                     std::uint64_t chain, std::uint64_t draw);

/// Samples the exact posterior over the order parameters: its cost does not depend on the widths.
class OrderParameterMethod : public SamplingMethod {
  public:
    /// @param predictor_draws  draws over which predictors are averaged
    /// @throws Error if the draws to be stored do not fit into the memory budget
    OrderParameterMethod(const SamplerSettings& settings, int predictor_draws,
                         const SamplingProblem& problem);

    [[nodiscard]] const SamplingTarget& target() const override { return target_; }
    [[nodiscard]] const SamplerSettings& settings() const override { return settings_; }
    [[nodiscard]] std::vector<AveragedPrediction> predictions(
        ChainEnsemble& ensemble, const std::function<void()>& poll) const override;
    /// The evidence by bridge sampling, which needs no reliable weights.
    void add_more(ChainEnsemble& ensemble, const std::function<void()>& poll, Record& record) const override;
    /// All weights of the network, drawn exactly given each stored draw of the order parameters.
    void add_draws(ChainEnsemble& ensemble, const std::string& group, const std::function<void()>& poll,
                   Record& record) const override;

  private:
    [[nodiscard]] WhitenedCoordinates::Point whitened_point(const Vector& position) const;

    SamplerSettings settings_;
    int predictor_draws_;
    const SamplingProblem& problem_;
    DataTerm data_term_;
    OrderParameterPosterior posterior_;
    NormalScale scale_;
    SamplingTarget target_;
};

}  // namespace attnpaths
