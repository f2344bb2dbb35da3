#include "cli/unread.hpp"

#include "base/error.hpp"
#include "base/standard_streams.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace attnpaths::cli {

int report_unread(const StoreView& store, const char* command) {
    for (const std::string& line : store.damage()) print_error("attnpaths {}: {}\n", command, line);
    for (const std::string& line : store.notes()) print_error("attnpaths {}: note: {}\n", command, line);
    return static_cast<int>(store.damage().empty() ? ExitCode::ok : ExitCode::bad_data);
}

}  // namespace attnpaths::cli
