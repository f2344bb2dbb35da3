#include "analyses/registry.hpp"
#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/reference_cost.hpp"
#include "cli/registries_json.hpp"
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

std::string help_text(const Analysis& analysis) {
    std::string text = fmt::format(
        "{}: {}\n\nsource: {}\n"
        "cost:   {:.2g} s by a count of operations at P = 100, 1000 test points, four paths, N = 100\n",
        analysis.name, analysis.summary, analysis.source, reference_cost(analysis));
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
    if (arguments == std::vector<std::string>{"--json"}) {
        write_output(registries_json());
        return 0;
    }
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
