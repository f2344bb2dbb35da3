#include "network/architecture.hpp"

#include "base/checked_count.hpp"
#include "base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace attnpaths {

bool is_in_regime(const Architecture& architecture) {
    auto size = static_cast<double>(architecture.outputs);
    bool result = architecture.readout_width >= size;
    for (std::size_t l = architecture.depth(); l-- > 0;) {
        size *= static_cast<double>(architecture.heads[l]);
        result = result && architecture.widths[l] >= size;
    }
    return result;
}

Index path_count(const std::vector<Index>& heads) {
    const std::optional<Index> paths = checked_product(heads);
    if (!paths)
        throw UsageError(
            fmt::format("{} layers with {} heads have more paths than 64 bits can count; choose "
                        "fewer heads or layers",
                        heads.size(), fmt::join(heads, ":")));
    return *paths;
}

Index Architecture::paths() const {
    return path_count(heads);
}

double Architecture::largest_width() const {
    return std::max(readout_width, *std::max_element(widths.begin(), widths.end()));
}

std::vector<Index> path_heads(Index path, const std::vector<Index>& heads) {
    std::vector<Index> chosen(heads.size());
    for (std::size_t layer = heads.size(); layer-- > 0;) {
        chosen[layer] = path % heads[layer];
        path /= heads[layer];
    }
    return chosen;
}

Index path_index(const std::vector<Index>& chosen, const std::vector<Index>& heads) {
    Index path = 0;
    for (std::size_t layer = 0; layer < heads.size(); ++layer) path = path * heads[layer] + chosen[layer];
    return path;
}

std::string path_label(Index path, const std::vector<Index>& heads) {
    std::string label;
    for (const Index head : path_heads(path, heads))
        label += (label.empty() ? "" : ".") + std::to_string(head + 1);
    return label;
}

}  // namespace attnpaths
