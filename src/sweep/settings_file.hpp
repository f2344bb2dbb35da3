#pragma once

#include "base/settings.hpp"

#include <string>
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

/// Reads a configuration file: `name = value` under [section], and under [part NAME] `section.name = value`.
/// Unknown, misspelt or repeated keys are errors that name file, line and key.
/// @throws InputError if the file cannot be read, UsageError if it is wrong
SweepSettings read_settings_file(const std::string& path, const std::vector<SettingKey>& keys);

}  // namespace attnpaths
