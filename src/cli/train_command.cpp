#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/dataset_command.hpp"
#include "cli/image_options.hpp"
#include "cli/launch_note.hpp"
#include "cli/options.hpp"
#include "datasets/head_counts.hpp"
#include "farm/duration.hpp"
#include "farm/mpi.hpp"
#include "theory/lapack.hpp"
#include "training/descent/training_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace attnpaths::cli {

namespace {

namespace po = boost::program_options;

constexpr char explanation[] =
    "Trains the network by gradient descent (Adam) on one-shot classification of images, and writes its\n"
    "queries and keys for the theory, and all its weights. Under mpirun the ranks share every batch; with\n"
    "--topology each has weights of its own, takes a step by its part of the batch and averages with its\n"
    "neighbours.\n\n"
    "FILE is written anew once in a while and at the end; interrupted at any moment, the same command goes "
    "on\n"
    "where the file stands, and with more --episodes it trains further. It holds the weights of the best\n"
    "validation, the last ones with all that it takes to go on, the training curve, and the label vectors:\n"
    "attnpaths dataset one-shot --heads FILE makes examples for this network.\n\n"
    "examples: attnpaths train --images glyphs --width 64 --query-width 16 --episodes 1e5 -o glyphs.h5\n"
    "          mpirun -n 2 attnpaths train --images omniglot/ --layers 2 --heads 4 -o trained.h5";

constexpr unsigned help_columns = 120;

/// What the options say, before it is checked.
struct TrainWords {
    TrainingSettings settings;
    ImageOptions images;
    std::string heads = "4";
    Index layers = 2;
    double episodes;
    double validation_period;
    double validation_episodes;
    double test_episodes;
    std::int64_t seed = 1;
    std::string optimiser = "adam";

    TrainWords()
        : episodes(static_cast<double>(settings.episodes)),
          validation_period(static_cast<double>(settings.validation_period)),
          validation_episodes(static_cast<double>(settings.validation_episodes)),
          test_episodes(static_cast<double>(settings.test_episodes)) {}
};

template <class Value>
po::typed_value<Value>* number(Value& value, const char* name) {
    const auto text = exact_text(static_cast<double>(value));
    return po::value(&value)->default_value(value, text)->value_name(name);
}

po::options_description make_options(TrainWords& words) {
    po::options_description options("options", help_columns);
    TrainingSettings& settings = words.settings;
    options.add_options()  //
        ("output,o", po::value(&settings.output)->required()->value_name("FILE"),
         "file to write, or to go on with");
    add_image_options(options, words.images);
    add_token_options(options, words.images);
    options.add_options()  //
        ("layers", number(words.layers, "L"), "attention layers")(
            "heads", po::value(&words.heads)->default_value(words.heads)->value_name("H"),
            "heads of every layer, or per layer, as 4:2")("query-width", number(settings.query_width, "G"),
                                                          "rows of Q and K")(
            "width", number(settings.width, "N"), "hidden width")(
            "from", po::value(&settings.from)->value_name("FILE"),
            "begin with the network in FILE (trained, or pruned) instead of random weights")(
            "episodes", number(words.episodes, "N"), "episodes to train on")(
            "batch", number(settings.batch, "N"), "episodes per step, of all ranks together")(
            "optimiser", po::value(&words.optimiser)->default_value(words.optimiser)->value_name("NAME"),
            "adam, or sgd: plain gradient steps")(
            "topology", po::value(&settings.topology)->value_name("NAME|FILE"),
            "ring, torus, exponential (ranks 1, 2, 4, ... places away), complete, or a file of the gossip "
            "matrix; with --optimiser sgd")("learning-rate", number(settings.adam.learning_rate, "R"),
                                            "length of a step")(
            "weight-decay", number(settings.adam.decay, "R"), "L2 regularisation, added to the gradient")(
            "seed", number(words.seed, "N"), "random seed of weights, label vectors and episodes")(
            "validate-every", number(words.validation_period, "N"), "episodes between validations")(
            "validation-episodes", number(words.validation_episodes, "N"),
            "episodes of a validation, of classes kept apart")(
            "test-episodes", number(words.test_episodes, "N"),
            "episodes of the test at the end, of classes never seen; 0 for none")(
            "checkpoint-period", po::value<std::string>()->default_value("1m")->value_name("TIME"),
            "time between states written, the most that a kill can cost")(
            "time-limit", po::value<std::string>()->value_name("TIME"),
            "stop in good order after this time (90s, 50m, 2h)")(
            "progress", po::value<std::string>()->value_name("auto|bar|lines|none")->default_value("auto"),
            "how the run is followed on the terminal");
    add_help_option(options);
    return options;
}

Index checked(const char* option, double value, double least, double largest) {
    if (!(value >= least && value <= largest) || value != std::floor(value))
        throw UsageError(fmt::format("--{} = {} is out of range; choose a whole number from {} to {}", option,
                                     exact_text(value), exact_text(least), exact_text(largest)));
    return static_cast<Index>(value);
}

double checked_duration(const po::variables_map& values, const char* option) {
    const auto text = values[option].as<std::string>();
    const double seconds = parse_duration(text);
    if (seconds < 0)
        throw UsageError(fmt::format("--{} = {} is no time; write 90s, 50m or 2h", option, text));
    return seconds;
}

/// Kind of steps, which averaging with neighbours does not leave free.
/// @returns above all learning rates
double check_optimiser(const TrainWords& words, TrainingSettings& settings) {
    settings.adam.plain = words.optimiser == "sgd";
    if (!settings.adam.plain && words.optimiser != "adam")
        throw UsageError(fmt::format("--optimiser = {} is not known; choose adam or sgd", words.optimiser));
    if (!settings.adam.plain && !settings.topology.empty())
        throw UsageError(
            "--topology averages plain gradient steps; add --optimiser sgd, with a --learning-rate for "
            "these");
    // Targets take turns in a stream of episodes.
    const Index labels_of_ranks = Index{2} * mpi::Communicator().size();
    if (!settings.topology.empty() && settings.batch % labels_of_ranks != 0)
        throw UsageError(fmt::format(
            "--batch = {} does not give every rank as many episodes of both labels; choose a multiple of {}, "
            "twice the number of ranks",
            settings.batch, labels_of_ranks));
    return settings.adam.plain ? 1000 : 1;
}

TrainingSettings checked_settings(const TrainWords& words, const po::variables_map& values) {
    TrainingSettings settings = words.settings;
    constexpr double many = 4096;
    constexpr double endless = 1e15;
    checked("query-width", static_cast<double>(settings.query_width), 1, many);
    checked("width", static_cast<double>(settings.width), 1, 10 * many);
    checked("batch", static_cast<double>(settings.batch), 1, 1e6);
    ImageOptions images = words.images;
    check_image_options(images, values);
    settings.images = images.choice;
    settings.patch = images.patch;
    settings.heads = parse_head_counts(words.heads, "--heads");
    const auto layers = static_cast<std::size_t>(checked("layers", static_cast<double>(words.layers), 1, 64));
    if (settings.heads.size() == 1)
        settings.heads.resize(layers, settings.heads.front());
    else if (!values["layers"].defaulted() && settings.heads.size() != layers)
        throw UsageError(
            fmt::format("--heads = {} has {} layers but --layers = {}; leave out --layers or make "
                        "them agree",
                        words.heads, settings.heads.size(), layers));
    if (!settings.from.empty())
        for (const char* option :
             {"layers", "heads", "query-width", "width", "image-size", "patch-size", "channels"})
            if (!values[option].defaulted())
                throw UsageError(
                    fmt::format("--{} is that of the network in {}; leave it out", option, settings.from));
    settings.episodes = checked("episodes", words.episodes, 1, endless);
    settings.validation_period = checked("validate-every", words.validation_period, 1, endless);
    settings.validation_episodes = checked("validation-episodes", words.validation_episodes, 1, 1e9);
    settings.test_episodes = checked("test-episodes", words.test_episodes, 0, 1e9);
    settings.seed = checked_seed(words.seed);
    const double rate = settings.adam.learning_rate;
    const double largest_rate = check_optimiser(words, settings);
    if (!(rate > 0 && rate < largest_rate))
        throw UsageError(fmt::format("--learning-rate = {} is out of range; choose a number between 0 and {}",
                                     exact_text(rate), exact_text(largest_rate)));
    const double decay = settings.adam.decay;
    if (!(decay >= 0 && decay < 1))
        throw UsageError(fmt::format("--weight-decay = {} is out of range; choose a number from 0 to below 1",
                                     exact_text(decay)));
    settings.checkpoint_period = checked_duration(values, "checkpoint-period");
    if (values.count("time-limit") > 0) settings.time_limit = checked_duration(values, "time-limit");
    settings.progress = parse_progress_style(values["progress"].as<std::string>());
    return settings;
}

}  // namespace

int run_train(const std::vector<std::string>& arguments) {
    TrainWords words;
    const po::options_description options = make_options(words);
    const auto asks_for_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
    if (std::any_of(arguments.begin(), arguments.end(), asks_for_help)) {
        print_help("train --images SOURCE -o FILE [options]      (under mpirun -n RANKS, or alone)",
                   explanation, options);
        return 0;
    }
    // Every rank parses the same words, so every rank sees the same mistakes: only the master speaks of them.
    const mpi::Environment environment;
    tell_launch_mismatch("train");
    TrainingSettings settings;
    try {
        const po::variables_map values = parse_options(arguments, options, {}, "train");
        settings = checked_settings(words, values);
    } catch (const Error&) {
        if (mpi::Communicator().is_master()) throw;
        return 0;
    }
    lapack::reserve_memory();
    return run_training(settings);
}

}  // namespace attnpaths::cli
