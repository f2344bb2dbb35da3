#pragma once

#include "base/settings.hpp"
#include "tasks/task.hpp"

#include <cstdint>
#include <utility>

namespace attnpaths {

/// Settings that several tasks have: those of one name are one setting, with one default.
inline const SettingKey test_examples_setting = {"task.test_examples", "1000", "test points",
                                                 SettingKind::whole,   2,      10000000};

inline const SettingKey random_deviation_setting = {
    "task.random_deviation", "4", "standard deviation of the weights W of random heads",
    SettingKind::real,       0,   1e6};

inline const SettingKey alphabet_setting = {"task.alphabet",    "8", "symbols of the alphabet",
                                            SettingKind::whole, 2,   1000};

/// Parameters of data that are generated, with the heads (where these can be any), seed and P that a point
/// asks for.
template <class Parameters>
Parameters with_request(Parameters parameters, const DataRequest& request) {
    if constexpr (requires { parameters.heads; }) parameters.heads = request.heads;
    parameters.seed = static_cast<std::uint64_t>(request.seed);
    parameters.examples = request.examples;
    return parameters;
}

}  // namespace attnpaths
