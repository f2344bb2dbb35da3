#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "cli/dataset_command.hpp"
#include "cli/image_options.hpp"
#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/head_counts.hpp"
#include "images/idx_image_set.hpp"
#include "tasks/one_shot/one_shot.hpp"
#include "tasks/one_shot/one_shot_file.hpp"
#include "tasks/one_shot/random_heads.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

namespace attnpaths::cli {

namespace {

namespace po = boost::program_options;

struct OneShotSettings {
    OneShotTask task;
    ImageOptions images;
    std::int64_t seed = 1;
    Index head_width = 128;
};

/// The published fixed problems: digits 0 against 1, T-shirts against trousers.
struct FixedProblem {
    const char* name;  ///< of option and test set
    const char* what;
    double deviation;
};
constexpr FixedProblem fixed_problems[] = {
    {"mnist", "adds a test set of MNIST digits, 0 against 1, from its four idx files in FOLDER", 0.3081},
    {"fashion-mnist", "likewise of Fashion-MNIST, T-shirts (0) against trousers (1)", 0.353}};
const std::vector<int> fixed_labels = {0, 1};

po::options_description make_options(OneShotSettings& settings) {
    po::options_description options("options");
    OneShotTask& task = settings.task;
    add_output_options(options);
    add_image_options(options, settings.images);
    for (const FixedProblem& problem : fixed_problems)
        options.add_options()(problem.name, po::value<std::string>()->value_name("FOLDER"), problem.what);
    options.add_options()  //
        ("heads", po::value<std::string>()->value_name("FILE"),
         "take the heads from another data set file, and its label vectors if it has them "
         "(/one-shot/labels)")("random-heads", po::value<std::string>()->value_name("H"),
                               "untrained heads to try things out, per layer, as 4:4")(
            "head-width",
            po::value(&settings.head_width)->default_value(settings.head_width)->value_name("G"),
            "rows of Q and K of the random heads")(
            "examples", po::value(&task.examples)->default_value(task.examples)->value_name("P"),
            "training episodes, half of each target")(
            "test-examples",
            po::value(&task.test_examples)->default_value(task.test_examples)->value_name("N"),
            "episodes of every test set, half of each target")(
            "validation-examples",
            po::value(&task.validation_examples)->default_value(task.validation_examples)->value_name("N"),
            "episodes of the test set \"validation\"; 0 for none");
    add_token_options(options, settings.images);
    options.add_options()  //
        ("seed", po::value(&settings.seed)->default_value(settings.seed)->value_name("N"),
         "random seed of episodes, label vectors and random heads");
    add_help_option(options);
    return options;
}

constexpr char explanation[] =
    "Makes one-shot classification in context from labelled images: a sequence of two images of different\n"
    "classes with labels 0 and 1, then a third of either class, whose label is to be told. Every image is "
    "cut\n"
    "into patches, one token each: the patch normalised, plus a sinusoidal position, plus the label's "
    "vector.\n"
    "Test sets: \"test\" of classes never seen in training, \"validation\" of yet other classes, and on "
    "request\n"
    "\"mnist\" and \"fashion-mnist\", one fixed problem each.\n\n"
    "SOURCE, with images_background/ and images_evaluation/ in it: Omniglot as published, split by "
    "characters\n"
    "into 1028 classes for training, 172 for validation and 423 for tests (Vinyals et al.); with\n"
    "omniglot-images-idx3-ubyte and omniglot-classes.tsv: the same as one file and a table of classes; with\n"
    "train-images-idx3-ubyte and train-labels-idx1-ubyte: any set published as MNIST is, half of its classes "
    "for\n"
    "training, the others for validation and tests. Files of the name *-ubyte may be compressed (.gz).\n\n"
    "Episode number i depends on the seed and i alone. The group /one-shot of the file holds the label "
    "vectors,\n"
    "the settings, and values to check another program by; attnpaths dataset check prints them.\n\n"
    "examples: attnpaths dataset one-shot --images glyphs --random-heads 2:2 -o glyphs.h5\n"
    "          attnpaths dataset one-shot --images omniglot/ --mnist mnist/ --heads trained.h5 -o "
    "one-shot.h5";

void check_settings(const OneShotSettings& settings, const po::variables_map& values) {
    constexpr Index widest = 4096;
    if (settings.head_width < 1 || settings.head_width > widest)
        throw UsageError(
            fmt::format("--head-width = {} is out of range; choose 1 to {}", settings.head_width, widest));
    if (values.count("heads") + values.count("random-heads") != 1)
        throw UsageError(
            "give either --heads FILE, a data set file with the heads of a network, or --random-heads 4:4 to "
            "try "
            "things out");
}

struct Network {
    Dataset heads;  ///< without examples
    Matrix label_vectors;
};

/// Heads of a file must be those of a network for such tokens.
void check_heads(const std::string& path, const HeadLayers& layers, const std::optional<OneShotNotes>& notes,
                 const OneShotSettings& settings) {
    const PatchShape& patch = settings.task.patch;
    if (notes) {
        const std::tuple<const char*, Index, Index> sizes[] = {
            {"image-size", notes->image_size, settings.images.choice.size},
            {"patch-size", notes->patch.size, patch.size},
            {"channels", notes->patch.channels, patch.channels}};
        for (const auto& [option, theirs, ours] : sizes)
            if (theirs != ours)
                throw UsageError(fmt::format("--{} = {} but the heads in {} are for {}; choose that", option,
                                             ours, path, theirs));
    }
    for (const std::vector<AttentionHead>& layer : layers) {
        const AttentionHead& head = layer.front();
        const Index width = head.W.size() > 0 ? head.W.cols() : head.key.cols();
        if (width != patch.width())
            throw UsageError(
                fmt::format("{}: heads are for tokens of width N0 = {}, patches of {} x {} in {} channels "
                            "have {}; choose "
                            "--patch-size and --channels of the network",
                            path, width, patch.size, patch.size, patch.channels, patch.width()));
    }
}

Network make_network(const OneShotSettings& settings, const po::variables_map& values) {
    const Index width = settings.task.patch.width();
    Network network;
    if (values.count("random-heads") > 0) {
        const std::vector<Index> counts =
            parse_head_counts(values["random-heads"].as<std::string>(), "--random-heads");
        network.heads.layers = make_random_heads(counts, settings.head_width, width, settings.task.seed);
        network.label_vectors = draw_label_vectors(settings.task.seed, width);
        return network;
    }
    const auto path = values["heads"].as<std::string>();
    network.heads = read_dataset_heads(path);
    const std::optional<OneShotNotes> notes = read_notes(path);
    check_heads(path, network.heads.layers, notes, settings);
    network.label_vectors = notes ? notes->label_vectors : draw_label_vectors(settings.task.seed, width);
    if (!notes)
        print_error(
            "note: {} has no label vectors (/one-shot/labels), they are drawn from --seed; a trained network "
            "knows only its own\n",
            path);
    return network;
}

std::vector<ImageSet> read_fixed_problems(const OneShotSettings& settings, const po::variables_map& values) {
    std::vector<ImageSet> sets;
    for (const FixedProblem& problem : fixed_problems)
        if (values.count(problem.name) > 0)
            sets.push_back(read_idx_image_set(values[problem.name].as<std::string>(), problem.name,
                                              settings.images.choice.size, problem.deviation, fixed_labels));
    return sets;
}

std::string summary(const Dataset& dataset, const ImageSet& images, const std::string& path) {
    std::string text =
        fmt::format("wrote {} ({} training episodes of {} classes of {}; tests", path,
                    dataset.train.examples(), images.classes_of(Split::train).size(), images.name);
    for (const ExampleSet& test : dataset.tests) text += fmt::format(" {} {}", test.name, test.examples());
    return text + fmt::format("; heads {})", head_counts_text(dataset.heads()));
}

}  // namespace

int run_one_shot(const std::vector<std::string>& arguments) {
    OneShotSettings settings;
    const po::options_description options = make_options(settings);
    const po::variables_map values = parse_options(arguments, options, {}, "dataset one-shot");
    if (values.count("help") > 0) {
        print_help("dataset one-shot --images SOURCE -o FILE [options]", explanation, options);
        return 0;
    }
    settings.task.seed = checked_seed(settings.seed);
    check_image_options(settings.images, values);
    settings.task.patch = settings.images.patch;
    check_settings(settings, values);
    const OutputFile output(values["output"].as<std::string>(), values, {"heads"});
    const std::string& path = output.path();
    const Network network = make_network(settings, values);
    const ImageSet images = read_noted_images(settings.images.choice);

    Dataset dataset;
    name_options_in_errors([&] {
        dataset = make_one_shot(settings.task, images, read_fixed_problems(settings, values),
                                network.label_vectors);
    });
    dataset.layers = network.heads.layers;
    dataset.readout = network.heads.readout;
    dataset.attention = network.heads.attention;
    const OneShotNotes notes =
        describe_one_shot(images, settings.task.patch, network.label_vectors, settings.task.seed);
    write_dataset_file(dataset, path, false, [&](h5::File& file) { write_notes(file, notes); });
    print_output("{}\n", summary(dataset, images, path));
    return 0;
}

}  // namespace attnpaths::cli
