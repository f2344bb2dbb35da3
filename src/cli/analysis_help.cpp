#include "cli/analysis_help.hpp"

#include "cli/reference_cost.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace attnpaths::cli {

namespace {

std::string cost_text(const Analysis& analysis) {
    return fmt::format("{:.2g} s by a count of operations at P = 100, 1000 test points, four paths, N = 100",
                       reference_cost(analysis));
}

HelpItem item_of(const SettingKey& setting) {
    return {setting.name, "", fmt::format("{} [{}]", setting.description, setting.default_value)};
}

HelpItem item_of(const Column& column) {
    return {column.name,
            std::string(type_name(column.type)) + (column.shape.empty() ? "" : " ") + column.shape,
            column.description + (column.units.empty() ? "" : " [" + column.units + "]")};
}

template <class Things>
void add_section(std::vector<HelpSection>& sections, const char* title, const Things& things) {
    if (things.empty()) return;
    sections.push_back({title, {}});
    for (const auto& thing : things) sections.back().items.push_back(item_of(thing));
}

}  // namespace

std::vector<HelpSection> analysis_help(const Analysis& analysis) {
    HelpSection facts{"what it rests on",
                      {{"source", "", analysis.source}, {"cost", "", cost_text(analysis)}}};
    if (!analysis.needs.empty())
        facts.items.push_back({"needs", "", fmt::format("{}", fmt::join(analysis.needs, ", "))});
    if (!analysis.by_default)
        facts.items.push_back({"run by", "", fmt::format("--analyses.run \"default {}\"", analysis.name)});
    if (analysis.scope == Scope::kernels)
        facts.items.push_back({"widths", "", "the same at all of them, so computed once for these"});
    std::vector<HelpSection> sections = {facts};
    add_section(sections, "settings that change its results", analysis.settings);
    std::vector<SettingKey> outputs;
    for (const OutputSetting& output : analysis.outputs) outputs.push_back(output.key);
    add_section(sections, "settings that choose what is kept of them", outputs);
    add_section(sections, "columns", analysis.columns);
    return sections;
}

}  // namespace attnpaths::cli
