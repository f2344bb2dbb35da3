#include "base/standard_streams.hpp"

#include "base/error.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace attnpaths {

bool write_output(std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
        return true;
    if (errno == EPIPE) return false;
    throw OutputError(fmt::format("standard output: writing failed: {}", std::strerror(errno)));
}

void write_error(std::string_view text) noexcept {
    static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
    static_cast<void>(std::fflush(stderr));
}

}  // namespace attnpaths
