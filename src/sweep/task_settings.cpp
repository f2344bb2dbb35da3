#include "sweep/task_settings.hpp"

#include <fmt/format.h>

#include <array>

namespace attnpaths {

namespace {

constexpr double largest_number = 1e15;

const std::vector<SettingKey> hidden_markov_keys = {
    {"task.feature_width", "200", "width of the feature vectors v+ and v-"},
    {"task.tokens", "30", "tokens after the beginning-of-sequence token"},
    {"task.test_examples", "1000", "test points"},
    {"task.stay_probability_plus", "0.7", "probability that the hidden state stays, class +1"},
    {"task.stay_probability_minus", "0.3", "the same, class -1"},
    {"task.noise_difference", "1", "noise strength along v+ - v-"},
    {"task.noise_sum", "1", "noise strength along v+ + v-"},
    {"task.noise_perpendicular", "1", "noise strength out of that plane"},
    {"task.beta", "10", "inverse temperature of the attention scores"},
    {"task.random_strength", "1", "strength of the random heads"},
    {"task.sequence_start_score", "1.5", "score of the first token in the same-token head"},
};

const std::vector<SettingKey> dataset_keys = {
    {"task.file", "", "data set file (task dataset)"},
};

/// A task by its name, with its keys.
struct NamedTask {
    const char* name;
    const std::vector<SettingKey>& keys;
};

std::array<NamedTask, 3> tasks() {
    return {
        {{"dataset", dataset_keys}, {"hidden-markov", hidden_markov_keys}, {"rehearsal", rehearsal_keys()}}};
}

bool given(const Settings& settings, const std::string& key) {
    const auto entry = settings.values().find(key);
    return entry != settings.values().end() && entry->second.where != "default";
}

/// Keys of another task that were given would silently do nothing.
void refuse_keys(const Settings& settings, const std::vector<SettingKey>& keys, const std::string& task) {
    for (const SettingKey& key : keys)
        if (given(settings, key.name))
            settings.fail(key.name, fmt::format("is not a key of the {} task", task));
}

HiddenMarkovTask hidden_markov_of(const Settings& settings) {
    HiddenMarkovTask task;
    task.feature_width = settings.integer("task.feature_width", 2, 1000000);
    task.tokens = settings.integer("task.tokens", 1, 100000);
    task.test_examples = settings.integer("task.test_examples", 2, 10000000);
    task.stay_probability_plus = settings.number("task.stay_probability_plus", 0, 1);
    task.stay_probability_minus = settings.number("task.stay_probability_minus", 0, 1);
    task.noise_difference = settings.number("task.noise_difference", 0, largest_number);
    task.noise_sum = settings.number("task.noise_sum", 0, largest_number);
    task.noise_perpendicular = settings.number("task.noise_perpendicular", 0, largest_number);
    task.beta = settings.number("task.beta", -largest_number, largest_number);
    task.sequence_start_score = settings.number("task.sequence_start_score", -largest_number, largest_number);
    task.random_strength = settings.number("task.random_strength", 0, largest_number);
    return task;
}

}  // namespace

std::vector<SettingKey> task_keys() {
    std::vector<SettingKey> all;
    for (const NamedTask& task : tasks()) all.insert(all.end(), task.keys.begin(), task.keys.end());
    return all;
}

TaskConfiguration task_of(const Settings& settings) {
    TaskConfiguration task;
    task.name = settings.text("task.name");
    if (task.name == "hidden-markov") {
        task.hidden_markov = hidden_markov_of(settings);
        task.content = describe(task.hidden_markov);
    } else if (task.name == "dataset") {
        task.file = settings.text("task.file");
    } else if (task.name == "rehearsal") {
        // Its content is empty: what its points do on the way is no part of their results.
        task.rehearsal = rehearsal_of(settings);
    } else {
        settings.fail("task.name", fmt::format("there is no task \"{}\"; use hidden-markov, dataset or "
                                               "rehearsal",
                                               task.name));
    }
    for (const NamedTask& other : tasks())
        if (task.name != other.name) refuse_keys(settings, other.keys, task.name);
    return task;
}

std::vector<std::string> known_sub_networks(const TaskConfiguration& task, const std::vector<Index>& heads) {
    if (task.name != "hidden-markov" || heads.front() < 2 || path_count(heads) < 3) return {};
    // The good path goes through the first head of every layer; the denoising one starts at a random head
    // instead.
    const std::string later = fmt::format("{}", fmt::join(std::vector<int>(heads.size() - 1, 1), "."));
    const std::string tail = later.empty() ? "" : "." + later;
    return {"good=1" + tail, "good+denoising=1" + tail + ",2" + tail};
}

}  // namespace attnpaths
