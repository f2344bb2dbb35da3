#include "analyses/registry.hpp"
#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace attnpaths::cli {

namespace {

void add_settings(std::string& text, const char* title, const std::vector<SettingKey>& settings) {
    if (settings.empty()) return;
    text += fmt::format("\n{}:\n", title);
    for (const SettingKey& setting : settings)
        text += fmt::format("  {:<28} {} [{}]\n", setting.name, setting.description, setting.default_value);
}

/// What it costs on the paper's task: P = 100, 1000 test points, four paths, N0 = 231.
std::string cost_text(const Analysis& analysis) {
    constexpr Index examples = 100;
    constexpr Index input_width = 231;
    constexpr double data_examples = 1100;
    Settings settings;
    settings.fill_defaults(analysis_settings());
    Architecture architecture;
    architecture.heads = {2, 2};
    architecture.widths = {100, 100};
    architecture.readout_width = 100;
    architecture.outputs = 1;
    const NominalCost cost = analysis.cost(
        {architecture, examples, input_width, examples, KernelStorage::kernels, data_examples}, settings);
    return fmt::format("{:.2g} s by a count of operations at P = 100, 1000 test points, four paths, N = 100",
                       cost.theory + cost.sampling);
}

std::string help_text(const Analysis& analysis) {
    std::string text = fmt::format("{}: {}\n\nsource: {}\ncost:   {}\n", analysis.name, analysis.summary,
                                   analysis.source, cost_text(analysis));
    if (!analysis.needs.empty()) text += fmt::format("needs:  {}\n", fmt::join(analysis.needs, ", "));
    if (!analysis.by_default) text += fmt::format("run by: --analyses.run \"default {}\"\n", analysis.name);
    if (analysis.scope == Scope::kernels) text += "the same at all widths, so computed once for these\n";
    add_settings(text, "settings that change its results", analysis.settings);
    std::vector<SettingKey> outputs;
    for (const OutputSetting& output : analysis.outputs) outputs.push_back(output.key);
    add_settings(text, "settings that choose what is kept of them", outputs);
    text += "\ncolumns:\n";
    for (const Column& column : analysis.columns)
        text += fmt::format("  {:<42} {:<8} {:<26} {}{}\n", column.name, type_name(column.type), column.shape,
                            column.description, column.units.empty() ? "" : " [" + column.units + "]");
    return text;
}

}  // namespace

int run_help(const std::vector<std::string>& arguments) {
    const Analysis* analysis = find_analysis(arguments.front());
    if (analysis == nullptr || arguments.size() > 1) {
        std::vector<std::string> names;
        for (const Analysis& known : analyses()) names.push_back(known.name);
        throw UsageError(fmt::format("there is no analysis \"{}\"; there are {}", fmt::join(arguments, " "),
                                     fmt::join(names, ", ")));
    }
    write_output(help_text(*analysis));
    return 0;
}

}  // namespace attnpaths::cli
