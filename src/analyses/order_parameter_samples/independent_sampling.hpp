#pragma once

#include "analyses/order_parameter_samples/order_parameter_settings.hpp"
#include "analyses/samples/sample.hpp"

#include <span>
#include <string>

namespace attnpaths {

/// What independent draws came to at a point.
struct IndependentOutcome {
    WeightQuality quality = WeightQuality::unreliable;
    std::string reason;  ///< why they are, or are not, to be believed
};

/// "sampled", "doubtful", "unreliable" or "too-few".
std::string verdict_of(WeightQuality quality);

/// Name of the draws in checkpoints; their strands are its chains.
inline constexpr const char* independent_draws_name = "order-parameter/independent";

/// Makes independent draws, from the checkpoint on, until they are worth enough or will not be. Enters what
/// the weights say of themselves; where the draws can be believed, all that was sampled and the evidence too.
/// @throws HandedBack, and whatever the context's polls throw: the checkpoint is up to date
IndependentOutcome sample_independently(const std::string& group, const OrderParameterSettings& settings,
                                        const SamplingProblem& problem, Context& context, Record& record);

/// Brings some of the strands to their goal.
void advance_strands(const OrderParameterSettings& settings, const SamplingProblem& problem,
                     std::span<const int> strands, Context& context);

}  // namespace attnpaths
