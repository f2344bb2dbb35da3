#pragma once

#include "h5/reader_process.hpp"

#include <string>

namespace attnpaths::h5 {

/// In a reader process: answers the requests of an InputFile (reader_protocol.hpp) about one file, one after
/// the other, until the channel is closed. What is wrong with the file is part of the answer.
void serve_file(const std::string& path, const Channel& channel);

}  // namespace attnpaths::h5
