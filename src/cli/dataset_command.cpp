#include "cli/dataset_command.hpp"

#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "tasks/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths::cli {

namespace {

namespace po = boost::program_options;

constexpr Command makers[] = {
    {"one-shot", "make one-shot classification of images: Omniglot, MNIST, glyphs", run_one_shot},
    {"check", "check a data set file and print what is in it", run_check},
};

}  // namespace

void add_output_options(po::options_description& options) {
    options.add_options()("output,o", po::value<std::string>()->required()->value_name("FILE"),
                          "file to write");
    add_force_option(options);
}

void name_options_in_errors(const std::function<void()>& make) {
    try {
        make();
    } catch (const UsageError& error) {
        std::string message = error.what();
        constexpr std::string_view prefix = "task.";
        if (message.starts_with("--task.")) message.erase(0, 2);
        if (message.starts_with(prefix)) {
            const std::size_t end = message.find(' ');
            std::string option = "--" + message.substr(prefix.size(), end - prefix.size());
            std::replace(option.begin(), option.end(), '_', '-');
            message = option + message.substr(end);
        }
        throw UsageError(message);
    }
}

std::uint64_t checked_seed(std::int64_t seed) {
    if (seed < 0) throw UsageError(fmt::format("--seed = {} is negative; choose 0 or more", seed));
    return static_cast<std::uint64_t>(seed);
}

int run_dataset(const std::vector<std::string>& arguments) {
    std::string known;
    for (const TaskDeclaration& task : tasks())
        if (!task.explanation.empty()) known += fmt::format("  {:<15} {}\n", task.name, task.summary);
    for (const Command& maker : makers) known += fmt::format("  {:<15} {}\n", maker.name, maker.summary);
    if (!arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h")) {
        print_output(
            "usage: attnpaths dataset KIND ...          attnpaths dataset KIND --help for each\n\n{}\n"
            "example: attnpaths dataset hidden-markov --examples 100 -o markov.h5\n",
            known);
        return 0;
    }
    if (arguments.empty()) throw UsageError("no kind of data set given; see attnpaths dataset --help");
    std::vector<std::string> names;
    for (const TaskDeclaration& task : tasks()) {
        if (task.explanation.empty()) continue;
        if (arguments.front() == task.name)
            return run_dataset_of(task, {arguments.begin() + 1, arguments.end()});
        names.push_back(task.name);
    }
    for (const Command& maker : makers) {
        if (arguments.front() == maker.name) return maker.run({arguments.begin() + 1, arguments.end()});
        names.emplace_back(maker.name);
    }
    const std::string near = nearest_word(arguments.front(), names);
    throw UsageError(fmt::format("no kind of data set \"{}\"{}; see attnpaths dataset --help",
                                 arguments.front(),
                                 near.empty() ? "" : fmt::format(", did you mean {}?", near)));
}

}  // namespace attnpaths::cli
