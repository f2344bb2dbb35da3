#include "point/keys.hpp"

#include "analyses/registry.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "datasets/head_counts.hpp"
#include "point/schema.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

std::string hash_of(const std::string& text) {
    ContentHash hash;
    hash.add(text);
    return hash.hex();
}

/// "name=value" lines.
class KeyText {
  public:
    void add(std::string_view name, std::string_view value) { text_ += fmt::format("{}={}\n", name, value); }
    void add(std::string_view name, double value) { add(name, exact_text(value)); }
    void add(std::string_view name, const std::vector<double>& values) {
        for (const double value : values) add(name, value);
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
};

/// What a problem depends on, the widths aside.
KeyText kernels_text(const PointConfiguration& configuration, const GridPoint& point, Index input_width) {
    const Architecture& architecture = point.architecture;
    KeyText text;
    text.add("attnpaths", std::to_string(schema_version));
    text.add("task", configuration.task_name);
    text.add("data", configuration.task->content());
    text.add("heads", head_counts_text(architecture.heads));
    text.add("variance_input", architecture.variances.input);
    text.add("variance_layer", architecture.variances.layers);
    text.add("variance_readout", architecture.variances.readout);
    text.add("examples", std::to_string(point.examples));
    text.add("temperature", point.temperature);
    text.add("seed", std::to_string(point.seed));
    text.add("kernels", to_text(kernel_storage(configuration, point, input_width)));
    return text;
}

}  // namespace

std::string problem_key(const PointConfiguration& configuration, const GridPoint& point, Index input_width) {
    KeyText text = kernels_text(configuration, point, input_width);
    text.add("width", point.architecture.widths);
    text.add("readout_width", point.architecture.readout_width);
    return hash_of(text.text());
}

std::string kernels_key(const PointConfiguration& configuration, const GridPoint& point, Index input_width) {
    return hash_of(kernels_text(configuration, point, input_width).text());
}

std::string analysis_key(const Analysis& analysis, const AnalysisInputs& inputs) {
    KeyText text;
    text.add("analysis", analysis.name);
    text.add("revision", std::to_string(analysis.revision));
    if (analysis.identity != nullptr)
        text.add("settings", analysis.identity(inputs));
    else
        for (const SettingKey& setting : analysis.settings)
            text.add(setting.name, canonical_text(inputs.settings, setting.name));
    for (const std::string& need : analysis.needs)
        text.add("needs", analysis_key(*find_analysis(need), inputs));
    return hash_of(text.text());
}

Plan plan_of(const PointConfiguration& configuration, const std::vector<Index>& heads) {
    const AnalysisInputs inputs = analysis_inputs(configuration, heads);
    Plan plan;
    for (const Analysis* analysis : configuration.analyses)
        plan.push_back({analysis, analysis_key(*analysis, inputs),
                        kept_text(*analysis, configuration.settings),
                        configuration.required.contains(analysis)});
    return plan;
}

}  // namespace attnpaths
