#include "store/point_counts.hpp"

#include <string_view>
#include <unordered_map>

namespace attnpaths {

PointCounts count_points(const StoreView& store, const std::vector<std::string>& keys) {
    const std::vector<std::string> stored = store.texts("point/key");
    const std::vector<std::string> states = store.texts("point/status");
    std::unordered_map<std::string_view, bool> is_done;
    is_done.reserve(stored.size());
    for (std::size_t i = 0; i < stored.size(); ++i) is_done.emplace(stored[i], states[i] == "done");
    PointCounts counts;
    for (const std::string& key : keys) {
        const auto found = is_done.find(key);
        if (found == is_done.end())
            ++counts.unfinished;
        else if (found->second)
            ++counts.done;
        else
            ++counts.failed;
    }
    return counts;
}

}  // namespace attnpaths
