#include "sweep/settings_file.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/value_syntax.hpp"
#include "files/posix_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace attnpaths {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::uint64_t most_bytes = 64 << 20;  // of a file that somebody wrote

std::string unknown_key(const std::string& name, const std::vector<SettingKey>& keys) {
    std::vector<std::string> names;
    names.reserve(keys.size());
    for (const SettingKey& key : keys) names.push_back(key.name);
    const std::string near = nearest_word(name, names);
    return fmt::format(
        "unknown key {}{}", name,
        near.empty() ? "; attnpaths sweep --help lists the keys" : fmt::format("; did you mean {}?", near));
}

/// NAME of the heading "part NAME"; nothing for another heading.
std::optional<std::string> part_name(std::string_view heading) {
    constexpr std::string_view word = "part";
    if (!heading.starts_with(word)) return std::nullopt;
    const std::string_view rest = heading.substr(word.size());
    if (!rest.empty() && rest == trimmed(rest) && rest.front() != '"' && rest.front() != '\'')
        return std::nullopt;  // [partition]
    return unquoted(rest);
}

/// Takes in a configuration line by line.
class Reader {
  public:
    Reader(SweepSettings& settings, const std::vector<SettingKey>& keys) : settings_(settings), keys_(keys) {}

    /// @param where  "FILE:LINE"
    void line(std::string_view text, const std::string& where) {
        const std::string problem = forbidden_characters(text);
        if (!problem.empty()) throw UsageError(fmt::format("{}: holds {}", where, problem));
        text = trimmed(without_comment(text));
        if (text.empty()) return;
        try {
            if (text.front() == '[')
                heading(text, where);
            else
                assignment(text, where);
        } catch (const ValueSyntaxError& error) {
            throw UsageError(fmt::format("{}: {}", where, error.what()));
        }
    }

  private:
    void heading(std::string_view text, const std::string& where) {
        if (text.back() != ']')
            throw UsageError(fmt::format("{}: section heading {} has no closing ]", where, text));
        const std::string_view inner = trimmed(text.substr(1, text.size() - 2));
        const std::optional<std::string> name = part_name(inner);
        in_part_ = name.has_value();
        section_ = in_part_ ? "" : std::string(inner) + ".";
        if (!name) return;
        if (name->empty()) throw UsageError(fmt::format("{}: [part] needs a name: [part NAME]", where));
        for (const PartSettings& part : settings_.parts)
            if (part.name == *name) throw UsageError(fmt::format("{}: there are two parts {}", where, *name));
        settings_.parts.push_back({*name, Settings()});
    }

    void assignment(std::string_view text, const std::string& where) {
        const std::size_t sign = text.find('=');
        const std::string_view name = trimmed(text.substr(0, sign));
        if (sign == std::string_view::npos || name.empty())
            throw UsageError(fmt::format("{}: \"{}\" is not of the form key = value", where, text));
        const std::string key = section_ + std::string(name);
        if (std::none_of(keys_.begin(), keys_.end(),
                         [&](const SettingKey& known) { return known.name == key; }))
            throw UsageError(fmt::format("{}: {}", where, unknown_key(key, keys_)));
        if (in_part_ && concerns_the_run(key))
            throw UsageError(
                fmt::format("{}: {} concerns the whole run; give it outside of the parts", where, key));
        Settings& settings = in_part_ ? settings_.parts.back().settings : settings_.common;
        if (settings.has(key))
            throw UsageError(fmt::format("{}: {} is given twice, first at {}", where, key,
                                         settings.values().at(key).where));
        settings.set(key, {std::string(trimmed(text.substr(sign + 1))), where});
    }

    SweepSettings& settings_;
    const std::vector<SettingKey>& keys_;
    std::string section_;  ///< with the dot behind it
    bool in_part_ = false;
};

}  // namespace

bool concerns_the_run(const std::string& key) {
    return key == "store.file" || key.starts_with("run.");
}

SweepSettings parse_settings(std::string_view text, const std::string& path,
                             const std::vector<SettingKey>& keys) {
    SweepSettings settings;
    Reader reader(settings, keys);
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    for (int number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        reader.line(line, fmt::format("{}:{}", path, number));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return settings;
}

SweepSettings read_settings_file(const std::string& path, const std::vector<SettingKey>& keys) {
    const PosixFile file = PosixFile::open(path);
    if (file.size() > most_bytes)
        throw UsageError(fmt::format("{}: has {} bytes; this is no configuration file", path, file.size()));
    std::string text(file.size(), '\0');
    text.resize(file.read_at(0, text.data(), text.size()));
    return parse_settings(text, path, keys);
}

std::vector<PartSettings> SweepSettings::resolve(const Settings& over) const {
    std::vector<PartSettings> resolved;
    const auto add = [&](const std::string& name, const Settings& own) {
        PartSettings part{name, common};
        part.settings.override_with(own);
        part.settings.override_with(over);
        resolved.push_back(std::move(part));
    };
    for (const PartSettings& part : parts) add(part.name, part.settings);
    if (parts.empty()) add("", Settings());
    return resolved;
}

}  // namespace attnpaths
