#include "sweep/grid.hpp"

#include "analyses/cost.hpp"
#include "sweep/point_key.hpp"
#include "task/balanced_subset.hpp"
#include "task/head_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace attnpaths {

namespace {

/// Head counts of every (heads, depth) of the grid.
std::vector<std::vector<Index>> architectures_of(const Configuration& configuration, const Dataset* dataset) {
    const Settings& settings = configuration.settings;
    const std::vector<Index>& asked_depths = configuration.grid.depths;
    std::vector<Index> available;
    std::vector<std::string> words = configuration.grid.heads;
    std::vector<Index> depths = asked_depths;
    if (dataset != nullptr) {
        available = dataset->heads();
        if (depths.empty()) depths = {static_cast<Index>(available.size())};
    } else {
        if (words.empty()) words = {"2"};
        if (depths.empty()) depths = {2};
    }
    std::vector<std::vector<Index>> result;
    const auto add = [&](const std::vector<Index>& heads) {
        if (dataset != nullptr) {
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
            const bool given_features = dataset->train.xi.size() > 0 ||
                                        std::any_of(dataset->tests.begin(), dataset->tests.end(),
                                                    [](const ExampleSet& set) { return set.xi.size() > 0; });
            if (given_features && heads != available)
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

std::vector<Index> examples_of(const Configuration& configuration, const Dataset* dataset) {
    const Settings& settings = configuration.settings;
    std::vector<Index> examples = configuration.grid.examples;
    if (dataset == nullptr) {
        if (examples.empty()) examples = {100};
        for (const Index count : examples)
            if (configuration.task.name == "hidden-markov" && count % 2 != 0)
                settings.fail("grid.examples",
                              fmt::format("{} is odd; the hidden-markov task has two classes of equal size, "
                                          "choose an even number",
                                          count));
        return examples;
    }
    if (examples.empty()) return {dataset->train.examples()};
    for (const Index count : examples)
        balanced_subset(dataset->train.y, count, settings.place("grid.examples"));
    return examples;
}

/// Widths, heads and prior variances of one point, brought to the depth of its heads.
Architecture architecture_of(const Configuration& configuration, const std::vector<Index>& heads,
                             const std::string& width_word, Index outputs) {
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
    architecture.variances = configuration.point.variances;
    std::vector<double>& layers = architecture.variances.layers;
    if (layers.size() == 1) layers.resize(heads.size(), layers.front());
    if (layers.size() != heads.size())
        settings.fail("theory.variance_layers", fmt::format("gives {} variances, depth {} needs {}",
                                                            layers.size(), heads.size(), heads.size()));
    return architecture;
}

}  // namespace

std::vector<GridPoint> grid_points(const Configuration& configuration, const Dataset* dataset) {
    const Index N0 = input_width(configuration, dataset);
    const Index outputs = dataset != nullptr ? dataset->outputs() : 1;
    const std::vector<std::vector<Index>> head_counts = architectures_of(configuration, dataset);
    const std::vector<Index> example_counts = examples_of(configuration, dataset);
    for (const std::vector<Index>& heads : head_counts)
        for (const Analysis* analysis : configuration.point.analyses)
            if (analysis->check_heads != nullptr)
                analysis->check_heads(analysis_inputs(configuration, heads), heads);

    std::vector<GridPoint> points;
    std::set<std::string> keys;
    const auto add = [&](GridPoint point) {
        point.key = point_key(configuration, point, N0);
        point.cost = configuration.task.name == "rehearsal"
                         ? NominalCost{configuration.task.rehearsal.seconds, 0}
                         : nominal_cost(configuration.point.analyses,
                                        problem_size(configuration.point, point, N0), configuration.settings);
        if (keys.insert(point.key).second) points.push_back(std::move(point));
    };
    for (const std::int64_t seed : configuration.grid.seeds)
        for (const std::vector<Index>& heads : head_counts)
            for (const Index examples : example_counts)
                for (const double temperature : configuration.grid.temperatures)
                    for (const std::string& width : configuration.grid.widths)
                        add({architecture_of(configuration, heads, width, outputs),
                             examples,
                             temperature,
                             seed,
                             configuration.part,
                             {},
                             {}});
    return points;
}

}  // namespace attnpaths
