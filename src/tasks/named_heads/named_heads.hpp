#pragma once

#include "tasks/task.hpp"

#include <functional>
#include <string>
#include <vector>

namespace attnpaths {

/// A head that is chosen by what it does.
struct NamedHead {
    std::string kind;  ///< "random"
    Index number = 1;  ///< among those of its kind in its layer, from 1

    /// "random", "random-2", ...
    [[nodiscard]] std::string name() const;
};

/// The heads of every layer, layer 1 first.
using NamedLayers = std::vector<std::vector<NamedHead>>;

/// The setting task.layers of tasks whose heads are chosen by name: "next random | match random".
const SettingKey& layers_setting();

/// Heads of every layer as task.layers names them.
/// @param own       the task's heads where the setting is left empty
/// @param is_known  whether the task has heads of a kind
/// @param known     what to choose from, for the message
/// @throws UsageError naming place, key and the head that is unknown
NamedLayers named_layers_of(const Settings& settings, const std::string& own,
                            const std::function<bool(const std::string& kind)>& is_known,
                            const std::string& known);

/// The first heads[l] heads of the first heads.size() layers, or of all that there are.
NamedLayers leading_heads(const NamedLayers& layers, const std::vector<Index>& heads);

HeadNames names_of(const NamedLayers& layers);

/// Every path alone, as a sub-network "next.match=1.1" (hyphens of names become underscores): what a task
/// whose heads have names is known for. None for one path, or for so many that they would not be looked at.
std::vector<std::string> single_paths(const NamedLayers& layers);

/// The same of a network with these heads; none where the task has fewer.
std::vector<std::string> single_paths(const NamedLayers& layers, const std::vector<Index>& heads);

/// Heads that hold nothing but their names: attention, or path features, come with the examples.
HeadLayers empty_heads(const NamedLayers& layers);

}  // namespace attnpaths
