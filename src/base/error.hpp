#pragma once

#include <stdexcept>
#include <string>

namespace attnpaths {

/// Exit codes of the program, after sysexits.h.
enum class ExitCode : int {
    ok = 0,
    usage = 64,             ///< wrong command line or configuration
    bad_data = 65,          ///< a file has the wrong content
    no_input = 66,          ///< an input file is missing or unreadable
    internal = 70,          ///< a bug, or a numerical failure outside a grid point
    cannot_create = 73,     ///< an output file cannot be created
    output_error = 74,      ///< writing failed (full disk, ...)
    stopped_with_work = 75  ///< stopped by time limit or signal with work left; run again to go on
};

/// Base of every error the program reports in one line: what was wrong, where, and what to do.
class Error : public std::runtime_error {
  public:
    Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
    [[nodiscard]] ExitCode code() const noexcept { return code_; }

  private:
    ExitCode code_;
};

/// Wrong command line, configuration file or grid.
class UsageError : public Error {
  public:
    explicit UsageError(const std::string& message) : Error(ExitCode::usage, message) {}
};

/// A file whose content is not what its format promises.
class DataError : public Error {
  public:
    explicit DataError(const std::string& message) : Error(ExitCode::bad_data, message) {}
};

/// An input file that is missing or cannot be read.
class InputError : public Error {
  public:
    explicit InputError(const std::string& message) : Error(ExitCode::no_input, message) {}
};

/// An output file that cannot be created or opened for writing.
class CreateError : public Error {
  public:
    explicit CreateError(const std::string& message) : Error(ExitCode::cannot_create, message) {}
};

/// A write that failed half way (full disk, vanished file system).
class OutputError : public Error {
  public:
    explicit OutputError(const std::string& message) : Error(ExitCode::output_error, message) {}
};

/// A condition of the numerics that broke: lost positive definiteness, NaN, no convergence.
class NumericalError : public Error {
  public:
    explicit NumericalError(const std::string& message) : Error(ExitCode::internal, message) {}
};

}  // namespace attnpaths
