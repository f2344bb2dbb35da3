#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "cli/dataset_command.hpp"
#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/head_counts.hpp"
#include "tasks/hidden_markov/hidden_markov.hpp"

#include <fmt/format.h>

namespace attnpaths::cli {

namespace {

namespace po = boost::program_options;

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

}  // namespace

int run_hidden_markov(const std::vector<std::string>& arguments) {
    HiddenMarkovTask task;
    std::int64_t seed = 1;
    po::options_description options("options");
    add_output_options(options);
    options.add_options()  //
        ("single-precision", "store tokens and weights as 32-bit numbers: half the size")(
            "examples", po::value(&task.examples)->default_value(task.examples)->value_name("P"),
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
    task.seed = checked_seed(seed);
    task.heads = head_counts(values);
    const OutputFile output(values["output"].as<std::string>(), values, {});
    const std::string& path = output.path();
    name_options_in_errors(
        [&] { write_dataset_file(make_hidden_markov(task), path, values.count("single-precision") > 0); });
    print_output("wrote {} ({} training examples, {} test examples, heads {}, seed {})\n", path,
                 task.examples, task.test_examples, head_counts_text(task.heads), seed);
    return 0;
}

}  // namespace attnpaths::cli
