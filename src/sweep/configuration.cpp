#include "sweep/configuration.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "sweep/grid_settings.hpp"
#include "sweep/run_settings.hpp"
#include "tasks/registry.hpp"
#include "theory/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace attnpaths {

namespace {

constexpr double largest_number = 1e15;

/// What is computed at a point, and what of it is kept.
const std::vector<SettingKey> point_settings = {
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
};

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
    point.memory_per_rank = read_memory_per_rank(settings);
    return point;
}

}  // namespace

const std::vector<SettingKey>& sweep_keys() {
    static const std::vector<SettingKey> keys = [] {
        std::vector<SettingKey> all;
        for (const std::vector<SettingKey>& room :
             {task_settings(), grid_settings(), point_settings, run_settings()})
            all.insert(all.end(), room.begin(), room.end());
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
    settings.check(sweep_keys());
    configuration.point = point_of(settings);
    if (configuration.task->rehearsal() != nullptr && !configuration.point.sampling.methods.empty())
        settings.fail("sampling.methods", "a rehearsal computes nothing to sample; use none");
    configuration.grid = read_grid(settings);
    configuration.store = settings.text("store.file");
    configuration.run = read_run(settings);
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
    configuration.point.memory_per_rank = read_memory_per_rank(settings);
    configuration.store = settings.text("store.file");
    configuration.run = read_run(settings);
    configuration.settings = std::move(settings);
    return configuration;
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
