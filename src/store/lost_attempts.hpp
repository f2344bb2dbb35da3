#pragma once

#include "store/store.hpp"

#include <string>

namespace attnpaths {

/// An attempt at a point is lost if its process dies, or if it takes longer than a point may. After three in
/// a row the point is failed, and left alone until asked for.
inline constexpr int most_lost_attempts = 3;

/// Whether too many attempts at a point were lost.
bool has_lost_too_often(const Store& store, const std::string& key);

/// The message of a point that failed by its lost_attempts.
std::string lost_attempts_text(const Store& store, const std::string& key);

}  // namespace attnpaths
