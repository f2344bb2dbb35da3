#pragma once

#include "base/settings.hpp"

namespace attnpaths {

/// Settings that several tasks have: those of one name are one setting, with one default.
inline const SettingKey test_examples_setting = {"task.test_examples", "1000", "test points",
                                                 SettingKind::whole,   2,      10000000};

inline const SettingKey random_deviation_setting = {
    "task.random_deviation", "4", "standard deviation of the weights W of random heads",
    SettingKind::real,       0,   1e6};

inline const SettingKey alphabet_setting = {"task.alphabet",    "8", "symbols of the alphabet",
                                            SettingKind::whole, 2,   1000};

}  // namespace attnpaths
