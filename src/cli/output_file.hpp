#pragma once

#include "store/log/store_lock.hpp"

#include <boost/program_options.hpp>

#include <initializer_list>
#include <string>

namespace attnpaths::cli {

/// A file that a command is going to write, held from before the work to its end, so that two commands cannot
/// make the same file at once and lose the work of one. The file itself is written as a whole
/// (h5::write_whole_file).
class OutputFile {
  public:
    /// @param path    as the user gave it; a symbolic link stays one, what it points to is written
    /// @param values  with --force, a file that is there may be replaced
    /// @param inputs  options that name files which are read, and so cannot be written
    /// @throws CreateError if the file is there and may not be replaced, or its folder is missing or cannot
    /// be
    ///         written; UsageError if another run is making the file, naming it, or if it is an input
    OutputFile(const std::string& path, const boost::program_options::variables_map& values,
               std::initializer_list<const char*> inputs);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

  private:
    std::string path_;
    StoreLock lock_;
};

/// Adds --force.
void add_force_option(boost::program_options::options_description& options);

}  // namespace attnpaths::cli
