#include "cli/output_file.hpp"

#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "files/file_paths.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace attnpaths::cli {

namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

/// What can be known before the lock is tried, so that messages speak of the file.
std::string checked_path(const std::string& path, const po::variables_map& values,
                         std::initializer_list<const char*> inputs) {
    std::error_code error;
    for (const char* input : inputs)
        if (values.count(input) > 0 && fs::equivalent(path, values[input].as<std::string>(), error))
            throw UsageError(path + ": is read and cannot be written as well; choose another name");
    std::string target = followed_path(path);
    const fs::path folder = fs::path(target).parent_path();
    if (!folder.empty() && !fs::is_directory(folder, error))
        throw CreateError(fmt::format("{}: cannot be created: no folder {}", path, folder.string()));
    if (fs::is_directory(target, error))
        throw CreateError(path + ": cannot be created: is a folder; give the name of a file");
    return target;
}

}  // namespace

OutputFile::OutputFile(const std::string& path, const po::variables_map& values,
                       std::initializer_list<const char*> inputs)
    : path_(path), lock_(checked_path(path, values, inputs), "run") {
    if (!lock_.note().empty()) print_error("note: {}\n", lock_.note());
    // Under the lock: what another run finished a moment ago is seen.
    if (fs::exists(path) && values.count("force") == 0)
        throw CreateError(path + ": is there already; choose another name, or replace it with --force");
}

void add_force_option(po::options_description& options) {
    options.add_options()("force", "replace files that are there already");
}

}  // namespace attnpaths::cli
