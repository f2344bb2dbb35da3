#pragma once

#include "base/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// Settings of one part of a sweep.
struct PartSettings {
    std::string name;  ///< "" for a sweep without parts
    Settings settings;
};

/// Settings of a sweep. It is the sum of its parts, each of which is what all have in common with its own
/// settings over it; without parts it is what is common alone.
struct SweepSettings {
    Settings common;
    std::vector<PartSettings> parts;  ///< what each says of its own

    /// The whole settings of every part, with `over` winning over all.
    [[nodiscard]] std::vector<PartSettings> resolve(const Settings& over) const;
};

/// Whether a key is the run's (store.file, run.*), and not a point's.
bool concerns_the_run(const std::string& key);

/// Reads the text of a configuration file: `name = value` under [section], and under [part NAME]
/// `section.name = value`; values and comments as in base/value_syntax. A byte-order mark at the beginning
/// and lines that end as on Windows are nothing special. Unknown, misspelt or repeated keys, control
/// characters and text that is not UTF-8 are errors that name file, line and key.
/// @param path  named in messages
/// @throws UsageError
SweepSettings parse_settings(std::string_view text, const std::string& path,
                             const std::vector<SettingKey>& keys);

/// Reads a configuration file.
/// @throws InputError if the file cannot be read, UsageError if it is wrong
SweepSettings read_settings_file(const std::string& path, const std::vector<SettingKey>& keys);

}  // namespace attnpaths
