#pragma once

#include <cstdint>

namespace attnpaths {

/// A number that nobody can guess, for names of files that others must not prepare.
/// @throws CreateError if the system has none
std::uint64_t unpredictable_number();

}  // namespace attnpaths
