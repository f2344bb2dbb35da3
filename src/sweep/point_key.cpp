#include "sweep/point_key.hpp"

#include "analyses/registry.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "store/schema.hpp"
#include "task/head_counts.hpp"

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
KeyText kernels_text(const Configuration& configuration, const GridPoint& point, Index input_width) {
    const Architecture& architecture = point.architecture;
    KeyText text;
    text.add("attnpaths", std::to_string(store_format_version));
    text.add("task", configuration.task_name);
    text.add("data", configuration.task->content());
    text.add("heads", head_counts_text(architecture.heads));
    text.add("variance_input", architecture.variances.input);
    text.add("variance_layer", architecture.variances.layers);
    text.add("variance_readout", architecture.variances.readout);
    text.add("examples", std::to_string(point.examples));
    text.add("temperature", point.temperature);
    text.add("seed", std::to_string(point.seed));
    text.add("kernels", to_text(kernel_storage(configuration.point, point, input_width)));
    return text;
}

/// A value as all ways of writing it: numbers by their value, lists with one blank between words.
std::string canonical_text(const Settings& settings, const std::string& key) {
    std::string text;
    for (const std::string& word : settings.list(key)) {
        double number = 0;
        const bool is_number = parse_number(word, number);
        const bool is_boolean = word == "true" || word == "yes" || word == "on" || word == "false" ||
                                word == "no" || word == "off";
        text += text.empty() ? "" : " ";
        if (is_number)
            text += exact_text(number);
        else if (is_boolean)
            text += settings.boolean(key) ? "1" : "0";
        else
            text += word;
    }
    return text;
}

}  // namespace

std::string problem_key(const Configuration& configuration, const GridPoint& point, Index input_width) {
    KeyText text = kernels_text(configuration, point, input_width);
    text.add("width", point.architecture.widths);
    text.add("readout_width", point.architecture.readout_width);
    return hash_of(text.text());
}

std::string analysis_key(const Analysis& analysis, const Configuration& configuration, const GridPoint& point,
                         Index input_width) {
    const AnalysisInputs inputs = analysis_inputs(configuration, point.architecture.heads);
    KeyText text;
    text.add("analysis", analysis.name);
    text.add("revision", std::to_string(analysis.revision));
    text.add("problem", analysis.scope == Scope::problem
                            ? problem_key(configuration, point, input_width)
                            : hash_of(kernels_text(configuration, point, input_width).text()));
    if (analysis.identity != nullptr)
        text.add("settings", analysis.identity(inputs));
    else
        for (const SettingKey& setting : analysis.settings)
            text.add(setting.name, canonical_text(inputs.settings, setting.name));
    for (const std::string& need : analysis.needs)
        text.add("needs", analysis_key(*find_analysis(need), configuration, point, input_width));
    return hash_of(text.text());
}

std::string point_key(const Configuration& configuration, const GridPoint& point, Index input_width) {
    KeyText text;
    text.add("problem", problem_key(configuration, point, input_width));
    for (const Analysis* analysis : configuration.point.analyses) {
        text.add("analysis", analysis_key(*analysis, configuration, point, input_width));
        for (const SettingKey& output : analysis->outputs)
            text.add(output.name, canonical_text(configuration.settings, output.name));
    }
    return hash_of(text.text());
}

}  // namespace attnpaths
