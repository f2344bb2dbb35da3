#include "base/error.hpp"
#include "base/numerics.hpp"
#include "base/printable.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "farm/attended_work.hpp"
#include "files/present_failure.hpp"
#include "h5/handle.hpp"
#include "version.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace {

using attnpaths::ExitCode;
using attnpaths::print_error;
using attnpaths::printable;
using attnpaths::write_error;
using attnpaths::write_output;
using attnpaths::cli::Command;

constexpr std::array commands = {
    Command{"sweep", "compute a grid of points into a store (under mpirun, or alone)",
            attnpaths::cli::run_sweep},
    Command{"submit", "queue more points for the sweep that runs on a store, or the next one",
            attnpaths::cli::run_submit},
    Command{"status", "points done, failed and left of a store, rate, remaining time",
            attnpaths::cli::run_status},
    Command{"show", "a row per point of a store, as table, CSV or JSON", attnpaths::cli::run_show},
    Command{"select", "the temperature of greatest evidence, line by line of a grid",
            attnpaths::cli::run_select},
    Command{"heads", "score and rank of every attention head, a row each", attnpaths::cli::run_heads},
    Command{"verify", "check a store's checksums, or compare two stores", attnpaths::cli::run_verify},
    Command{"merge", "join stores into one", attnpaths::cli::run_merge},
    Command{"train", "train a network on one-shot classification, whose heads the theory takes",
            attnpaths::cli::run_train},
    Command{"prune", "remove heads of a trained network by the theory's scores, with controls",
            attnpaths::cli::run_prune},
    Command{"dataset", "make, convert or check a data set file", attnpaths::cli::run_dataset},
    Command{"help", "what an analysis computes, its columns, settings and cost", attnpaths::cli::run_help},
};

std::string usage() {
    std::string text = fmt::format(
        "attnpaths {}: statistical mechanics of attention paths (arXiv:2405.15926)\n\n"
        "usage: attnpaths COMMAND ...          attnpaths COMMAND --help for each command\n\n",
        attnpaths::program_version);
    for (const Command& command : commands)
        text += fmt::format("  {:<8} {}\n", command.name, command.summary);
    text +=
        "\nexit codes: 0 all done, 64 usage, 65 bad data, 66 no input, 70 internal, 73/74 output,\n"
        "            75 stopped by time limit or signal with work left (run again to go on)\n";
    return text;
}

/// Runs something and turns every exception into one line and an exit code.
template <class Run>
int reporting(const std::string& name, const Run& run) {
    try {
        return run();
    } catch (const std::exception&) {
        const attnpaths::Failure failure = attnpaths::present_failure();
        print_error("attnpaths {}: {}\n", name, printable(failure.message));
        return static_cast<int>(failure.code);
    }
}

int dispatch(const std::vector<std::string>& words) {
    if (words.empty()) {
        write_error(usage());
        return static_cast<int>(ExitCode::usage);
    }
    const std::string& name = words.front();
    const auto output = [&](const std::string& text) {
        return reporting(name, [&] {
            write_output(text);
            return 0;
        });
    };
    if (name == "--help" || name == "-h" || (name == "help" && words.size() == 1)) return output(usage());
    if (name == "--version" || name == "-v")
        return output(fmt::format("attnpaths {} ({})\n", attnpaths::program_version, attnpaths::git_hash));
    for (const Command& command : commands)
        if (name == command.name)
            return reporting(name, [&] { return command.run({words.begin() + 1, words.end()}); });
    std::vector<std::string> names;
    for (const Command& command : commands) names.emplace_back(command.name);
    const std::string near = attnpaths::nearest_word(name, names);
    print_error("attnpaths: no command {}; {}\n", printable(name),
                near.empty() ? "see attnpaths --help" : "did you mean " + near + "?");
    return static_cast<int>(ExitCode::usage);
}

}  // namespace

int main(int argc, char** argv) {
    attnpaths::initialise_numerics();
    attnpaths::h5::initialise();
    const int code = dispatch({argv + 1, argv + argc});
    if (attnpaths::AttendedWork::any_left_behind()) {
        static_cast<void>(std::fflush(nullptr));
        std::_Exit(code);
    }
    return code;
}
