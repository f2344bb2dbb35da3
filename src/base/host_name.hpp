#pragma once

#include <string>

namespace attnpaths {

/// Name of this machine.
std::string host_name();

}  // namespace attnpaths
