#include "store/file/format_version.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

namespace attnpaths {

void check_format_version(const std::string& path, std::string_view what, std::int64_t found, int readable) {
    if (found == readable) return;
    // The keys of version 1 were hashes of all settings at once, of what was stored too, and seeded the
    // chains.
    const char* reason = found == 1 ? "; its keys do not tell which settings an analysis depends on, so that "
                                      "nothing of it can be carried over"
                                    : "";
    throw DataError(
        fmt::format("{}: is a {} of version {}, but this program reads version {}{}; use the program that "
                    "wrote it, or compute it again under another name",
                    path, what, found, readable, reason));
}

}  // namespace attnpaths
