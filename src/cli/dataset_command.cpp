#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "h5/file.hpp"
#include "task/balanced_subset.hpp"
#include "task/dataset_file.hpp"
#include "task/head_counts.hpp"
#include "task/hidden_markov.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace attnpaths::cli {

namespace {

namespace po = boost::program_options;

void add_output_options(po::options_description& options) {
    options.add_options()                                                                        //
        ("output,o", po::value<std::string>()->required()->value_name("FILE"), "file to write")  //
        ("force", "replace FILE if it is there already")                                         //
        ("single-precision", "store tokens and weights as 32-bit numbers: half the size");
}

/// Before any work: an existing file is only replaced on request.
std::string output_file(const po::variables_map& values) {
    auto path = values["output"].as<std::string>();
    if (std::filesystem::exists(path) && values.count("force") == 0)
        throw CreateError(path + ": is there already; choose another name, or replace it with --force");
    return path;
}

/// Head counts per layer from --heads and --depth: "2" with depth 3 means "2:2:2".
std::vector<Index> head_counts(const po::variables_map& values) {
    std::vector<Index> heads = parse_head_counts(values["heads"].as<std::string>(), "--heads");
    if (values.count("depth") == 0) return heads;
    const Index depth = values["depth"].as<Index>();
    if (depth < 1) throw UsageError(fmt::format("--depth = {} is not positive; choose at least 1", depth));
    if (heads.size() == 1) heads.resize(static_cast<std::size_t>(depth), heads.front());
    if (static_cast<Index>(heads.size()) != depth)
        throw UsageError(
            fmt::format("--heads = {} has {} layers but --depth = {}; leave out --depth or make them agree",
                        head_counts_text(heads), heads.size(), depth));
    return heads;
}

std::string classes_text(const Matrix& y) {
    if (!labels_are_classes(y)) return "regression targets";
    std::map<std::vector<double>, Index, std::greater<>> classes;
    for (Index row = 0; row < y.rows(); ++row) {
        const Vector label = y.row(row);
        ++classes[{label.begin(), label.end()}];
    }
    std::string text;
    for (const auto& [label, members] : classes)
        text += fmt::format("{}{} with y = {}", text.empty() ? "" : ", ", members, fmt::join(label, " "));
    return text;
}

void print_set(const ExampleSet& set, const Dataset& dataset) {
    const std::string inputs = set.tokens > 0
                                   ? fmt::format("{} tokens of width {}", set.tokens, dataset.input_width)
                                   : fmt::format("path features of width {}", dataset.input_width);
    fmt::print("{:<14}{} examples, {}, {} output{}; {}\n", set.name, set.examples(), inputs, set.y.cols(),
               set.y.cols() == 1 ? "" : "s", classes_text(set.y));
}

void print_summary(const Dataset& dataset, const std::string& path) {
    fmt::print("{}\n", path);
    print_set(dataset.train, dataset);
    for (const ExampleSet& test : dataset.tests) print_set(test, dataset);
    for (std::size_t layer = 0; layer < dataset.layers.size(); ++layer) {
        const std::vector<AttentionHead>& heads = dataset.layers[layer];
        std::vector<std::string> names;
        for (const AttentionHead& head : heads) names.push_back(head.name.empty() ? "unnamed" : head.name);
        const AttentionHead& first = heads.front();
        const std::string form = first.W.size() > 0     ? "W"
                                 : first.key.size() > 0 ? fmt::format("Q and K of width {}", first.key.rows())
                                                        : "no weights";
        fmt::print("{:<14}{} head{} ({}), {}\n", fmt::format("layer {}", layer + 1), heads.size(),
                   heads.size() == 1 ? "" : "s", fmt::join(names, ", "), form);
    }
    constexpr const char* readouts[] = {"average", "first", "last"};
    fmt::print("{:<14}{}\n", "paths", path_count(dataset.heads()));
    fmt::print("{:<14}{}\n", "attention",
               dataset.attention == AttentionKind::softmax ? "softmax" : "hardmax");
    fmt::print("{:<14}{} token{}\n", "readout", readouts[static_cast<int>(dataset.readout)],
               dataset.readout == Readout::average ? "s" : "");
    fmt::print("{:<14}{}\n", "content hash", content_hash(dataset));
}

/// Groups that a data set file does not know: harmless, but a misspelt test set would be among them.
void print_ignored(const std::string& path) {
    std::vector<std::string> ignored;
    for (const std::string& member : h5::File::open(path).members("/"))
        if (member != "train" && member != "test" && member != "heads" && member.rfind("test-", 0) != 0)
            ignored.push_back("/" + member);
    if (!ignored.empty()) fmt::print("{:<14}{}\n", "not used", fmt::join(ignored, ", "));
}

/// The library names a parameter by its key in a sweep's configuration (task.noise_sum); here it is an
/// option.
Dataset make_dataset(const HiddenMarkovTask& task) {
    try {
        return make_hidden_markov(task);
    } catch (const UsageError& error) {
        std::string message = error.what();
        constexpr std::string_view prefix = "task.";
        if (message.rfind(prefix, 0) == 0) {
            const std::size_t end = message.find(' ');
            std::string option = "--" + message.substr(prefix.size(), end - prefix.size());
            std::replace(option.begin(), option.end(), '_', '-');
            message = option + message.substr(end);
        }
        throw UsageError(message);
    }
}

int run_hidden_markov(const std::vector<std::string>& arguments) {
    HiddenMarkovTask task;
    std::int64_t seed = 1;
    po::options_description options("options");
    add_output_options(options);
    options.add_options()  //
        ("examples", po::value(&task.examples)->default_value(task.examples)->value_name("P"),
         "training examples, half of each class")(
            "heads", po::value<std::string>()->default_value("2:2")->value_name("H"),
            "heads per layer, as 2:3:1, or one number with --depth")(
            "depth", po::value<Index>()->value_name("L"),
            "attention layers, when --heads is one number for all")(
            "seed", po::value(&seed)->default_value(seed)->value_name("N"),
            "random seed of examples and random heads")(
            "feature-width",
            po::value(&task.feature_width)->default_value(task.feature_width)->value_name("N"),
            "features of a token (even)")(
            "tokens", po::value(&task.tokens)->default_value(task.tokens)->value_name("N"),
            "tokens, without the beginning-of-sequence token")(
            "test-examples",
            po::value(&task.test_examples)->default_value(task.test_examples)->value_name("N"),
            "test examples, half of each class")(
            "stay-probability-plus",
            po::value(&task.stay_probability_plus)->default_value(0.7, "0.7")->value_name("p"),
            "hidden state stays, class +1")(
            "stay-probability-minus",
            po::value(&task.stay_probability_minus)->default_value(0.3, "0.3")->value_name("p"),
            "hidden state stays, class -1")(
            "noise-difference", po::value(&task.noise_difference)->default_value(1)->value_name("s"),
            "noise along v+ - v-")("noise-sum", po::value(&task.noise_sum)->default_value(1)->value_name("s"),
                                   "noise along v+ + v-")(
            "noise-perpendicular", po::value(&task.noise_perpendicular)->default_value(1)->value_name("s"),
            "noise out of that plane")("beta", po::value(&task.beta)->default_value(10)->value_name("b"),
                                       "inverse temperature of the heads")(
            "random-strength", po::value(&task.random_strength)->default_value(1)->value_name("s"),
            "strength of the random heads")(
            "sequence-start-score",
            po::value(&task.sequence_start_score)->default_value(1.5, "1.5")->value_name("s"),
            "score of the first token in the same-token head");
    add_help_option(options);
    const po::variables_map values = parse_options(arguments, options, {}, "dataset hidden-markov");
    if (values.count("help") > 0) {
        print_help(
            "dataset hidden-markov -o FILE [options]",
            "Makes the hidden-Markov classification task: two classes of token sequences that differ in how "
            "often a\n"
            "hidden state changes, with the attention heads that detect it and random ones.\n\n"
            "example: attnpaths dataset hidden-markov --examples 100 --heads 2:2 --seed 1 -o markov.h5",
            options);
        return 0;
    }
    if (seed < 0) throw UsageError(fmt::format("--seed = {} is negative; choose 0 or more", seed));
    task.seed = static_cast<std::uint64_t>(seed);
    task.heads = head_counts(values);
    const std::string path = output_file(values);
    write_dataset_file(make_dataset(task), path, values.count("single-precision") > 0);
    fmt::print("wrote {} ({} training examples, {} test examples, heads {}, seed {})\n", path, task.examples,
               task.test_examples, head_counts_text(task.heads), seed);
    return 0;
}

int run_check(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("file", po::value<std::string>());
    po::positional_options_description words;
    words.add("file", 1);
    const po::variables_map values = parse_options(arguments, all, words, "dataset check");
    if (values.count("help") > 0) {
        print_help("dataset check FILE",
                   "Checks a data set file and prints what is in it. Exit code 0 if a sweep can use it, 65 "
                   "if its content is\n"
                   "wrong (with the object, what is wrong and what to do), 66 if it cannot be read.\n\n"
                   "example: attnpaths dataset check markov.h5",
                   options);
        return 0;
    }
    if (values.count("file") == 0) throw UsageError("no FILE given; see attnpaths dataset check --help");
    const auto path = values["file"].as<std::string>();
    print_summary(read_dataset_file(path), path);
    print_ignored(path);
    return 0;
}

constexpr Command makers[] = {
    {"hidden-markov", "make the hidden-Markov classification task", run_hidden_markov},
    {"check", "check a data set file and print what is in it", run_check},
};

}  // namespace

int run_dataset(const std::vector<std::string>& arguments) {
    std::string known;
    for (const Command& maker : makers) known += fmt::format("  {:<15} {}\n", maker.name, maker.summary);
    if (!arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h")) {
        fmt::print(
            "usage: attnpaths dataset KIND ...          attnpaths dataset KIND --help for each\n\n{}\n"
            "example: attnpaths dataset hidden-markov --examples 100 -o markov.h5\n",
            known);
        return 0;
    }
    if (arguments.empty()) throw UsageError("no kind of data set given; see attnpaths dataset --help");
    std::vector<std::string> names;
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
