#pragma once

#include "cli/command.hpp"

#include <span>
#include <string>

namespace attnpaths::cli {

/// What the program is, in a line.
extern const char* const program_summary;

/// What the program's exit codes mean: code and meaning.
std::span<const NamedWord> exit_codes();

/// What `attnpaths --help` prints.
std::string program_usage();

/// What `attnpaths --version` prints: version, commit and its day; how it was built, with which MPI and HDF5
/// it runs, and what its results are rounded by (numerics_fingerprint).
std::string version_text();

}  // namespace attnpaths::cli
