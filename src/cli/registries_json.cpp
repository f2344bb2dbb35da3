#include "cli/registries_json.hpp"

#include "analyses/registry.hpp"
#include "cli/reference_cost.hpp"
#include "point/columns.hpp"
#include "sweep/configuration.hpp"
#include "tasks/registry.hpp"
#include "version.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace attnpaths::cli {

namespace {

using Json = nlohmann::ordered_json;

const char* kind_name(SettingKind kind) {
    switch (kind) {
        case SettingKind::text:
            return "text";
        case SettingKind::file:
            return "file";
        case SettingKind::real:
            return "real";
        case SettingKind::whole:
            return "whole";
        case SettingKind::boolean:
            return "boolean";
        case SettingKind::reals:
            return "list of reals";
        case SettingKind::wholes:
            return "list of wholes";
    }
    return "";
}

Json json_of(const std::vector<SettingKey>& settings) {
    Json all = Json::array();
    for (const SettingKey& setting : settings) {
        Json one = {{"name", setting.name},
                    {"kind", kind_name(setting.kind)},
                    {"default", setting.default_value},
                    {"description", setting.description}};
        if (std::isfinite(setting.least)) one["least"] = setting.least;
        if (std::isfinite(setting.largest)) one["largest"] = setting.largest;
        all.push_back(one);
    }
    return all;
}

Json json_of(const Column& column) {
    return {{"name", column.name},
            {"type", type_name(column.type)},
            {"shape", column.shape},
            {"units", column.units},
            {"description", column.description}};
}

Json json_of(const Analysis& analysis) {
    std::vector<SettingKey> outputs;
    for (const OutputSetting& output : analysis.outputs) outputs.push_back(output.key);
    Json columns = Json::array();
    for (const Column& column : analysis.columns) columns.push_back(json_of(column));
    return {{"name", analysis.name},
            {"summary", analysis.summary},
            {"source", analysis.source},
            {"needs", analysis.needs},
            {"by_default", analysis.by_default},
            {"every_width", analysis.scope == Scope::kernels},
            {"cost_seconds", reference_cost(analysis)},
            {"settings", json_of(analysis.settings)},
            {"outputs", json_of(outputs)},
            {"columns", columns}};
}

}  // namespace

std::string registries_json() {
    Json json = {{"version", program_version},
                 {"tasks", Json::array()},
                 {"setting_groups", Json::array()},
                 {"point_columns", Json::array()},
                 {"analyses", Json::array()}};
    for (const TaskDeclaration& task : tasks())
        json["tasks"].push_back({{"name", task.name},
                                 {"summary", task.summary},
                                 {"explanation", task.explanation},
                                 {"settings", json_of(task.settings)}});
    for (const SettingGroup& group : sweep_key_groups())
        json["setting_groups"].push_back({{"title", group.title}, {"settings", json_of(group.keys)}});
    for (const Column& column : schema())
        if (analysis_of(column.name) == nullptr) json["point_columns"].push_back(json_of(column));
    for (const Analysis& analysis : analyses()) json["analyses"].push_back(json_of(analysis));
    return json.dump(1) + "\n";
}

}  // namespace attnpaths::cli
