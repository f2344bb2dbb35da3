#include "analyses/registry.hpp"

#include "analyses/alignment/alignment.hpp"
#include "analyses/evidence/evidence.hpp"
#include "analyses/gaussian_process/gaussian_process.hpp"
#include "analyses/learning_curve/learning_curve.hpp"
#include "analyses/next_order/next_order.hpp"
#include "analyses/order_parameter_samples/order_parameter_samples.hpp"
#include "analyses/predictor/predictor.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "analyses/scores/scores.hpp"
#include "analyses/sub_networks/sub_networks.hpp"
#include "analyses/weight_samples/weight_samples.hpp"

#include <algorithm>

namespace attnpaths {

const std::vector<Analysis>& analyses() {
    // What an analysis needs comes before it. Samplers come as early as they can: what comes before them is
    // done again where a point is handed back or interrupted.
    static const std::vector<Analysis> all = {
        saddle_point_analysis(),   order_parameter_samples_analysis(),
        weight_samples_analysis(), gaussian_process_analysis(),
        predictor_analysis(),      alignment_analysis(),
        scores_analysis(),         sub_networks_analysis(),
        next_order_analysis(),     evidence_analysis(),
        learning_curve_analysis(),
    };
    return all;
}

const Analysis* find_analysis(std::string_view name) {
    const std::vector<Analysis>& all = analyses();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Analysis& a) { return a.name == name; });
    return found == all.end() ? nullptr : &*found;
}

std::vector<SettingKey> analysis_settings() {
    std::vector<SettingKey> settings;
    const auto add = [&](const SettingKey& setting) {
        const bool is_known = std::any_of(settings.begin(), settings.end(),
                                          [&](const auto& other) { return other.name == setting.name; });
        if (!is_known) settings.push_back(setting);
    };
    for (const Analysis& analysis : analyses()) {
        std::for_each(analysis.settings.begin(), analysis.settings.end(), add);
        for (const OutputSetting& output : analysis.outputs) add(output.key);
    }
    return settings;
}

}  // namespace attnpaths
