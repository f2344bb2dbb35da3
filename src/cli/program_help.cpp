#include "cli/program_help.hpp"

#include "farm/mpi.hpp"
#include "h5/handle.hpp"
#include "theory/numerics_fingerprint.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <array>

namespace attnpaths::cli {

const char* const program_summary = "statistical mechanics of attention paths (arXiv:2405.15926)";

std::span<const NamedWord> exit_codes() {
    static const std::array<NamedWord, 7> all = {{
        {"0", "all done"},
        {"64", "usage"},
        {"65", "bad data"},
        {"66", "no input"},
        {"70", "internal, or points failed"},
        {"73, 74", "output"},
        {"75", "stopped by time limit or signal with work left (run again to go on)"},
    }};
    return all;
}

std::string program_usage() {
    std::string text = fmt::format(
        "attnpaths {}: {}\n\nusage: attnpaths COMMAND ...          attnpaths COMMAND --help for each "
        "command\n\n",
        program_version, program_summary);
    for (const Command& command : commands())
        text += fmt::format("  {:<8} {}\n", command.name, command.summary);
    text += "\nexit codes:\n";
    for (const auto& [code, meaning] : exit_codes()) text += fmt::format("  {:<8} {}\n", code, meaning);
    return text;
}

std::string version_text() {
    return fmt::format(
        "attnpaths {} ({}, {})\n"
        "build     {}\n"
        "MPI       {}\n"
        "HDF5      {}\n"
        "numerics  {}\n",
        program_version, git_hash, commit_date, ATTNPATHS_BUILD_TYPE, mpi::library_version(),
        h5::library_version(), numerics_fingerprint());
}

}  // namespace attnpaths::cli
