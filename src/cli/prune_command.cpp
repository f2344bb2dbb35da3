#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/data_file.hpp"
#include "cli/dataset_command.hpp"
#include "cli/image_options.hpp"
#include "cli/options.hpp"
#include "cli/output_file.hpp"
#include "cli/prune_order.hpp"
#include "cli/prune_output.hpp"
#include "cli/prune_point.hpp"
#include "cli/prune_subjects.hpp"
#include "datasets/dataset_file.hpp"
#include "datasets/head_counts.hpp"
#include "files/file_paths.hpp"
#include "h5/whole_file.hpp"
#include "theory/lapack.hpp"
#include "training/pruning/network_lesion.hpp"
#include "training/pruning/pruning_file.hpp"
#include "training/pruning/removal_order.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace attnpaths::cli {

namespace {

namespace po = boost::program_options;

constexpr char explanation[] =
    "Removes heads of a trained network in ascending order of the theory's head scores, or (--by evidence) "
    "each "
    "time the\n"
    "head whose loss costs the evidence of the infinitely wide network least, without training again, and\n"
    "measures its accuracy on episodes of the test classes after every removal; as controls, in "
    "descending\n"
    "order and in random orders; and every head alone. The last head of a layer stays: orders pass over it. "
    "A "
    "layer\n"
    "that lost d of its H heads divides their sum by sqrt(H - d) in place of sqrt(H). Differences are "
    "paired: "
    "all\n"
    "networks answer the same episodes.\n\n"
    "HEADS is a file of attnpaths train, STORE that of a sweep over a data set made with these heads "
    "(attnpaths\n"
    "dataset one-shot --heads HEADS); options choose its grid point where there are several. The theory's "
    "own\n"
    "lesion, rows and columns of the order parameter U silenced without solving for U anew, is tested on "
    "every\n"
    "test set of that data set. A store alone, of any data set file, gives that lesion "
    "alone.\n\n"
    "With --by evidence the network is solved again after every removal, with temperature and variance at "
    "their "
    "best;\n"
    "kernels are made once, so that a removal takes milliseconds, whatever the number of paths.\n\n"
    "example: attnpaths prune trained.h5 store.h5 --width 10 --temperature 0.5 --images omniglot/ -o "
    "pruning.h5";

struct PruneSettings {
    PointChoice point;
    RemovalSettings removal;
    PruningSettings study;
    ImageOptions images;
};

po::options_description make_options(PruneSettings& settings) {
    const auto number = [](std::optional<double>& value) {
        return po::value<double>()->notifier([&value](double given) { value = given; });
    };
    po::options_description options("options");
    add_image_options(options, settings.images, "of glyphs: as in training, since test classes depend on it");
    options.add_options()  //
        ("point", po::value(&settings.point.key)->value_name("KEY"),
         "grid point by its key, or the beginning of it");
    options.add_options()  //
        ("width", number(settings.point.width)->value_name("N"), "grid point by its width");
    options.add_options()  //
        ("examples", number(settings.point.examples)->value_name("P"), "by its number of training examples");
    options.add_options()  //
        ("temperature", number(settings.point.temperature)->value_name("T"), "by its temperature");
    options.add_options()  //
        ("by",
         po::value<std::string>()
             ->default_value("scores")
             ->value_name("scores|evidence")
             ->notifier([&settings](const std::string& given) { settings.removal.by = parse_by(given); }),
         "what decides the order of removal");
    options.add_options()  //
        ("keep", po::value(&settings.removal.kept)->multitoken()->value_name("HEAD"),
         "with --by evidence: heads that stay, 2.5 for head 5 of layer 2, such as residual connections");
    options.add_options()  //
        ("dataset", po::value<std::string>()->value_name("FILE"),
         "data set of the store (default: the file that the store names); none: leave the theory's own "
         "lesion "
         "out");
    options.add_options()  //
        ("episodes",
         po::value(&settings.study.episodes)->default_value(settings.study.episodes)->value_name("N"),
         "episodes of test classes, half of each target");
    options.add_options()  //
        ("shuffles",
         po::value(&settings.study.shuffles)->default_value(settings.study.shuffles)->value_name("N"),
         "random orders (of the theory's lesion at most 20)");
    options.add_options()  //
        ("seed", po::value(&settings.study.seed)->default_value(settings.study.seed)->value_name("N"),
         "random seed of episodes and orders");
    options.add_options()  //
        ("csv", "comma-separated values in place of tables, every number exact");
    options.add_options()  //
        ("output,o", po::value<std::string>()->value_name("FILE"), "HDF5 file of all curves");
    options.add_options()  //
        ("write-pruned", po::value<std::vector<std::string>>()->multitoken()->value_name("K FILE"),
         "the network after K removals in ascending order, for attnpaths train --from and dataset one-shot "
         "--heads");
    add_force_option(options);
    add_help_option(options);
    return options;
}

struct PrunedFile {
    std::size_t removals = 0;
    OutputFile output;
};

constexpr std::initializer_list<const char*> inputs = {"heads", "store", "dataset"};

std::optional<PrunedFile> pruned_file(const po::variables_map& values) {
    if (values.count("write-pruned") == 0) return std::nullopt;
    const auto& words = values["write-pruned"].as<std::vector<std::string>>();
    std::int64_t removals = 0;
    if (words.size() != 2 || !parse_integer(words[0], removals) || removals < 0)
        throw UsageError(
            "--write-pruned takes a number of removals and a file; write --write-pruned 3 FILE "
            "after HEADS and STORE");
    namespace fs = std::filesystem;
    const auto place = [](const std::string& path) {
        return fs::weakly_canonical(fs::absolute(followed_path(path)));
    };
    if (values.count("output") > 0 && place(values["output"].as<std::string>()) == place(words[1]))
        throw UsageError(words[1] + ": cannot be both --output and --write-pruned; choose two names");
    return PrunedFile{static_cast<std::size_t>(removals), OutputFile(words[1], values, inputs)};
}

void check_settings(const PruningSettings& settings) {
    const std::tuple<const char*, Index, Index> numbers[] = {{"episodes", settings.episodes, 2},
                                                             {"shuffles", settings.shuffles, 2}};
    constexpr Index largest = 100'000'000;
    for (const auto& [option, value, least] : numbers)
        if (value < least || value > largest)
            throw UsageError(
                fmt::format("--{} = {} is out of range; choose {} to {}", option, value, least, largest));
    if (settings.episodes % 2 != 0)
        throw UsageError(
            fmt::format("--episodes = {}: half of the episodes are of each target; choose an even number",
                        settings.episodes));
}

void write_results(const std::string& path, const PruningResults& results, const ScoredPoint& point,
                   const std::string& network_path, const std::string& store_path,
                   const PruneSettings& settings) {
    h5::write_whole_file(path, [&](h5::File& file) {
        file.write_attribute("/", "format", "attnpaths-pruning");
        file.write_attribute("/", "version", std::int64_t{1});
        file.write_attribute("/", "network", network_path);
        file.write_attribute("/", "heads", head_counts_text(results.heads));
        file.write_attribute("/", "store", store_path);
        file.write_attribute("/", "point", point.key);
        file.write_number_attribute("/", "width", point.width);
        file.write_attribute("/", "examples", std::int64_t{point.solved.examples});
        file.write_number_attribute("/", "temperature", point.solved.temperature);
        file.write_attribute("/", "seed", settings.study.seed);
        file.write_attribute("/", "by", settings.removal.by == By::scores ? "scores" : "evidence");
        if (point.scores.size() > 0) write_head_scores(file, point.scores, results.heads);
        if (results.elimination) write_elimination(file, *results.elimination, results.heads);
        for (const auto& [name, description, cases, study] : results.subjects)
            write_study(file, "/" + name, description, study, results.heads, cases);
    });
}

/// @param whose  names the network in the message
void check_heads(const std::vector<Index>& heads, const std::string& whose) {
    if (std::all_of(heads.begin(), heads.end(), [](Index count) { return count == 1; }))
        throw UsageError(fmt::format("{}: has one head in every layer; there is nothing to remove", whose));
}

/// The network without its first heads in that order, into its file.
void write_pruned(const PrunedFile& pruned, const TrainedNetwork& network, const std::vector<Index>& order) {
    const std::vector<Index> removed(order.begin(),
                                     order.begin() + static_cast<std::ptrdiff_t>(pruned.removals));
    const TrainedNetwork smaller = without_heads(network, lesion_of(removed, network.shape.heads));
    h5::write_whole_file(pruned.output.path(), [&](h5::File& file) { write_network(file, smaller); });
}

void check_removals(const PrunedFile& pruned, const std::vector<Index>& heads) {
    const std::size_t most = lesion_of({}, heads).size() - heads.size();
    if (pruned.removals > most)
        throw UsageError(fmt::format(
            "--write-pruned {}: a head must stay in every layer, so of heads {} at most {} can go",
            pruned.removals, head_counts_text(heads), most));
}

/// Without a network: the theory's own lesion alone, whatever the data set.
void check_options_without_network(const po::variables_map& values) {
    for (const char* option : {"images", "train-classes", "augment", "write-pruned"})
        if (values.count(option) > 0 && !values[option].defaulted())
            throw UsageError(
                fmt::format("--{} is about a trained network; give its file before the store", option));
    if (values.count("dataset") > 0 && values["dataset"].as<std::string>() == "none")
        throw UsageError("--dataset none leaves nothing to do without a trained network");
}

void prune(const std::optional<std::string>& network_path, const std::string& store_path,
           PruneSettings& settings, const po::variables_map& values) {
    checked_seed(settings.study.seed);
    check_settings(settings.study);
    if (network_path)
        check_image_options(settings.images, values);
    else
        check_options_without_network(values);
    // Files are written last; what would fail then is told now.
    const std::optional<PrunedFile> pruned = pruned_file(values);
    std::optional<OutputFile> output;
    if (values.count("output") > 0) output.emplace(values["output"].as<std::string>(), values, inputs);

    std::optional<TrainedNetwork> network;
    if (network_path) network = read_network(*network_path);
    const ScoredPoint point = choose_point(read_whole_store(store_path), settings.point,
                                           network ? network->shape.heads : std::vector<Index>{});
    const std::vector<Index>& heads = point.solved.heads;
    check_heads(heads, network_path.value_or(store_path));
    if (pruned) check_removals(*pruned, heads);

    PruningResults results;
    results.heads = heads;
    PointData data = read_point_data(
        point, store_path,
        values.count("dataset") > 0 ? std::optional(values["dataset"].as<std::string>()) : std::nullopt);
    if (network && data.theory)
        check_same_heads(data.theory->training().data().dataset(), data.path, *network, *network_path);
    const std::vector<Index> ascending = order_heads(point, data, settings.removal, store_path, results);
    if (network) {
        ImageChoice images = settings.images.choice;
        images.size = network->notes.image_size;
        results.subjects.push_back(
            study_network(*network, ascending, read_noted_images(images), settings.study));
    }
    // Where the order parameter is not stored (many paths), an order by evidence stands for itself.
    if (data.theory && (point.solved.U.size() > 0 || settings.removal.by == By::scores))
        for (PrunedSubject& subject : study_theory(point, *data.theory, ascending, data.path, settings.study))
            results.subjects.push_back(std::move(subject));

    if (output)
        write_results(output->path(), results, point, network_path.value_or(""), store_path, settings);
    if (pruned) write_pruned(*pruned, *network, removal_order(ascending, heads));
    if (values.count("csv") > 0) {
        write_output(csv_text(results));
        return;
    }
    const std::string first =
        network ? fmt::format("network {}: ", *network_path) : "network of the theory: ";
    write_output(fmt::format("{}heads {}\nstore   {}: point {} ({})\n\n{}", first, head_counts_text(heads),
                             store_path, point.key, point.text, tables_text(results)));
}

}  // namespace

int run_prune(const std::vector<std::string>& arguments) {
    PruneSettings settings;
    const po::options_description options = make_options(settings);
    po::options_description all;
    all.add(options).add_options()("heads", po::value<std::string>())("store", po::value<std::string>());
    const auto words = po::positional_options_description().add("heads", 1).add("store", 1);
    const po::variables_map values = parse_options(arguments, all, words, "prune");
    if (values.count("help") > 0) {
        print_help("prune HEADS STORE --images SOURCE [options]\n       attnpaths prune STORE [options]",
                   explanation, options);
        return 0;
    }
    if (values.count("heads") == 0)
        throw UsageError("give a store, or the file of a network and a store; see attnpaths prune --help");
    lapack::reserve_memory();
    const auto first = values["heads"].as<std::string>();
    if (values.count("store") > 0)
        prune(first, values["store"].as<std::string>(), settings, values);
    else
        prune(std::nullopt, first, settings, values);
    return 0;
}

}  // namespace attnpaths::cli
