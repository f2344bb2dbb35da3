#pragma once

#include "analyses/samples/sampling_settings.hpp"
#include "sampling/independent_ensemble.hpp"

#include <vector>

namespace attnpaths {

/// How the posterior over the order parameters is sampled.
enum class OrderParameterSampler {
    independent,  ///< by independent draws, or not at all
    automatic,    ///< by the no-U-turn sampler where these are not reliable
    nuts          ///< by the no-U-turn sampler
};

struct OrderParameterSettings {
    OrderParameterSampler method = OrderParameterSampler::independent;
    IndependentOptions independent;
    double limit = 0;  ///< nominal seconds that OrderParameterSampler::independent may take
    SamplerSettings chains;
    int predictor_draws = 0;  ///< over which the predictor is averaged
};

std::vector<SettingKey> order_parameter_setting_keys();

/// @throws UsageError naming place, key and value
OrderParameterSettings read_order_parameter_settings(const Settings& settings);

}  // namespace attnpaths
