#pragma once

#include "base/settings.hpp"

#include <string>

namespace attnpaths {

/// A setting that only chooses what is kept of an analysis' results: it is in no key and changes nothing that
/// is computed.
struct OutputSetting {
    SettingKey key;
    /// Whether what was kept with one value includes all that is kept with another. Values as canonical_text
    /// gives them; "" where the setting did not matter.
    bool (*covers)(const std::string& kept, const std::string& wanted);
    /// Whether it chooses anything with these settings; null: always.
    bool (*matters)(const Settings& settings) = nullptr;
};

/// covers: a larger number, or true, keeps more.
bool keeps_at_least(const std::string& kept, const std::string& wanted);
/// covers: other values keep other things.
bool keeps_the_same(const std::string& kept, const std::string& wanted);

/// A value in the one way of writing it: numbers by their value, true as 1 and false as 0, lists with one
/// blank between words.
std::string canonical_text(const Settings& settings, const std::string& key);

}  // namespace attnpaths
