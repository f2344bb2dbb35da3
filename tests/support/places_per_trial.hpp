#pragma once

namespace attnpaths {

/// A test that tries every place of a file tries one in so many of them: not all under sanitizers, where
/// everything takes many times as long.
inline constexpr int places_per_trial = ATTNPATHS_SANITIZED ? 7 : 1;

}  // namespace attnpaths
