#include "sweep/settings_file.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <boost/algorithm/string/trim.hpp>
#include <boost/program_options.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>

namespace attnpaths {

namespace po = boost::program_options;

namespace {

std::string unknown_key(const std::string& name, const std::vector<SettingKey>& keys) {
    std::vector<std::string> names;
    names.reserve(keys.size());
    for (const SettingKey& key : keys) names.push_back(key.name);
    const std::string near = nearest_word(name, names);
    return fmt::format(
        "unknown key {}{}", name,
        near.empty() ? "; attnpaths sweep --help lists the keys" : fmt::format("; did you mean {}?", near));
}

/// NAME of the heading "[part NAME]"; nothing for another heading.
std::optional<std::string> part_name(const std::string& heading) {
    constexpr std::string_view word = "part";
    const std::string inner = boost::algorithm::trim_copy(heading.substr(1, heading.size() - 2));
    if (!inner.starts_with(word)) return std::nullopt;
    const std::string rest = inner.substr(word.size());
    if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') return std::nullopt;
    return boost::algorithm::trim_copy(rest);
}

/// Reads lines of key = value one by one.
class Reader {
  public:
    Reader(SweepSettings& settings, const std::vector<SettingKey>& keys) : settings_(settings), keys_(keys) {
        for (const SettingKey& key : keys) options_.add_options()(key.name.c_str(), po::value<std::string>());
    }

    void heading(const std::string& text, const std::string& where) {
        if (text.back() != ']')
            throw UsageError(fmt::format("{}: section heading {} has no closing ]", where, text));
        section_ = text;
        in_part_ = false;
        const std::optional<std::string> name = part_name(text);
        if (!name) return;
        if (name->empty()) throw UsageError(fmt::format("{}: [part] needs a name: [part NAME]", where));
        for (const PartSettings& part : settings_.parts)
            if (part.name == *name) throw UsageError(fmt::format("{}: there are two parts {}", where, *name));
        section_.clear();
        in_part_ = true;
        settings_.parts.push_back({*name, Settings()});
    }

    void line(const std::string& text, const std::string& where) {
        std::istringstream one_line(fmt::format("{}\n{}\n", section_, text));
        try {
            const po::basic_parsed_options<char> parsed = po::parse_config_file(one_line, options_, true);
            for (const po::basic_option<char>& option : parsed.options) take(option, where);
        } catch (const po::error&) {
            throw UsageError(fmt::format("{}: \"{}\" is not of the form key = value", where,
                                         boost::algorithm::trim_copy(text.substr(0, text.find('#')))));
        }
    }

  private:
    void take(const po::basic_option<char>& option, const std::string& where) {
        const std::string& key = option.string_key;
        if (option.unregistered) throw UsageError(fmt::format("{}: {}", where, unknown_key(key, keys_)));
        if (in_part_ && concerns_the_run(key))
            throw UsageError(
                fmt::format("{}: {} concerns the whole run; give it outside of the parts", where, key));
        Settings& settings = in_part_ ? settings_.parts.back().settings : settings_.common;
        if (settings.has(key))
            throw UsageError(fmt::format("{}: {} is given twice, first at {}", where, key,
                                         settings.values().at(key).where));
        settings.set(key, {option.value.at(0), where});
    }

    SweepSettings& settings_;
    const std::vector<SettingKey>& keys_;
    po::options_description options_;
    std::string section_;
    bool in_part_ = false;
};

}  // namespace

bool concerns_the_run(const std::string& key) {
    return key == "store.file" || key.starts_with("run.");
}

SweepSettings read_settings_file(const std::string& path, const std::vector<SettingKey>& keys) {
    std::ifstream file(path);
    if (!file) throw InputError(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
    // Boost's own parser reads the lines, one at a time so that messages can name the line, each under its
    // section's heading.
    SweepSettings settings;
    Reader reader(settings, keys);
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        const std::string where = fmt::format("{}:{}", path, number);
        const std::string trimmed = boost::algorithm::trim_copy(line.substr(0, line.find('#')));
        if (trimmed.empty()) continue;
        if (trimmed.front() == '[')
            reader.heading(trimmed, where);
        else
            reader.line(line, where);
    }
    if (file.bad()) throw InputError(fmt::format("{}: reading failed: {}", path, std::strerror(errno)));
    return settings;
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
