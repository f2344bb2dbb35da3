#pragma once

#include <cstdint>

namespace attnpaths {

/// Whether a process of this machine exists and has not ended (a zombie has).
bool is_alive(std::int64_t pid);

}  // namespace attnpaths
