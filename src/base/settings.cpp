#include "base/settings.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/value_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace attnpaths {

namespace {

constexpr const char* default_place = "default";

}  // namespace

void Settings::override_with(const Settings& over) {
    for (const auto& [key, setting] : over.values_) values_[key] = setting;
}

void Settings::fill_defaults(const std::vector<SettingKey>& keys) {
    for (const SettingKey& key : keys)
        if (!key.default_value.empty()) values_.insert({key.name, {key.default_value, default_place}});
}

bool Settings::is_given(const std::string& key) const {
    const auto entry = values_.find(key);
    return entry != values_.end() && entry->second.where != default_place;
}

void Settings::check(const std::vector<SettingKey>& keys) const {
    for (const SettingKey& key : keys) {
        if (!has(key.name)) continue;
        switch (key.kind) {
            case SettingKind::text:
            case SettingKind::file:
                break;  // checked by who reads it
            case SettingKind::real:
                static_cast<void>(number(key));
                break;
            case SettingKind::whole:
                static_cast<void>(integer(key));
                break;
            case SettingKind::boolean:
                static_cast<void>(boolean(key.name));
                break;
            case SettingKind::reals:
                static_cast<void>(numbers(key));
                break;
            case SettingKind::wholes:
                static_cast<void>(integers(key));
                break;
        }
    }
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

namespace {

/// What a reader of a value's syntax gives, with its problems told at the key's place.
template <class Read>
auto read_value(const Settings& settings, const std::string& key, const Read& read) {
    try {
        return read();
    } catch (const ValueSyntaxError& error) {
        settings.fail(key, error.what());
    }
}

}  // namespace

std::string Settings::text(const std::string& key) const {
    const std::string& given = at(key).text;
    std::string value = read_value(*this, key, [&] { return unquoted(given); });
    if (value.empty()) fail(key, "has no value");
    return value;
}

std::vector<std::string> Settings::list(const std::string& key) const {
    const std::string& given = at(key).text;
    std::vector<std::string> elements = read_value(*this, key, [&] { return list_elements(given); });
    if (elements.empty()) fail(key, "is an empty list; give at least one value");
    return elements;
}

std::vector<std::string> Settings::words(const std::string& key, Numbers kind) const {
    std::vector<std::string> words;
    for (const std::string& element : list(key)) {
        // Quotes around numbers mean nothing: "10 30" is two of them.
        for (std::string& word : read_value(*this, key, [&] { return list_elements(element); })) {
            if (const std::string otherwise = number_as_written_here(word, kind); !otherwise.empty())
                fail(key, fmt::format("\"{}\" is not a number; {}", word, otherwise));
            if (!is_range(word)) {
                words.push_back(std::move(word));
                continue;
            }
            const auto values = read_value(*this, key, [&] { return expand_range(word, kind); });
            words.insert(words.end(), values.begin(), values.end());
            if (std::ssize(words) > most_list_values)
                fail(key,
                     fmt::format("has more than {} values; a list has at most so many", most_list_values));
        }
    }
    if (words.empty()) fail(key, "is an empty list; give at least one value");
    return words;
}

namespace {

template <class Number, class Parse>
Number checked(const Settings& settings, const std::string& key, const std::string& word, Number least,
               Number largest, const char* kind, const Parse& parse) {
    Number value{};
    if (!parse(word, value)) {
        std::string with_point = word;
        std::replace(with_point.begin(), with_point.end(), ',', '.');
        settings.fail(key, fmt::format("\"{}\" is not {}{}", word, kind,
                                       parse(with_point, value) ? "; write " + with_point : ""));
    }
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
    for (const std::string& word : words(key, Numbers::real))
        values.push_back(checked_number(*this, key, word, least, largest));
    return values;
}

std::vector<long long> Settings::integers(const std::string& key, long long least, long long largest) const {
    std::vector<long long> values;
    for (const std::string& word : words(key, Numbers::whole))
        values.push_back(checked_integer(*this, key, word, least, largest));
    return values;
}

namespace {

/// A bound of a declaration as a whole number.
long long whole_bound(double bound) {
    using Limits = std::numeric_limits<long long>;
    if (bound >= 0x1p63) return Limits::max();
    return bound <= -0x1p63 ? Limits::min() : static_cast<long long>(bound);
}

}  // namespace

double Settings::number(const SettingKey& key) const {
    return number(key.name, key.least, key.largest);
}

long long Settings::integer(const SettingKey& key) const {
    return integer(key.name, whole_bound(key.least), whole_bound(key.largest));
}

std::vector<double> Settings::numbers(const SettingKey& key) const {
    return numbers(key.name, key.least, key.largest);
}

std::vector<long long> Settings::integers(const SettingKey& key) const {
    return integers(key.name, whole_bound(key.least), whole_bound(key.largest));
}

namespace {

/// A value as a configuration file has it; one of a command line may hold what would be a comment there.
std::string written(const std::string& text) {
    const std::string_view value = trimmed(text);
    return without_comment(value) == value ? std::string(value) : quoted_if_needed(text);
}

}  // namespace

std::string Settings::to_text() const {
    std::string text;
    for (const auto& [key, setting] : values_) text += fmt::format("{} = {}\n", key, written(setting.text));
    return text;
}

namespace {

constexpr double most_bytes = 0x1p62;  // of an address space

double parse_with_unit(const std::string& text, const std::map<char, double>& units) {
    if (text.empty()) return -1;
    const auto unit = units.find(text.back());
    double value = 0;
    const bool good = parse_number(unit == units.end() ? text : text.substr(0, text.size() - 1), value);
    value *= unit == units.end() ? 1 : unit->second;
    return good && value >= 0 && value <= most_bytes ? value : -1;
}

}  // namespace

double parse_memory(const std::string& text) {
    return parse_with_unit(text, {{'K', 1024}, {'M', 1048576}, {'G', 1073741824}, {'T', 1099511627776}});
}

void add_group(std::vector<SettingGroup>& groups, std::string title, const std::vector<SettingKey>& keys) {
    SettingGroup added{std::move(title), {}};
    const std::vector<SettingKey> known = keys_of(groups);
    const auto is_in = [](const std::vector<SettingKey>& list, const SettingKey& key) {
        return std::any_of(list.begin(), list.end(),
                           [&](const auto& other) { return other.name == key.name; });
    };
    for (const SettingKey& key : keys)
        if (!is_in(known, key) && !is_in(added.keys, key)) added.keys.push_back(key);
    if (!added.keys.empty()) groups.push_back(std::move(added));
}

std::vector<SettingKey> keys_of(const std::vector<SettingGroup>& groups) {
    std::vector<SettingKey> keys;
    for (const SettingGroup& group : groups) keys.insert(keys.end(), group.keys.begin(), group.keys.end());
    return keys;
}

std::string memory_text(double bytes) {
    constexpr double unit = 1024;
    if (bytes < unit * unit) return fmt::format("{:.0f} KiB", bytes / unit);
    if (bytes < unit * unit * unit) return fmt::format("{:.1f} MiB", bytes / (unit * unit));
    return fmt::format("{:.1f} GiB", bytes / (unit * unit * unit));
}

}  // namespace attnpaths
