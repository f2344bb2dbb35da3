#pragma once

#include "store/store.hpp"

#include <string>

namespace attnpaths {

/// A point whose process dies, or that takes longer than a point may, gets a strike. After three in a row it
/// is failed, and left alone until asked for.
inline constexpr int most_strikes = 3;

/// Whether the store knows of too many strikes against a point.
bool is_struck_out(const Store& store, const std::string& key);

/// The message of a point that failed by its strikes.
std::string strikes_text(const Store& store, const std::string& key);

}  // namespace attnpaths
