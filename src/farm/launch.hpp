#pragma once

#include <cstdint>

namespace attnpaths {

/// Whether the launcher says that all ranks of a job of this size run on this machine; false if it does not
/// say.
bool all_ranks_are_here(int ranks);

/// Raises the number of files and connections that this process may have open to what the system permits.
/// @returns that number
std::uint64_t raise_descriptor_limit();

}  // namespace attnpaths
