#include "base/error.hpp"
#include "base/numerics.hpp"
#include "base/printable.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/program_help.hpp"
#include "farm/attended_work.hpp"
#include "files/present_failure.hpp"
#include "h5/handle.hpp"

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
        write_error(attnpaths::cli::program_usage());
        return static_cast<int>(ExitCode::usage);
    }
    const std::string& name = words.front();
    const auto output = [&](const std::string& text) {
        return reporting(name, [&] {
            write_output(text);
            return 0;
        });
    };
    if (name == "--help" || name == "-h" || (name == "help" && words.size() == 1))
        return output(attnpaths::cli::program_usage());
    if (name == "--version" || name == "-v") return output(attnpaths::cli::version_text());
    for (const Command& command : attnpaths::cli::commands())
        if (name == command.name)
            return reporting(name, [&] { return command.run({words.begin() + 1, words.end()}); });
    std::vector<std::string> names;
    for (const Command& command : attnpaths::cli::commands()) names.emplace_back(command.name);
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
