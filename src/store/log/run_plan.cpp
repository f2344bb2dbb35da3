#include "store/log/run_plan.hpp"

#include "base/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <unistd.h>

namespace attnpaths {

std::string encode_plan(const RunPlan& plan) {
    nlohmann::json json = {{"planned", plan.header.planned},
                           {"configuration", plan.header.configuration},
                           {"program_version", plan.header.program_version},
                           {"git_hash", plan.header.git_hash},
                           {"host", plan.header.host},
                           {"created", plan.header.created},
                           {"run_started", plan.header.run_started},
                           {"numerics", plan.header.numerics},
                           {"pid", ::getpid()},
                           {"ranks", plan.ranks}};
    for (const auto& [name, value] : header_numbers)
        if (std::isfinite(plan.header.*value)) json[name] = plan.header.*value;
    // Bytes that are no UTF-8 (a configuration in another encoding) must not stop a sweep.
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

RunPlan decode_plan(const std::string& json, const std::string& where) {
    try {
        const nlohmann::json fields = nlohmann::json::parse(json);
        RunPlan plan;
        plan.header.planned = fields.at("planned");
        plan.header.configuration = fields.at("configuration");
        plan.header.program_version = fields.at("program_version");
        plan.header.git_hash = fields.at("git_hash");
        plan.header.host = fields.at("host");
        plan.header.created = fields.at("created");
        plan.header.run_started = fields.at("run_started");
        plan.header.numerics = fields.value("numerics", "");
        plan.ranks = fields.at("ranks");
        for (const auto& [name, value] : header_numbers) plan.header.*value = fields.value(name, NAN);
        return plan;
    } catch (const nlohmann::json::exception& error) {
        throw DataError(fmt::format("{}: plan entry cannot be read: {}", where, error.what()));
    }
}

}  // namespace attnpaths
