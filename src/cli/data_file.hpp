#pragma once

#include <optional>
#include <string>

namespace attnpaths::cli {

/// The data set file that a point was computed from: as column point/task names it, or beside the store.
/// @returns nothing if it is not there, or the task is none of a file
std::optional<std::string> data_file_of(const std::string& store, const std::string& task);

}  // namespace attnpaths::cli
