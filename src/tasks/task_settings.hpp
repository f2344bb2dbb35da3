#pragma once

#include "base/settings.hpp"

namespace attnpaths {

/// Settings that several tasks have: those of one name are one setting, with one default.
inline const SettingKey test_examples_setting = {"task.test_examples", "1000", "test points",
                                                 SettingKind::whole,   2,      10000000};

inline const SettingKey random_strength_setting = {
    "task.random_strength", "1", "strength of the random heads", SettingKind::real, 0, 1e15};

inline const SettingKey alphabet_setting = {"task.alphabet",    "8", "symbols of the alphabet",
                                            SettingKind::whole, 2,   1000};

}  // namespace attnpaths
