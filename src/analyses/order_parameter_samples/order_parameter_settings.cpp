#include "analyses/order_parameter_samples/order_parameter_settings.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

constexpr const char* prefix = "sampling.";
constexpr long long most_draws = 100000000;

const SettingKey method_key = {
    "sampling.method", "independent",
    "how order parameters are sampled: independent (independent draws where they are reliable and cheap, "
    "nothing "
    "elsewhere), auto (independent draws, the no-U-turn sampler where they are not reliable), nuts"};
const SettingKey independent_draws_key = {
    "sampling.independent_draws",
    "8192",
    "independent draws at most; they go on until sampling.target_ess is met",
    SettingKind::whole,
    512,
    most_draws};
const SettingKey limit_key = {
    "sampling.limit", "5",
    "with method = independent: seconds, by a count of operations, beyond which a point is not sampled",
    SettingKind::real, 0};
const SettingKey predictor_draws_key = {"sampling.predictor_draws",
                                        "200",
                                        "draws of order parameters over which the predictor is averaged "
                                        "(over all of them where there are control variates)",
                                        SettingKind::whole,
                                        1,
                                        most_draws};

OrderParameterSampler method_of(const Settings& settings) {
    const std::string text = settings.text(method_key.name);
    if (text == "independent") return OrderParameterSampler::independent;
    if (text == "auto") return OrderParameterSampler::automatic;
    if (text == "nuts") return OrderParameterSampler::nuts;
    settings.fail(method_key.name, fmt::format("\"{}\" is not independent, auto or nuts", text));
}

}  // namespace

std::vector<SettingKey> order_parameter_setting_keys() {
    std::vector<SettingKey> keys = {method_key, independent_draws_key, limit_key};
    const std::vector<SettingKey> chains = sampler_settings(prefix, "", "300");
    keys.insert(keys.end(), chains.begin(), chains.end());
    keys.push_back(predictor_draws_key);
    return keys;
}

OrderParameterSettings read_order_parameter_settings(const Settings& settings) {
    OrderParameterSettings result;
    result.method = method_of(settings);
    result.chains = read_sampler_settings(settings, prefix);
    result.independent.target_ess = result.chains.options.target_ess;
    result.independent.max_draws = static_cast<int>(settings.integer(independent_draws_key));
    result.limit = settings.number(limit_key);
    result.predictor_draws = static_cast<int>(settings.integer(predictor_draws_key));
    return result;
}

}  // namespace attnpaths
