#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "cli/dataset_command.hpp"
#include "cli/options.hpp"
#include "datasets/balanced_subset.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/head_counts.hpp"
#include "network/path_kernels.hpp"
#include "tasks/one_shot/one_shot_file.hpp"
#include "theory/training_set.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>

namespace attnpaths::cli {

namespace {

namespace po = boost::program_options;

std::string class_name(const std::vector<double>& label, const Dataset& dataset) {
    const std::string value = fmt::format("y = {}", fmt::join(label, " "));
    const auto output =
        label.size() == 1
            ? static_cast<std::size_t>(label[0] > 0)
            : static_cast<std::size_t>(std::max_element(label.begin(), label.end()) - label.begin());
    if (dataset.class_names.size() <= output) return "with " + value;
    return fmt::format("of class {} ({})", dataset.class_names[output],
                       label.size() == 1 ? value : fmt::format("output {}", output + 1));
}

std::string classes_text(const Matrix& y, const Dataset& dataset) {
    if (!labels_are_classes(dataset.train.y)) return "regression targets";
    std::map<std::vector<double>, Index, std::greater<>> classes;
    for (Index row = 0; row < y.rows(); ++row) {
        const Vector label = y.row(row);
        ++classes[{label.begin(), label.end()}];
    }
    std::string text;
    for (const auto& [label, members] : classes)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", members, class_name(label, dataset));
    return text;
}

void print_set(const ExampleSet& set, const Dataset& dataset) {
    const std::string inputs = set.tokens > 0
                                   ? fmt::format("{} tokens of width {}", set.tokens, dataset.input_width)
                                   : fmt::format("path features of width {}", dataset.input_width);
    const std::string padding =
        set.mask.size() == 0
            ? ""
            : fmt::format(" ({:.1f} % padding)", 100 - 100 * static_cast<double>(set.mask.count()) /
                                                           static_cast<double>(set.mask.size()));
    const std::string targets = set.y.cols() == 0
                                    ? "no labels"
                                    : fmt::format("{} output{}; {}", set.y.cols(),
                                                  set.y.cols() == 1 ? "" : "s", classes_text(set.y, dataset));
    print_output("{:<14}{} examples, {}{}, {}\n", set.name, set.examples(), inputs, padding, targets);
}

void print_summary(const Dataset& dataset, const std::string& path) {
    print_output("{}\n", path);
    print_set(dataset.train, dataset);
    for (const ExampleSet& test : dataset.tests) print_set(test, dataset);
    if (dataset.unlabelled.examples() > 0) print_set(dataset.unlabelled, dataset);
    for (std::size_t layer = 0; layer < dataset.layers.size(); ++layer) {
        const std::vector<AttentionHead>& heads = dataset.layers[layer];
        std::vector<std::string> names;
        for (const AttentionHead& head : heads) names.push_back(head.name.empty() ? "unnamed" : head.name);
        const AttentionHead& first = heads.front();
        const bool is_mapped = dataset.train.maps && dataset.train.maps->heads(layer) > 0;
        std::string form = first.W.size() > 0           ? "W"
                           : first.key.size() > 0       ? fmt::format("Q and K of width {}", first.key.rows())
                           : first.attention.size() > 0 ? "attention, the same for all examples"
                           : is_mapped                  ? "attention of each example"
                                                        : "no weights";
        if (first.key_bias.size() > 0 || first.query_bias.size() > 0) form += ", biases of queries and keys";
        if (first.bias.size() > 0) form += ", bias of scores";
        if (first.relative_bias.size() > 0) form += ", relative bias";
        if (first.causal) form += ", causal";
        print_output("{:<14}{} head{} ({}), {}\n", fmt::format("layer {}", layer + 1), heads.size(),
                     heads.size() == 1 ? "" : "s", fmt::join(names, ", "), form);
    }
    const Index paths = path_count(dataset.heads());
    print_output("{:<14}{}; N0 n = {}\n", "paths", paths, dataset.input_width * paths);
    print_output("{:<14}{}\n", "attention",
                 dataset.attention == AttentionKind::softmax ? "softmax" : "hardmax");
    constexpr const char* readouts[] = {"average tokens", "first token", "last token",
                                        "the token that each example names"};
    print_output("{:<14}{}\n", "readout", readouts[static_cast<int>(dataset.readout)]);
    print_output("{:<14}{}\n", "content hash", content_hash(dataset));
}

/// One-shot classification: where images and tokens come from, and values to check another program by.
void print_notes(const OneShotNotes& notes) {
    print_output("{:<14}{} images of {} x {} pixels, patches of {} x {} in {} channel{}\n", "one-shot",
                 notes.images.empty() ? "unnamed" : notes.images, notes.image_size, notes.image_size,
                 notes.patch.size, notes.patch.size, notes.patch.channels,
                 notes.patch.channels == 1 ? "" : "s");
    if (notes.train_classes > 0)
        print_output("{:<14}{} train, {} validation, {} test\n", "classes", notes.train_classes,
                     notes.validation_classes, notes.test_classes);
    const CheckValues check = check_values(notes);
    if (!notes.first_image.empty())
        print_output("{:<14}first image of {}: pixel sum {}, largest {}, {} not zero\n", "check values",
                     notes.first_class, check.sum, check.largest, check.non_zero);
    print_output("{:<14}mean {:.10f}, deviation {:.10f} before they are standardised\n", "positions",
                 check.positions.mean, check.positions.deviation);
}

/// How many training examples a grid can ask for.
void print_examples(const Dataset& dataset, std::optional<Index> examples) {
    const LargestSubset largest = largest_balanced_subset(dataset.train.y);
    print_output("{:<14}{}{}\n", "largest P", largest.examples,
                 largest.left_out.empty() ? "" : ", " + largest.left_out);
    if (examples) print_output("{:<14}{} can be had\n", "asked P", *examples);
    const Index paths = path_count(dataset.heads());
    const Index P = examples.value_or(largest.examples);
    // Of more examples than features, these many are left.
    const Index rows = training_rows(P, dataset.input_width * paths);
    const auto mebibytes = [&](KernelStorage storage) {
        return PathKernels::bytes(rows, dataset.input_width, paths, storage) / (1 << 20);
    };
    print_output("{:<14}{:.3g} MiB of path features for P = {}{}\n", "memory",
                 mebibytes(KernelStorage::features), P,
                 dataset.outputs() == 1 ? fmt::format("; {:.3g} MiB with the kernels of all pairs of paths",
                                                      mebibytes(KernelStorage::kernels))
                                        : "");
}

void print_dataset_notes(const Dataset& dataset) {
    for (const std::string& note : dataset.notes) print_output("{:<14}{}\n", "note", note);
}

}  // namespace

int run_check(const std::vector<std::string>& arguments) {
    po::options_description options("options");
    options.add_options()("examples", po::value<Index>()->value_name("P"),
                          "check that a grid can ask for P training examples, equally many of each class");
    add_help_option(options);
    po::options_description all;
    all.add(options).add_options()("file", po::value<std::string>());
    po::positional_options_description words;
    words.add("file", 1);
    const po::variables_map values = parse_options(arguments, all, words, "dataset check");
    if (values.count("help") > 0) {
        print_help("dataset check FILE [--examples P]",
                   "Checks a data set file and prints what is in it. Exit code 0 if a sweep can use it, 65 "
                   "if its content is\n"
                   "wrong (with the object, what is wrong and what to do), 66 if it cannot be read.\n\n"
                   "example: attnpaths dataset check markov.h5",
                   options);
        return 0;
    }
    if (values.count("file") == 0) throw UsageError("no FILE given; see attnpaths dataset check --help");
    const auto path = values["file"].as<std::string>();
    const Dataset dataset = read_dataset_file(path);
    std::optional<Index> examples;
    if (values.count("examples") > 0) examples = values["examples"].as<Index>();
    if (examples) balanced_subset(dataset.train.y, *examples, path);  // before anything is printed
    print_summary(dataset, path);
    print_examples(dataset, examples);
    if (const std::optional<OneShotNotes> notes = read_notes(path)) print_notes(*notes);
    print_dataset_notes(dataset);
    return 0;
}

}  // namespace attnpaths::cli
