#pragma once

#include <string>

namespace attnpaths::cli {

/// Writes man pages into a folder, made if need be: attnpaths.1, one of every command, attnpaths-COMMAND.1 or
/// attnpaths-COMMAND-KIND.1, and attnpaths-analyses.7, which has what `help` says of each analysis.
/// @throws OutputError if one cannot be written
void write_manual(const std::string& folder);

}  // namespace attnpaths::cli
