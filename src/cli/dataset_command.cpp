#include "cli/dataset_command.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "tasks/registry.hpp"
#include "theory/lapack.hpp"

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

std::vector<NamedWord> dataset_kinds() {
    std::vector<NamedWord> kinds;
    for (const TaskDeclaration& task : tasks())
        if (!task.explanation.empty()) kinds.push_back({task.name, task.summary});
    for (const Command& maker : makers) kinds.push_back({maker.name, maker.summary});
    return kinds;
}

int run_dataset(const std::vector<std::string>& arguments) {
    if (!arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h")) {
        std::string known;
        for (const auto& [name, summary] : dataset_kinds())
            known += fmt::format("  {:<15} {}\n", name, summary);
        print_help("dataset KIND ...          attnpaths dataset KIND --help for each",
                   known + "\nexample: attnpaths dataset hidden-markov --examples 100 -o markov.h5", {});
        return 0;
    }
    if (arguments.empty()) throw UsageError("no kind of data set given; see attnpaths dataset --help");
    lapack::reserve_memory();
    const std::vector<std::string> words(arguments.begin() + 1, arguments.end());
    for (const TaskDeclaration& task : tasks())
        if (!task.explanation.empty() && arguments.front() == task.name) return run_dataset_of(task, words);
    for (const Command& maker : makers)
        if (arguments.front() == maker.name) return maker.run(words);
    std::vector<std::string> names;
    for (const NamedWord& kind : dataset_kinds()) names.push_back(kind.name);
    const std::string near = nearest_word(arguments.front(), names);
    throw UsageError(fmt::format("no kind of data set \"{}\"{}; see attnpaths dataset --help",
                                 arguments.front(),
                                 near.empty() ? "" : fmt::format(", did you mean {}?", near)));
}

}  // namespace attnpaths::cli
