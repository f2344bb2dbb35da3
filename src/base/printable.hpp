#pragma once

#include <string>
#include <string_view>

namespace attnpaths {

/// A text that came from a file or another user, for people to read: control characters (C0, DEL, C1), those
/// that turn the direction of writing or separate lines, and bytes that are no UTF-8 are spelled out as
/// \xNN or \u{NNNN}, so that a text can neither steer a terminal nor pass for another.
std::string printable(std::string_view text);

/// The same, of at most so many bytes; a longer text ends in "...".
std::string printable(std::string_view text, std::size_t longest);

}  // namespace attnpaths
