#include "run/start_message.hpp"

#include "base/error.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace attnpaths {

std::string encode_start(const StartMessage& start) {
    nlohmann::json json = {{"parts", encode_parts(start.parts)},
                           {"checkpoint_period", start.checkpoint_period},
                           {"invitation", start.invitation}};
    if (std::isfinite(start.seconds_left)) json["seconds_left"] = start.seconds_left;
    return json.dump();
}

StartMessage decode_start(const std::string& text) {
    try {
        const nlohmann::json json = nlohmann::json::parse(text);
        return {decode_parts(json.at("parts").get<std::string>()), json.at("checkpoint_period").get<double>(),
                json.value("seconds_left", std::numeric_limits<double>::infinity()),
                json.at("invitation").get<std::string>()};
    } catch (const nlohmann::json::exception& error) {
        throw DataError(fmt::format("the master's first message cannot be read: {}", error.what()));
    }
}

}  // namespace attnpaths
