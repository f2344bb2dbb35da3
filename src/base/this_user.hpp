#pragma once

#include <string>

namespace attnpaths {

/// Who runs this process, "user@host": the account's name, or its number where the machine has no name for
/// it.
std::string this_user();

}  // namespace attnpaths
