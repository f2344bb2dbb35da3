#pragma once

#include "base/settings.hpp"
#include "sweep/rehearsal.hpp"
#include "task/hidden_markov.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Where a sweep's data come from.
struct TaskConfiguration {
    std::string name;                ///< "hidden-markov", "dataset" or "rehearsal"
    std::string file;                ///< of a data set
    std::string content;             ///< hash of the data set, or text of the generated task's parameters
    HiddenMarkovTask hidden_markov;  ///< parameters of the generated task, heads and seed aside
    RehearsalTask rehearsal;
};

/// The keys under [task], name aside, of all tasks.
std::vector<SettingKey> task_keys();

/// Sub-networks "NAME=1.1,2.1" of networks with these heads that the task is known for.
std::vector<std::string> known_sub_networks(const TaskConfiguration& task, const std::vector<Index>& heads);

/// @throws UsageError naming place, key and value; keys of other tasks are wrong too
TaskConfiguration task_of(const Settings& settings);

}  // namespace attnpaths
