#pragma once

#include "analyses/samples/sampling_settings.hpp"
#include "base/record.hpp"
#include "sampling/averaged_prediction.hpp"
#include "sampling/chain_ensemble.hpp"

#include <functional>
#include <string>
#include <vector>

namespace attnpaths {

/// One way to sample the posterior of a point. Its target tracks the lower triangle of U_1.
class SamplingMethod {
  public:
    virtual ~SamplingMethod() = default;

    [[nodiscard]] virtual const SamplingTarget& target() const = 0;
    [[nodiscard]] virtual const SamplerSettings& settings() const = 0;
    /// Predictor on every test set.
    /// @param poll  called often; may throw
    [[nodiscard]] virtual std::vector<AveragedPrediction> predictions(
        ChainEnsemble& ensemble, const std::function<void()>& poll) const = 0;
    /// Enters what else converged chains say; nothing unless overridden.
    virtual void add_more(ChainEnsemble& /*ensemble*/, const std::function<void()>& /*poll*/,
                          Record& /*record*/) const {}
    /// Enters stored draws beyond those of U_1, if any are wanted, under GROUP/draws_*.
    virtual void add_draws(ChainEnsemble& ensemble, const std::string& group,
                           const std::function<void()>& poll, Record& record) const = 0;
};

}  // namespace attnpaths
