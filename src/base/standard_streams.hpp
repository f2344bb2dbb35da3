#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace attnpaths {

/// Writes to standard output at once.
/// @returns false if nobody reads any more (show | head): no error, but no reason to go on
/// @throws OutputError if writing fails otherwise (output redirected to a full disk)
bool write_output(std::string_view text);

/// Writes to standard error. That it cannot be written (closed, full disk) is no reason to fail: there is
/// nowhere left to say so.
void write_error(std::string_view text) noexcept;

template <class... Arguments>
bool print_output(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    return write_output(fmt::format(format, std::forward<Arguments>(arguments)...));
}

template <class... Arguments>
void print_error(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    write_error(fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace attnpaths
