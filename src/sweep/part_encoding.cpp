#include "sweep/part_encoding.hpp"

#include "base/error.hpp"
#include "base/record.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace attnpaths {

std::string encode_parts(const std::vector<EncodedPart>& parts) {
    nlohmann::json list = nlohmann::json::array();
    for (const EncodedPart& part : parts) {
        nlohmann::json entry = {{"name", part.settings.name}, {"settings", nlohmann::json::object()}};
        for (const auto& [key, setting] : part.settings.settings.values()) {
            entry["settings"][key] = {setting.text, setting.where};
            try {
                static_cast<void>(entry["settings"][key].dump());
            } catch (const nlohmann::json::exception&) {
                part.settings.settings.fail(key, "is not UTF-8 text; use another name");
            }
        }
        if (!part.content.empty()) entry["content"] = part.content;
        list.push_back(std::move(entry));
    }
    return list.dump();
}

std::vector<EncodedPart> decode_parts(const std::string& text) {
    try {
        std::vector<EncodedPart> parts;
        for (const nlohmann::json& entry : nlohmann::json::parse(text)) {
            EncodedPart part{{entry.at("name").get<std::string>(), Settings()}, entry.value("content", "")};
            for (const auto& [key, value] : entry.at("settings").items())
                part.settings.settings.set(key,
                                           {value.at(0).get<std::string>(), value.at(1).get<std::string>()});
            parts.push_back(std::move(part));
        }
        return parts;
    } catch (const nlohmann::json::exception& error) {
        throw DataError(fmt::format("parts of a sweep cannot be read: {}", error.what()));
    }
}

std::string encode_submitted_parts(const std::string& submission, const std::vector<EncodedPart>& parts) {
    return encode_record({{"submission", submission}, {"parts", encode_parts(parts)}});
}

std::pair<std::string, std::vector<EncodedPart>> decode_submitted_parts(std::string_view bytes) {
    const Record record = decode_record(bytes);
    return {text_of(record, "submission"), decode_parts(text_of(record, "parts"))};
}

}  // namespace attnpaths
