#pragma once

#include "cli/sweep_status.hpp"

#include <string>

namespace attnpaths::cli {

/// One JSON object and a newline. @param indent  of nested values; -1 for all in one line
std::string json_text(const StoreView& store, const SweepStatus& status, int indent);

/// Lines for people.
std::string plain_text(const StoreView& store, const SweepStatus& status);

/// One line for a log: what only changes when something happens.
std::string log_line(const SweepStatus& status);

}  // namespace attnpaths::cli
