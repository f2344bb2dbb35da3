#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// What is wrong with the way a value is written; whoever knows its place adds it.
class ValueSyntaxError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Elements of a list at most, its ranges written out: what a person means, and no memory to speak of.
inline constexpr std::int64_t most_list_values = 100000;

// How values are written. A value, or an element of a list, may stand between "..." or '...', in which
// blanks, commas, # and ; are nothing special and a doubled quote is one; a quote in the middle of a word is
// a character like any other. # and ; begin a comment at the start of a line and after white space.

/// Without blanks and tabs at both ends.
std::string_view trimmed(std::string_view text);

/// The part of a line before its comment.
std::string_view without_comment(std::string_view line);

/// A single value without its quotes.
/// @throws ValueSyntaxError if a quote is not closed, or does not enclose all of the value
std::string unquoted(std::string_view value);

/// The text as a single value that is read as the same text: quoted where it must be.
std::string quoted_if_needed(const std::string& text);

/// Elements of a list between white space, or a comma with white space or a letter behind it: "1,5" is one
/// word. Quotes are taken off.
/// @throws ValueSyntaxError if a quote is not closed, or there is nothing before or after a comma
std::vector<std::string> list_elements(std::string_view value);

/// What a text must not hold: "a control character (0x00)" or "bytes that are not UTF-8 text (0xff)"; "" if
/// there is none. Tabs are allowed.
std::string forbidden_characters(std::string_view text);

}  // namespace attnpaths
