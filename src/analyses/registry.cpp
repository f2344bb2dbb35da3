#include "analyses/registry.hpp"

#include "analyses/alignment/alignment.hpp"
#include "analyses/best_temperature/best_temperature.hpp"
#include "analyses/evidence/evidence.hpp"
#include "analyses/gaussian_process/gaussian_process.hpp"
#include "analyses/head_evidence/head_evidence.hpp"
#include "analyses/learning_curve/learning_curve.hpp"
#include "analyses/next_order/next_order.hpp"
#include "analyses/order_parameter_samples/order_parameter_samples.hpp"
#include "analyses/predictor/predictor.hpp"
#include "analyses/saddle_point/saddle_point.hpp"
#include "analyses/scores/scores.hpp"
#include "analyses/self_training/self_training.hpp"
#include "analyses/sub_networks/sub_networks.hpp"
#include "analyses/target_alignment/target_alignment.hpp"
#include "analyses/weight_samples/weight_samples.hpp"

#include <algorithm>

namespace attnpaths {

const std::vector<Analysis>& analyses() {
    // What an analysis needs comes before it. Samplers come as early as they can: what comes before them is
    // done again where a point is handed back or interrupted.
    static const std::vector<Analysis> all = {
        saddle_point_analysis(),     order_parameter_samples_analysis(),
        weight_samples_analysis(),   gaussian_process_analysis(),
        predictor_analysis(),        alignment_analysis(),
        scores_analysis(),           sub_networks_analysis(),
        next_order_analysis(),       evidence_analysis(),
        best_temperature_analysis(), head_evidence_analysis(),
        learning_curve_analysis(),   self_training_analysis(),
        target_alignment_analysis(),
    };
    return all;
}

const Analysis* find_analysis(std::string_view name) {
    const std::vector<Analysis>& all = analyses();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Analysis& a) { return a.name == name; });
    return found == all.end() ? nullptr : &*found;
}

std::vector<SettingGroup> analysis_setting_groups() {
    std::vector<SettingGroup> groups;
    for (const Analysis& analysis : analyses()) {
        std::vector<SettingKey> keys = analysis.settings;
        for (const OutputSetting& output : analysis.outputs) keys.push_back(output.key);
        add_group(groups, "Analysis " + analysis.name, keys);
    }
    return groups;
}

std::vector<SettingKey> analysis_settings() {
    return keys_of(analysis_setting_groups());
}

}  // namespace attnpaths
