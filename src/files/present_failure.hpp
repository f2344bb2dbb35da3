#pragma once

#include "base/error.hpp"

#include <string>

namespace attnpaths {

/// What an exception is to whoever runs the program.
struct Failure {
    ExitCode code = ExitCode::internal;
    std::string message;
};

/// Of the exception that is being handled; to be called in a catch block. Errors speak for themselves,
/// failures of a file system are told from missing files, all others are our own.
Failure present_failure();

}  // namespace attnpaths
