#pragma once

#include "sweep/configuration.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// What whoever starts or submits a sweep should know of its data, a line each and each once: labels that
/// were mapped, content of the file that is not read, examples that are left out where grid.examples is.
std::vector<std::string> data_notes(const std::vector<Configuration>& parts);

}  // namespace attnpaths
