#include "sweep/configuration.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "runtime/duration.hpp"
#include "task/head_counts.hpp"
#include "tasks/registry.hpp"
#include "theory/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

constexpr double largest_number = 1e15;
constexpr double largest_width = 0x1p53;

const std::vector<SettingKey> common_keys = {
    {"grid.width", "",
     "list: 30 for all widths, 20:50:30 for N_1:N_2:N_a; lists may have ranges, 1..9, 10..100..10 or "
     "10..1000..log5"},
    {"grid.examples", "", "list: training examples P (100; all of a data set)"},
    {"grid.heads", "", "list: 2 for every layer, 2:1 for layer 1 : layer 2 (2; all of a data set)"},
    {"grid.depth", "", "list: attention layers L (2; all of a data set)"},
    {"grid.temperature", "0.01", "list: T (0.01..1..log9: nine values with equal ratios)"},
    {"grid.seed", "1", "list: seeds of generated data (1..20)"},
    {"theory.tolerance", "1e-10", "bound on max |dS/dU_ij| (S / largest width)"},
    {"theory.second_start", "false", "solve from a second start too and store the difference"},
    {"theory.spectrum", "30", "leading kernel eigenvalues and overlaps to store"},
    {"theory.sub_networks", "auto",
     "baselines NAME=1.1,2.1 ... of some paths; auto: good and good+denoising of hidden-markov"},
    {"theory.variance_input", "1", "prior variance sigma_0^2 of V0"},
    {"theory.variance_layers", "1", "prior variance of V^l, one for all layers or one each (1:2)"},
    {"theory.variance_readout", "1", "prior variance sigma_a^2 of a"},
    {"sampling.methods", "none",
     "list: order-parameter, the exact posterior at any width; weights, all weights of the network; or none"},
    {"sampling.chains", "4", "chains per point and method"},
    {"sampling.warmup", "300", "warm-up transitions per chain"},
    {"sampling.draws", "500", "draws per chain before the diagnostics are looked at"},
    {"sampling.max_draws", "4000", "draws per chain at most; sampling goes on until the targets are met"},
    {"sampling.weights_warmup", "500", "warmup of the method weights"},
    {"sampling.weights_draws", "500", "draws of the method weights"},
    {"sampling.weights_max_draws", "4000", "max_draws of the method weights"},
    {"sampling.target_ess", "400", "least effective sample size wanted"},
    {"sampling.target_rhat", "1.01", "largest R-hat accepted"},
    {"sampling.predictor_draws", "200", "draws of order parameters over which the predictor is averaged"},
    {"store.file", "attnpaths.h5", "the store"},
    {"store.predictions", "true", "store predictor mean and variance of every test point"},
    {"store.draws", "none",
     "draws to store: order-parameters (U and log density), weights (all weights of the network too), none"},
    {"store.thin", "10", "store every such draw"},
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

constexpr long long most_draws = 100000000;

MethodConfiguration method_of(const Settings& settings, const std::string& prefix) {
    MethodConfiguration method;
    method.options.chains = static_cast<int>(settings.integer("sampling.chains", 1, 10000));
    method.warmup = static_cast<int>(settings.integer(prefix + "warmup", 0, most_draws));
    method.options.draws = static_cast<int>(settings.integer(prefix + "draws", 4, most_draws));
    method.options.max_draws = static_cast<int>(settings.integer(prefix + "max_draws", 4, most_draws));
    method.options.target_ess = settings.number("sampling.target_ess", 0, largest_number);
    method.options.target_rhat = settings.number("sampling.target_rhat", 1, largest_number);
    return method;
}

StoredDraws stored_draws_of(const Settings& settings) {
    const std::string text = settings.text("store.draws");
    if (text == "none" || text == "false") return StoredDraws::none;
    if (text == "order-parameters") return StoredDraws::order_parameters;
    if (text == "weights") return StoredDraws::weights;
    settings.fail("store.draws", fmt::format("\"{}\" is not order-parameters, weights or none", text));
}

SamplingConfiguration sampling_of(const Settings& settings) {
    SamplingConfiguration sampling;
    const std::vector<std::string> methods = settings.list("sampling.methods");
    for (const std::string& method : methods) {
        if (method == "none" && methods.size() == 1) continue;
        if (method != "order-parameter" && method != "weights")
            settings.fail(
                "sampling.methods",
                fmt::format("there is no method \"{}\"; use order-parameter, weights or none", method));
        if (std::count(methods.begin(), methods.end(), method) > 1)
            settings.fail("sampling.methods", fmt::format("names {} twice", method));
    }
    // In one order, whatever the list's: equal sets of methods are equal points.
    for (const char* method : {"order-parameter", "weights"})
        if (std::count(methods.begin(), methods.end(), method) > 0) sampling.methods.emplace_back(method);
    sampling.order_parameter = method_of(settings, "sampling.");
    sampling.weights = method_of(settings, "sampling.weights_");
    sampling.predictor_draws = static_cast<int>(settings.integer("sampling.predictor_draws", 1, most_draws));
    sampling.draws = stored_draws_of(settings);
    sampling.thin = static_cast<int>(settings.integer("store.thin", 1, most_draws));
    return sampling;
}

double memory_per_rank_of(const Settings& settings) {
    const double bytes = parse_memory(settings.text("run.memory_per_rank"));
    if (bytes <= 0) settings.fail("run.memory_per_rank", "is not a size; write for example 512M or 4G");
    return bytes;
}

PointConfiguration point_of(const Settings& settings) {
    PointConfiguration point;
    point.sampling = sampling_of(settings);
    point.tolerance = settings.number("theory.tolerance", 1e-14, 1);
    point.second_start = settings.boolean("theory.second_start");
    point.spectrum = settings.integer("theory.spectrum", 0, 1000000);
    point.sub_networks = settings.list("theory.sub_networks");
    point.variances.input = settings.number("theory.variance_input", smallest_variance, largest_number);
    point.variances.readout = settings.number("theory.variance_readout", smallest_variance, largest_number);
    for (const std::string& word :
         layer_pieces(settings, "theory.variance_layers", settings.text("theory.variance_layers"))) {
        double value = 0;
        if (!parse_number(word, value) || value < smallest_variance || value > largest_number)
            settings.fail("theory.variance_layers",
                          fmt::format("\"{}\" is not a positive number up to {}", word, largest_number));
        point.variances.layers.push_back(value);
    }
    point.predictions = settings.boolean("store.predictions");
    point.memory_per_rank = memory_per_rank_of(settings);
    return point;
}

/// A time in seconds, such as 90s, 50m or 2h.
double duration_of(const Settings& settings, const std::string& key) {
    const double seconds = parse_duration(settings.text(key));
    if (seconds < 0)
        settings.fail(key, "is not a time; write for example 90s, 50m or 2h (at most 100 years, 36525d)");
    return seconds;
}

RunConfiguration run_of(const Settings& settings) {
    RunConfiguration run;
    if (settings.has("run.time_limit")) run.time_limit = duration_of(settings, "run.time_limit");
    run.time_margin = duration_of(settings, "run.time_margin");
    if (settings.has("run.shard")) {
        run.shard = parse_shard(settings.text("run.shard"));
        if (run.shard.count == 0)
            settings.fail("run.shard", fmt::format("\"{}\" is no part of a whole; write for example 3/8, the "
                                                   "third of eight parts",
                                                   settings.text("run.shard")));
    }
    run.checkpoint_period = duration_of(settings, "run.checkpoint_period");
    run.point_limit = duration_of(settings, "run.point_limit");
    if (run.point_limit == 0)
        settings.fail("run.point_limit",
                      "is not a time that a point could take; write for example 10m or 24h");
    return run;
}

Grid grid_of(const Settings& settings) {
    Grid grid;
    grid.widths = settings.words("grid.width", Numbers::whole);
    for (const std::string& word : grid.widths) parse_widths(settings, word);
    if (settings.has("grid.examples"))
        for (const long long examples : settings.integers("grid.examples", 1, 1000000000))
            grid.examples.push_back(examples);
    if (settings.has("grid.heads")) grid.heads = settings.words("grid.heads", Numbers::whole);
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
        const std::vector<SettingKey> of_tasks = task_settings();
        all.insert(all.begin(), of_tasks.begin(), of_tasks.end());
        return all;
    }();
    return keys;
}

Configuration understand(Settings settings) {
    Configuration configuration;
    settings.fill_defaults(sweep_keys());
    const TaskDeclaration& task = named_task(settings);
    configuration.task_name = task.name;
    configuration.task = make_task(task, settings);
    configuration.point = point_of(settings);
    if (configuration.task->rehearsal() != nullptr && !configuration.point.sampling.methods.empty())
        settings.fail("sampling.methods", "a rehearsal computes nothing to sample; use none");
    configuration.grid = grid_of(settings);
    configuration.store = settings.text("store.file");
    configuration.run = run_of(settings);
    // A checkpoint is the sign that sampling gets on.
    if (!configuration.point.sampling.methods.empty() &&
        configuration.run.point_limit <= configuration.run.checkpoint_period)
        settings.fail("run.point_limit",
                      "must be longer than run.checkpoint_period where points are sampled");
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

std::vector<double> parse_widths(const Settings& settings, const std::string& word) {
    std::vector<double> widths;
    for (const std::string& piece : layer_pieces(settings, "grid.width", word)) {
        double width = 0;
        if (!parse_number(piece, width) || width != std::floor(width))  // 1e6 and 30.0 are whole numbers too
            settings.fail("grid.width", fmt::format("\"{}\" is not a whole number", piece));
        if (width < 1)
            settings.fail("grid.width", fmt::format("{} is not a width; widths are at least 1", piece));
        if (width > largest_width)
            settings.fail("grid.width",
                          fmt::format("{} is too large; widths are whole numbers up to 2^53 = {:.0f}, "
                                      "beyond which neighbours are the same number",
                                      piece, largest_width));
        widths.push_back(width);
    }
    return widths;
}

double kernel_bytes(const GridPoint& point, Index input_width, KernelStorage storage) {
    const Index paths = point.architecture.paths();
    return PathKernels::bytes(training_rows(point.examples, input_width * paths), input_width, paths,
                              storage);
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
