#include "sweep/configuration.hpp"

#include "analyses/registry.hpp"
#include "analyses/selection.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "runtime/duration.hpp"
#include "task/dataset_file.hpp"
#include "task/head_counts.hpp"
#include "theory/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

constexpr double largest_number = 1e15;

const std::vector<SettingKey> common_keys = {
    {"task.name", "hidden-markov",
     "hidden-markov; dataset for a file; rehearsal to try out a cluster, computing nothing"},
    {"grid.width", "", "list: 30 for all widths, 20:50:30 for N_1:N_2:N_a"},
    {"grid.examples", "", "list: training examples P (100; all of a data set)"},
    {"grid.heads", "", "list: 2 for every layer, 2:1 for layer 1 : layer 2 (2; all of a data set)"},
    {"grid.depth", "", "list: attention layers L (2; all of a data set)"},
    {"grid.temperature", "0.01", "list: T"},
    {"grid.seed", "1", "list: seeds of generated data"},
    {"theory.variance_input", "1", "prior variance sigma_0^2 of V0"},
    {"theory.variance_layers", "1", "prior variance of V^l, one for all layers or one each (1:2)"},
    {"theory.variance_readout", "1", "prior variance sigma_a^2 of a"},
    {"store.file", "attnpaths.h5", "the store"},
    {"run.memory_per_rank", "4G",
     "path kernels are held in memory within this budget, else evaluated from features"},
    {"run.time_limit", "", "stop in good order after this time (90s, 50m, 2h), exit code 75"},
    {"run.time_margin", "60s",
     "in a Slurm job: stop this long before its end (or a tenth of what is left at the start, if that is "
     "less)"},
    {"run.shard", "", "i/n: compute only part i of n equally expensive parts of the grid; see merge"},
    {"run.checkpoint_period", "5m", "time between checkpoints of long sampling; a killed run loses no more"},
    {"run.point_limit", "24h",
     "time that a point may take, or that its sampling may go on without a checkpoint; failed after three "
     "times"},
};

/// Pieces of "20:50:30", one per layer; an empty one ("20:", "20::30") is an error.
std::vector<std::string> layer_pieces(const Settings& settings, const std::string& key,
                                      const std::string& word) {
    std::vector<std::string> pieces = split(word, ":");
    const auto separators = static_cast<std::size_t>(std::count(word.begin(), word.end(), ':'));
    if (pieces.size() != separators + 1)
        settings.fail(key, fmt::format("\"{}\" has nothing before or after a colon; write one number for "
                                       "all, or one each as in 20:50:30",
                                       word));
    return pieces;
}

constexpr double smallest_variance = std::numeric_limits<double>::min();

double memory_per_rank_of(const Settings& settings) {
    const double bytes = parse_memory(settings.text("run.memory_per_rank"));
    if (bytes <= 0) settings.fail("run.memory_per_rank", "is not a size; write for example 512M or 4G");
    return bytes;
}

PointConfiguration point_of(const Settings& settings) {
    PointConfiguration point;
    point.analyses = selected_analyses(settings);
    point.variances.input = settings.number("theory.variance_input", smallest_variance, largest_number);
    point.variances.readout = settings.number("theory.variance_readout", smallest_variance, largest_number);
    for (const std::string& word :
         layer_pieces(settings, "theory.variance_layers", settings.text("theory.variance_layers"))) {
        double value = 0;
        if (!parse_number(word, value) || value <= 0)
            settings.fail("theory.variance_layers", fmt::format("\"{}\" is not a positive number", word));
        point.variances.layers.push_back(value);
    }
    point.memory_per_rank = memory_per_rank_of(settings);
    return point;
}

RunConfiguration run_of(const Settings& settings) {
    RunConfiguration run;
    if (settings.has("run.time_limit") && parse_duration(settings.text("run.time_limit")) < 0)
        settings.fail("run.time_limit", "is not a time; write for example 90s, 50m or 2h");
    run.time_margin = parse_duration(settings.text("run.time_margin"));
    if (run.time_margin < 0) settings.fail("run.time_margin", "is not a time; write for example 90s or 5m");
    if (settings.has("run.shard")) {
        run.shard = parse_shard(settings.text("run.shard"));
        if (run.shard.count == 0)
            settings.fail("run.shard", fmt::format("\"{}\" is no part of a whole; write for example 3/8, the "
                                                   "third of eight parts",
                                                   settings.text("run.shard")));
    }
    run.checkpoint_period = parse_duration(settings.text("run.checkpoint_period"));
    if (run.checkpoint_period < 0)
        settings.fail("run.checkpoint_period", "is not a time; write for example 90s, 5m or 1h");
    run.point_limit = parse_duration(settings.text("run.point_limit"));
    if (run.point_limit <= 0) settings.fail("run.point_limit", "is not a time; write for example 10m or 24h");
    return run;
}

/// Words of a list, or none if the key was not given.
std::vector<std::string> optional_list(const Settings& settings, const std::string& key) {
    return settings.has(key) ? settings.list(key) : std::vector<std::string>{};
}

Grid grid_of(const Settings& settings) {
    Grid grid;
    grid.widths = settings.list("grid.width");
    for (const std::string& word : grid.widths) parse_widths(settings, word);
    if (settings.has("grid.examples"))
        for (const long long examples : settings.integers("grid.examples", 1, 1000000000))
            grid.examples.push_back(examples);
    grid.heads = optional_list(settings, "grid.heads");
    for (const std::string& word : grid.heads) parse_head_counts(word, settings.place("grid.heads"));
    if (settings.has("grid.depth"))
        for (const long long depth : settings.integers("grid.depth", 1, 1000)) grid.depths.push_back(depth);
    grid.temperatures = settings.numbers("grid.temperature", smallest_variance, largest_number);
    for (const long long seed : settings.integers("grid.seed", 0, std::numeric_limits<long long>::max()))
        grid.seeds.push_back(seed);
    return grid;
}

}  // namespace

const std::vector<SettingKey>& sweep_keys() {
    static const std::vector<SettingKey> keys = [] {
        std::vector<SettingKey> all = common_keys;
        const std::vector<SettingKey> of_tasks = task_keys();
        all.insert(all.begin() + 1, of_tasks.begin(), of_tasks.end());
        all.push_back(run_setting());
        const std::vector<SettingKey> of_analyses = analysis_settings();
        all.insert(all.end(), of_analyses.begin(), of_analyses.end());
        return all;
    }();
    return keys;
}

Configuration understand(Settings settings) {
    Configuration configuration;
    settings.fill_defaults(sweep_keys());
    configuration.task = task_of(settings);
    configuration.point = point_of(settings);
    configuration.grid = grid_of(settings);
    configuration.store = settings.text("store.file");
    configuration.run = run_of(settings);
    for (const Analysis* analysis : configuration.point.analyses) {
        if (analysis->advance_chain == nullptr) continue;
        if (configuration.task.name == "rehearsal")
            settings.fail(run_setting().name,
                          "a rehearsal computes nothing to sample; leave out " + analysis->name);
        // A checkpoint is the sign that sampling gets on.
        if (configuration.run.point_limit <= configuration.run.checkpoint_period)
            settings.fail("run.point_limit",
                          "must be longer than run.checkpoint_period where points are sampled");
    }
    for (const Analysis& analysis : analyses())
        if (analysis.check_settings != nullptr) analysis.check_settings(settings);
    configuration.settings = std::move(settings);
    return configuration;
}

Configuration understand_run(Settings settings) {
    Configuration configuration;
    settings.fill_defaults(sweep_keys());
    configuration.point.memory_per_rank = memory_per_rank_of(settings);
    configuration.store = settings.text("store.file");
    configuration.run = run_of(settings);
    configuration.settings = std::move(settings);
    return configuration;
}

std::shared_ptr<const Dataset> load_dataset(Configuration& configuration) {
    if (configuration.task.name != "dataset") return nullptr;
    auto dataset = std::make_shared<const Dataset>(read_dataset_file(configuration.task.file));
    configuration.task.content = content_hash(*dataset);
    return dataset;
}

Index input_width(const Configuration& configuration, const Dataset* dataset) {
    if (dataset != nullptr) return dataset->input_width;
    if (configuration.task.name == "rehearsal") return 1;
    return configuration.task.hidden_markov.input_width();
}

std::vector<double> parse_widths(const Settings& settings, const std::string& word) {
    std::vector<double> widths;
    for (const std::string& piece : layer_pieces(settings, "grid.width", word)) {
        std::int64_t width = 0;
        double number = 0;
        if (!parse_integer(piece, width) && parse_number(piece, number) && number == std::floor(number) &&
            std::abs(number) < 1e15)
            width = static_cast<std::int64_t>(number);  // 1e6
        else if (!parse_integer(piece, width))
            settings.fail("grid.width", fmt::format("\"{}\" is not a whole number", piece));
        if (width < 1)
            settings.fail("grid.width", fmt::format("{} is not a width; widths are at least 1", piece));
        widths.push_back(static_cast<double>(width));
    }
    return widths;
}

double kernel_bytes(const GridPoint& point, Index input_width, KernelStorage storage) {
    const Index paths = point.architecture.paths();
    return PathKernels::bytes(training_rows(point.examples, input_width * paths), input_width, paths,
                              storage);
}

AnalysisInputs analysis_inputs(const Configuration& configuration, const std::vector<Index>& heads) {
    return {configuration.settings, known_sub_networks(configuration.task, heads),
            configuration.point.memory_per_rank};
}

ProblemSize problem_size(const PointConfiguration& configuration, const GridPoint& point, Index input_width) {
    return {point.architecture, point.examples, input_width,
            training_rows(point.examples, input_width * point.architecture.paths()),
            kernel_storage(configuration, point, input_width)};
}

KernelStorage kernel_storage(const PointConfiguration& configuration, const GridPoint& point,
                             Index input_width) {
    // Half of the budget: data, predictors and the Hessian want room too.
    return kernel_bytes(point, input_width, KernelStorage::kernels) <= configuration.memory_per_rank / 2 &&
                   point.architecture.outputs == 1
               ? KernelStorage::kernels
               : KernelStorage::features;
}

}  // namespace attnpaths
