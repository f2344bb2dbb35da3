#include "sweep/grid.hpp"

#include "analyses/cost.hpp"
#include "base/checked_count.hpp"
#include "base/error.hpp"
#include "datasets/head_counts.hpp"
#include "point/keys.hpp"
#include "tasks/rehearsal/rehearsal_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>

namespace attnpaths {

namespace {

void check_path_count(const std::vector<Index>& heads, const Settings& settings, const std::string& key) {
    const std::optional<Index> paths = checked_product(heads);
    if (paths && *paths <= most_paths) return;
    settings.fail(key,
                  fmt::format("heads {} have {} paths; choose fewer heads or layers, with at most {} paths",
                              head_counts_text(heads), paths ? fmt::format("{}", *paths) : "more than 2^63",
                              most_paths));
}

/// Head counts of every (heads, depth) of the grid.
std::vector<std::vector<Index>> architectures_of(const Configuration& configuration) {
    const Settings& settings = configuration.settings;
    const std::vector<Index>& asked_depths = configuration.grid.depths;
    const GivenHeads given = configuration.task->given_heads();
    const std::vector<Index>& available = given.counts;
    std::vector<std::string> words = configuration.grid.heads;
    std::vector<Index> depths = asked_depths;
    if (words.empty() && available.empty()) words = {"2"};
    if (depths.empty()) depths = {available.empty() ? Index{2} : std::ssize(available)};
    std::vector<std::vector<Index>> result;
    const auto add = [&](const std::vector<Index>& heads) {
        check_path_count(heads, settings, asked_depths.empty() ? "grid.heads" : "grid.depth");
        if (!available.empty()) {
            if (heads.size() > available.size())
                settings.fail(asked_depths.empty() ? "grid.heads" : "grid.depth",
                              fmt::format("depth {} is not in the data set, which has {} layers",
                                          heads.size(), available.size()));
            for (std::size_t layer = 0; layer < heads.size(); ++layer)
                if (heads[layer] > available[layer])
                    settings.fail(
                        "grid.heads",
                        fmt::format("{} heads in layer {} are not in the data set, which has {} there",
                                    heads[layer], layer + 1, available[layer]));
            if (given.all_or_nothing && heads != available)
                settings.fail(
                    settings.has("grid.heads") ? "grid.heads" : "grid.depth",
                    fmt::format(
                        "the data set holds path features (xi) of heads {}, so only these can be studied",
                        head_counts_text(available)));
        }
        if (std::find(result.begin(), result.end(), heads) == result.end()) result.push_back(heads);
    };
    if (words.empty())
        for (const Index depth : depths) {
            std::vector<Index> heads = available;
            heads.resize(static_cast<std::size_t>(depth), 1);
            add(heads);
        }
    for (const std::string& word : words) {
        std::vector<Index> heads = parse_head_counts(word, settings.place("grid.heads"));
        if (word.find(':') != std::string::npos) {
            const auto layers = static_cast<Index>(heads.size());
            if (!asked_depths.empty() &&
                std::find(asked_depths.begin(), asked_depths.end(), layers) == asked_depths.end())
                settings.fail("grid.heads",
                              fmt::format("{} gives {} layers, which is not in grid.depth", word, layers));
            add(heads);
        } else {
            for (const Index depth : depths)
                add(std::vector<Index>(static_cast<std::size_t>(depth), heads.front()));
        }
    }
    return result;
}

std::vector<Index> examples_of(const Configuration& configuration) {
    const std::vector<Index>& examples = configuration.grid.examples;
    if (examples.empty()) return {configuration.task->default_examples()};
    for (const Index count : examples) {
        configuration.task->check_examples(count, configuration.settings.place("grid.examples"));
        check_unlabelled_examples(configuration, count);
    }
    return examples;
}

/// Widths, heads and prior variances of one point, brought to the depth of its heads.
Architecture architecture_of(const Configuration& configuration, const std::vector<Index>& heads,
                             const std::string& width_word, double readout_variance, Index outputs) {
    const Settings& settings = configuration.settings;
    std::vector<double> widths = parse_widths(settings, width_word);
    if (widths.size() == 1) widths.resize(heads.size() + 1, widths.front());
    if (widths.size() != heads.size() + 1)
        settings.fail("grid.width", fmt::format("{} gives {} widths, depth {} needs {} (N_1..N_L and N_a)",
                                                width_word, widths.size(), heads.size(), heads.size() + 1));
    Architecture architecture;
    architecture.heads = heads;
    architecture.outputs = outputs;
    architecture.readout_width = widths.back();
    architecture.widths.assign(widths.begin(), widths.end() - 1);
    architecture.variances = configuration.variances;
    architecture.variances.readout = readout_variance;
    std::vector<double>& layers = architecture.variances.layers;
    if (layers.size() == 1) layers.resize(heads.size(), layers.front());
    if (layers.size() != heads.size())
        settings.fail("theory.variance_layers", fmt::format("gives {} variances, depth {} needs {}",
                                                            layers.size(), heads.size(), heads.size()));
    return architecture;
}

/// The prior's own variance where the grid names none.
std::vector<double> readout_variances_of(const Configuration& configuration) {
    const std::vector<double>& variances = configuration.grid.readout_variances;
    return variances.empty() ? std::vector<double>{configuration.variances.readout} : variances;
}

/// The lists whose product is the grid, with what the data set and the prior add to them.
struct Axes {
    std::vector<std::vector<Index>> heads;
    std::vector<Index> examples;
    std::vector<double> readout_variances;
};

Axes axes_of(const Configuration& configuration) {
    return {architectures_of(configuration), examples_of(configuration), readout_variances_of(configuration)};
}

std::int64_t size_of(const Grid& grid, const Axes& axes) {
    const std::array sizes = {std::ssize(grid.seeds),        std::ssize(axes.heads),
                              std::ssize(axes.examples),     std::ssize(axes.readout_variances),
                              std::ssize(grid.temperatures), std::ssize(grid.widths)};
    const std::array<std::int64_t, 6> factors = {sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5]};
    const std::optional<std::int64_t> size = checked_product(factors);
    if (!size || *size > most_points)
        throw UsageError(
            fmt::format("the grid has {} points ({} seeds x {} head counts x {} examples x {} variances x {} "
                        "temperatures x {} widths); at most {} can be asked for at a time",
                        size ? fmt::format("{}", *size) : "more than 2^63", sizes[0], sizes[1], sizes[2],
                        sizes[3], sizes[4], sizes[5], most_points));
    return *size;
}

}  // namespace

std::int64_t grid_size(const Configuration& configuration) {
    return size_of(configuration.grid, axes_of(configuration));
}

std::vector<GridPoint> grid_points(const Configuration& configuration) {
    const Axes axes = axes_of(configuration);
    size_of(configuration.grid, axes);
    const Index N0 = configuration.task->input_width();
    const Index outputs = configuration.task->outputs();
    const Rehearsal* const rehearsal = configuration.task->rehearsal();
    for (const std::vector<Index>& heads : axes.heads)
        for (const Analysis* analysis : configuration.analyses)
            if (analysis->check_heads != nullptr)
                analysis->check_heads(analysis_inputs(configuration, heads), heads);

    std::vector<GridPoint> points;
    std::set<std::string> keys;
    std::shared_ptr<const Plan> plan;  // of the present heads; a rehearsal has none
    const auto add = [&](GridPoint point) {
        point.key = problem_key(configuration, point, N0);
        if (rehearsal != nullptr)
            point.cost = {rehearsal->seconds, 0};
        else
            set_plan(point, plan,
                     costs_of(*plan, problem_size(configuration, point, N0), configuration.settings));
        if (keys.insert(point.key).second) points.push_back(std::move(point));
    };
    for (const std::int64_t seed : configuration.grid.seeds)
        for (const std::vector<Index>& heads : axes.heads) {
            if (rehearsal == nullptr) plan = std::make_shared<const Plan>(plan_of(configuration, heads));
            for (const Index examples : axes.examples)
                for (const double variance : axes.readout_variances)
                    for (const double temperature : configuration.grid.temperatures)
                        for (const std::string& width : configuration.grid.widths)
                            add({architecture_of(configuration, heads, width, variance, outputs),
                                 examples,
                                 temperature,
                                 seed,
                                 configuration.part,
                                 {},
                                 {}});
        }
    return points;
}

}  // namespace attnpaths
