#pragma once

#include "base/number_range.hpp"

#include <limits>
#include <map>
#include <string>
#include <vector>

namespace attnpaths {

/// What a setting's value must be.
enum class SettingKind {
    text,
    file,  ///< path of a file that is read
    real,
    whole,
    boolean,
    reals,  ///< list
    wholes  ///< list
};

/// Declaration of one setting, where it is used: on the command line --section.name, in a configuration file
/// `name = ...` under [section]. Help, readers and checks go over declarations.
struct SettingKey {
    std::string name;           ///< "grid.width"
    std::string default_value;  ///< "" for none
    std::string description;
    SettingKind kind = SettingKind::text;
    double least = -std::numeric_limits<double>::infinity();   ///< of a number, or of each of a list
    double largest = std::numeric_limits<double>::infinity();  ///< likewise
};

/// Settings that belong together, as a help text lists them.
struct SettingGroup {
    std::string title;
    std::vector<SettingKey> keys;
};

/// Adds a group of the keys that no group has yet; none if there are none.
void add_group(std::vector<SettingGroup>& groups, std::string title, const std::vector<SettingKey>& keys);

/// The keys of all groups.
std::vector<SettingKey> keys_of(const std::vector<SettingGroup>& groups);

/// One value as it was given, quotes and ranges included, with where it was given for messages ("sweep.ini:7"
/// or "command line").
struct Setting {
    std::string text;
    std::string where;
};

/// Keys and values of a sweep before they are accepted; every getter checks its value and names place, key
/// and value.
class Settings {
  public:
    explicit Settings(std::map<std::string, Setting> values = {}) : values_(std::move(values)) {}

    /// Values of `over` replace ours.
    void override_with(const Settings& over);
    void set(const std::string& key, Setting setting) { values_[key] = std::move(setting); }
    /// Gives keys that are not set their defaults.
    void fill_defaults(const std::vector<SettingKey>& keys);

    /// Checks every value that is there against its declaration.
    /// @throws UsageError naming place, key and value
    void check(const std::vector<SettingKey>& keys) const;

    [[nodiscard]] bool has(const std::string& key) const { return values_.count(key) > 0; }
    /// Whether somebody gave it: it is there and is not the default.
    [[nodiscard]] bool is_given(const std::string& key) const;
    [[nodiscard]] const std::map<std::string, Setting>& values() const { return values_; }

    /// The whole value, without its quotes.
    /// @throws UsageError if it is empty
    [[nodiscard]] std::string text(const std::string& key) const;
    [[nodiscard]] double number(const std::string& key, double least, double largest) const;
    [[nodiscard]] long long integer(const std::string& key, long long least, long long largest) const;
    [[nodiscard]] bool boolean(const std::string& key) const;
    /// Within the bounds of the declaration.
    [[nodiscard]] double number(const SettingKey& key) const;
    [[nodiscard]] long long integer(const SettingKey& key) const;
    [[nodiscard]] std::vector<double> numbers(const SettingKey& key) const;
    [[nodiscard]] std::vector<long long> integers(const SettingKey& key) const;
    /// Elements of a list of names, each of which may be quoted (base/value_syntax).
    /// @throws UsageError if there is none
    [[nodiscard]] std::vector<std::string> list(const std::string& key) const;
    /// Elements of a list of numbers, or of what is written with numbers (2:1), with the values of its ranges
    /// (base/number_range) in place of these.
    /// @throws UsageError if there is none, or for "1,5", which might be one number or two
    [[nodiscard]] std::vector<std::string> words(const std::string& key, Numbers kind) const;
    [[nodiscard]] std::vector<double> numbers(const std::string& key, double least, double largest) const;
    [[nodiscard]] std::vector<long long> integers(const std::string& key, long long least,
                                                  long long largest) const;

    /// "sweep.ini:7: grid.width", "--grid.width", or "grid.width" if it was not given.
    [[nodiscard]] std::string place(const std::string& key) const;
    /// UsageError "PLACE: `problem`".
    [[noreturn]] void fail(const std::string& key, const std::string& problem) const;

    /// One "key = value" line each, in order of the keys, as a configuration file has them: the canonical
    /// text stored with the results.
    [[nodiscard]] std::string to_text() const;

  private:
    [[nodiscard]] const Setting& at(const std::string& key) const;

    std::map<std::string, Setting> values_;
};

/// Bytes of "512M", "4G" or "1.5G" (binary units); negative if the text is none of these.
double parse_memory(const std::string& text);

/// "180 KiB", "2.0 MiB" or "1.5 GiB" for people.
std::string memory_text(double bytes);

}  // namespace attnpaths
