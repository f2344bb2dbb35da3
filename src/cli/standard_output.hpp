#pragma once

#include "base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace attnpaths::cli {

/// Writes to standard output at once.
/// @returns false if nobody reads any more (show | head): no error, but no reason to go on
/// @throws OutputError if writing fails otherwise (output redirected to a full disk)
inline bool write_output(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
        return true;
    if (errno == EPIPE) return false;
    throw OutputError(fmt::format("standard output: writing failed: {}", std::strerror(errno)));
}

}  // namespace attnpaths::cli
