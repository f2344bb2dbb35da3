#pragma once

#include <string>

namespace attnpaths::cli {

/// The shells that there is a completion for, as an option's value name.
inline constexpr const char* completion_shells = "bash|zsh|fish";

/// A script that teaches a shell the commands, their options and, where registries know them, the values of
/// these: names of analyses, tasks and topics of help, words to choose from; files where files are asked for.
/// @param shell  one of completion_shells
/// @throws UsageError for another one
std::string completion(const std::string& shell);

}  // namespace attnpaths::cli
