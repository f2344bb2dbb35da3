#include "tasks/task.hpp"

namespace attnpaths {

std::vector<std::string> Task::known_sub_networks(const std::vector<Index>& /*heads*/) const {
    return {};
}

std::vector<ReferenceAccuracy> Task::references(const DataRequest& /*request*/) const {
    return {};
}

HeadNames Task::head_names(const std::vector<Index>& /*heads*/) const {
    return {};
}

}  // namespace attnpaths
