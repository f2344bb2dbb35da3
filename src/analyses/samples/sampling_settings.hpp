#pragma once

#include "analyses/output_setting.hpp"
#include "sampling/chain_ensemble.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Which draws are stored.
enum class StoredDraws {
    none,
    order_parameters,  ///< U_1 and the log density
    weights            ///< all weights of the network too
};

/// How one sampler works and what of its draws is kept.
struct SamplerSettings {
    SamplingOptions options;
    int warmup = 0;  ///< transitions per chain
    StoredDraws draws = StoredDraws::none;
    int thin = 1;  ///< every such draw is stored
    bool predictions = true;
};

/// The settings of samplers that change their results, but for those whose names begin with `prefix`
/// ("sampling." or "sampling.weights_"): warmup, draws, max_draws with these defaults.
std::vector<SettingKey> sampler_settings(const std::string& prefix, const std::string& of,
                                         const std::string& default_warmup);
/// Output options of samplers.
std::vector<OutputSetting> sampler_outputs();

/// @throws UsageError naming place, key and value
SamplerSettings read_sampler_settings(const Settings& settings, const std::string& prefix);

}  // namespace attnpaths
