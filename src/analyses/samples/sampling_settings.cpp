#include "analyses/samples/sampling_settings.hpp"

#include "analyses/predictor_quality.hpp"

#include <fmt/format.h>

#include <optional>

namespace attnpaths {

namespace {

constexpr double largest_number = 1e15;
constexpr long long most_draws = 100000000;

constexpr const char* draws_setting = "store.draws";

std::optional<StoredDraws> stored_draws_of(const std::string& text) {
    if (text == "none" || text == "false" || text == "0") return StoredDraws::none;
    if (text == "order-parameters") return StoredDraws::order_parameters;
    if (text == "weights") return StoredDraws::weights;
    return std::nullopt;
}

StoredDraws stored_draws_of(const Settings& settings) {
    const std::string text = settings.text(draws_setting);
    if (const std::optional<StoredDraws> draws = stored_draws_of(text)) return *draws;
    settings.fail(draws_setting, fmt::format("\"{}\" is not order-parameters, weights or none", text));
}

}  // namespace

std::vector<SettingKey> sampler_settings(const std::string& prefix, const std::string& of,
                                         const std::string& default_warmup) {
    return {
        {"sampling.chains", "4", "chains per point and sampler"},
        {prefix + "warmup", default_warmup, "warm-up transitions per chain" + of},
        {prefix + "draws", "500", "draws per chain before the diagnostics are looked at" + of},
        {prefix + "max_draws", "4000",
         "draws per chain at most; sampling goes on until the targets are met" + of},
        {"sampling.target_ess", "400", "least effective sample size wanted"},
        {"sampling.target_rhat", "1.01", "largest R-hat accepted"},
    };
}

std::vector<OutputSetting> sampler_outputs() {
    return {
        {predictions_setting(), keeps_at_least},
        {{draws_setting, "none",
          "draws to store: order-parameters (U and log density), weights (all weights of the network too), "
          "none"},
         [](const std::string& kept, const std::string& wanted) {
             return stored_draws_of(kept) >= stored_draws_of(wanted);  // each includes those before it
         }},
        {{"store.thin", "10", "store every such draw"},
         keeps_the_same,
         [](const Settings& settings) { return stored_draws_of(settings) != StoredDraws::none; }},
    };
}

SamplerSettings read_sampler_settings(const Settings& settings, const std::string& prefix) {
    SamplerSettings sampler;
    SamplingOptions& options = sampler.options;
    options.chains = static_cast<int>(settings.integer("sampling.chains", 1, 10000));
    sampler.warmup = static_cast<int>(settings.integer(prefix + "warmup", 0, most_draws));
    options.draws = static_cast<int>(settings.integer(prefix + "draws", 4, most_draws));
    options.max_draws = static_cast<int>(settings.integer(prefix + "max_draws", 4, most_draws));
    options.target_ess = settings.number("sampling.target_ess", 0, largest_number);
    options.target_rhat = settings.number("sampling.target_rhat", 1, largest_number);
    sampler.draws = stored_draws_of(settings);
    sampler.thin = static_cast<int>(settings.integer("store.thin", 1, most_draws));
    sampler.predictions = settings.boolean(predictions_setting().name);
    return sampler;
}

}  // namespace attnpaths
