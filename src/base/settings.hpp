#pragma once

#include <map>
#include <string>
#include <vector>

namespace attnpaths {

/// One key that a sweep understands, on the command line as --section.name and in a configuration file as
/// `name = ...` under [section].
struct SettingKey {
    std::string name;           ///< "grid.width"
    std::string default_value;  ///< "" for none
    std::string description;
};

/// One value as it was given, with where it was given for messages ("sweep.ini:7" or "command line").
struct Setting {
    std::string text;
    std::string where;
};

/// Keys and values of a sweep before they are understood; every getter checks its value and names place, key
/// and value.
class Settings {
  public:
    explicit Settings(std::map<std::string, Setting> values = {}) : values_(std::move(values)) {}

    /// Values of `over` replace ours.
    void override_with(const Settings& over);
    void set(const std::string& key, Setting setting) { values_[key] = std::move(setting); }
    /// Gives keys that are not set their defaults.
    void fill_defaults(const std::vector<SettingKey>& keys);

    [[nodiscard]] bool has(const std::string& key) const { return values_.count(key) > 0; }
    [[nodiscard]] const std::map<std::string, Setting>& values() const { return values_; }

    [[nodiscard]] std::string text(const std::string& key) const;
    [[nodiscard]] double number(const std::string& key, double least, double largest) const;
    [[nodiscard]] long long integer(const std::string& key, long long least, long long largest) const;
    [[nodiscard]] bool boolean(const std::string& key) const;
    /// Words between any of the separators.
    /// @throws UsageError if there is none
    [[nodiscard]] std::vector<std::string> list(const std::string& key,
                                                const char* separators = " \t,") const;
    [[nodiscard]] std::vector<double> numbers(const std::string& key, double least, double largest) const;
    [[nodiscard]] std::vector<long long> integers(const std::string& key, long long least,
                                                  long long largest) const;

    /// "sweep.ini:7: grid.width", "--grid.width", or "grid.width" if it was not given.
    [[nodiscard]] std::string place(const std::string& key) const;
    /// UsageError "PLACE: `problem`".
    [[noreturn]] void fail(const std::string& key, const std::string& problem) const;

    /// One "key = value" line each, in order of the keys: the canonical text stored with the results.
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
