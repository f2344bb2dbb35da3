#include "base/settings.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <boost/algorithm/string/trim.hpp>
#include <fmt/format.h>

namespace attnpaths {

void Settings::override_with(const Settings& over) {
    for (const auto& [key, setting] : over.values_) values_[key] = setting;
}

void Settings::fill_defaults(const std::vector<SettingKey>& keys) {
    for (const SettingKey& key : keys)
        if (!key.default_value.empty()) values_.insert({key.name, {key.default_value, "default"}});
}

const Setting& Settings::at(const std::string& key) const {
    const auto entry = values_.find(key);
    if (entry == values_.end()) {
        const std::size_t dot = key.find('.');
        throw UsageError(
            fmt::format("{0} is missing; give \"{1} = ...\" under [{2}] in the configuration, or --{0} VALUE",
                        key, key.substr(dot + 1), key.substr(0, dot)));
    }
    return entry->second;
}

std::string Settings::place(const std::string& key) const {
    if (!has(key)) return key;
    const auto entry = values_.find(key);
    if (entry == values_.end()) return key;
    const std::string& where = entry->second.where;
    return where == "command line" ? "--" + key : fmt::format("{}: {}", where, key);
}

void Settings::fail(const std::string& key, const std::string& problem) const {
    throw UsageError(fmt::format("{}: {}", place(key), problem));
}

std::string Settings::text(const std::string& key) const {
    std::string value = boost::algorithm::trim_copy(at(key).text);
    if (value.empty()) fail(key, "has no value");
    return value;
}

std::vector<std::string> Settings::list(const std::string& key, const char* separators) const {
    std::vector<std::string> words = split(at(key).text, separators);
    if (words.empty()) fail(key, "is an empty list; give at least one value");
    return words;
}

namespace {

template <class Number, class Parse>
Number checked(const Settings& settings, const std::string& key, const std::string& word, Number least,
               Number largest, const char* kind, const Parse& parse) {
    Number value{};
    if (!parse(word, value)) settings.fail(key, fmt::format("\"{}\" is not {}", word, kind));
    if (value < least || value > largest)
        settings.fail(key,
                      fmt::format("{} is out of range; it must lie between {} and {}", word, least, largest));
    return value;
}

double checked_number(const Settings& settings, const std::string& key, const std::string& word, double least,
                      double largest) {
    return checked(settings, key, word, least, largest, "a number",
                   [](const std::string& text, double& value) { return parse_number(text, value); });
}

long long checked_integer(const Settings& settings, const std::string& key, const std::string& word,
                          long long least, long long largest) {
    return checked(settings, key, word, least, largest, "a whole number",
                   [](const std::string& text, long long& value) {
                       std::int64_t parsed = 0;
                       const bool good = parse_integer(text, parsed);
                       value = parsed;
                       return good;
                   });
}

}  // namespace

double Settings::number(const std::string& key, double least, double largest) const {
    return checked_number(*this, key, text(key), least, largest);
}

long long Settings::integer(const std::string& key, long long least, long long largest) const {
    return checked_integer(*this, key, text(key), least, largest);
}

bool Settings::boolean(const std::string& key) const {
    const std::string value = text(key);
    if (value == "true" || value == "yes" || value == "on" || value == "1") return true;
    if (value == "false" || value == "no" || value == "off" || value == "0") return false;
    fail(key, fmt::format("\"{}\" is not true or false", value));
}

std::vector<double> Settings::numbers(const std::string& key, double least, double largest) const {
    std::vector<double> values;
    for (const std::string& word : list(key))
        values.push_back(checked_number(*this, key, word, least, largest));
    return values;
}

std::vector<long long> Settings::integers(const std::string& key, long long least, long long largest) const {
    std::vector<long long> values;
    for (const std::string& word : list(key))
        values.push_back(checked_integer(*this, key, word, least, largest));
    return values;
}

std::string Settings::to_text() const {
    std::string text;
    for (const auto& [key, setting] : values_) text += fmt::format("{} = {}\n", key, setting.text);
    return text;
}

namespace {

double parse_with_unit(const std::string& text, const std::map<char, double>& units) {
    if (text.empty()) return -1;
    const auto unit = units.find(text.back());
    double value = 0;
    const bool good = parse_number(unit == units.end() ? text : text.substr(0, text.size() - 1), value);
    return good && value >= 0 ? value * (unit == units.end() ? 1 : unit->second) : -1;
}

}  // namespace

double parse_memory(const std::string& text) {
    return parse_with_unit(text, {{'K', 1024}, {'M', 1048576}, {'G', 1073741824}, {'T', 1099511627776}});
}

std::string memory_text(double bytes) {
    constexpr double unit = 1024;
    if (bytes < unit * unit) return fmt::format("{:.0f} KiB", bytes / unit);
    if (bytes < unit * unit * unit) return fmt::format("{:.1f} MiB", bytes / (unit * unit));
    return fmt::format("{:.1f} GiB", bytes / (unit * unit * unit));
}

}  // namespace attnpaths
