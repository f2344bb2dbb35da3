#pragma once

#include "h5/handle.hpp"

#include <string>

namespace attnpaths::h5 {

/// Walks through an open file of plain content, as this program's stores are: groups, arrays of numbers and
/// of texts of fixed length, each reached once. Everything but the numbers themselves is read: object
/// headers, attributes, group and chunk indices. What passes here can be read without a process of its own:
/// the library has been through the same structures, and numbers of fixed size cannot lead it astray.
/// @param path  named in messages
/// @throws DataError at a link, a type of variable length, numbers outside the file, or damage
void check_structure(hid_t file, const std::string& path);

}  // namespace attnpaths::h5
