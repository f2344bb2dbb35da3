#pragma once

#include "sweep/grid.hpp"
#include "tasks/dataset_file/dataset_file_task.hpp"
#include "tasks/hidden_markov/hidden_markov.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace attnpaths {

using Texts = std::map<std::string, std::string>;

/// Settings of a hidden-markov sweep that takes milliseconds per point, as on a command line, with changes.
inline Settings small_settings(const Texts& changes = {}) {
    Texts texts = {{"task.feature_width", "20"},
                   {"task.tokens", "8"},
                   {"task.test_examples", "20"},
                   {"grid.width", "30"}};
    for (const auto& [key, text] : changes) texts[key] = text;
    Settings settings;
    for (const auto& [key, text] : texts) settings.set(key, {text, "command line"});
    return settings;
}

inline Configuration small_configuration(const Texts& changes = {}) {
    return read_configuration(small_settings(changes));
}

inline std::vector<GridPoint> small_grid(const Texts& changes = {}) {
    return grid_points(small_configuration(changes));
}

/// A data set of tokens with 12 training examples and heads 2:1, and a configuration that reads it.
inline Dataset small_dataset() {
    HiddenMarkovTask task;
    task.feature_width = 6;
    task.tokens = 4;
    task.examples = 12;
    task.test_examples = 8;
    task.heads = {2, 1};
    return make_hidden_markov(task);
}

inline Settings dataset_settings(const Texts& changes = {}) {
    Settings settings;
    Texts texts = {{"task.name", "dataset"}, {"task.file", "data.h5"}, {"grid.width", "30"}};
    for (const auto& [key, text] : changes) texts[key] = text;
    for (const auto& [key, text] : texts) settings.set(key, {text, "command line"});
    return settings;
}

/// The points of a grid on a data set in memory.
inline std::vector<GridPoint> dataset_grid(const Dataset& dataset, const Texts& changes = {}) {
    Configuration configuration = read_configuration(dataset_settings(changes));
    configuration.task = task_of(std::make_shared<const Dataset>(dataset), "data.h5");
    return grid_points(configuration);
}

inline std::multiset<std::string> keys_of(const std::vector<GridPoint>& points) {
    std::multiset<std::string> keys;
    for (const GridPoint& point : points) keys.insert(point.key);
    return keys;
}

}  // namespace attnpaths
