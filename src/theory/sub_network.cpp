#include "theory/sub_network.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace attnpaths {

Matrix select_paths(const Matrix& features, Index all_paths, const std::vector<Index>& paths) {
    const Index width = features.cols() / all_paths;
    Matrix selected(features.rows(), width * static_cast<Index>(paths.size()));
    for (std::size_t i = 0; i < paths.size(); ++i)
        selected.middleCols(static_cast<Index>(i) * width, width) =
            features.middleCols(paths[i] * width, width);
    return selected;
}

SubNetwork parse_sub_network(const std::string& text, const std::vector<Index>& heads,
                             const std::string& where) {
    const std::size_t equals = text.find('=');
    const auto fail = [&](const std::string& why) -> UsageError {
        return UsageError(fmt::format(
            "{}: sub-network \"{}\" {}; write NAME=PATH,PATH,... with a path like 1.2 for head 1 of "
            "layer 1 and head 2 of layer 2",
            where, text, why));
    };
    if (equals == std::string::npos || equals == 0) throw fail("has no name");
    SubNetwork network;
    network.name = text.substr(0, equals);
    if (network.name.find_first_of("-/") != std::string::npos) throw fail("has a name with - or /");
    for (const std::string& label : split(text.substr(equals + 1), ",")) {
        const std::vector<std::string> parts = split(label, ".");
        if (parts.size() != heads.size())
            throw fail(fmt::format("names path {} but the depth is {}", label, heads.size()));
        std::vector<Index> chosen;
        for (std::size_t layer = 0; layer < parts.size(); ++layer) {
            std::int64_t head = 0;
            if (!parse_integer(parts[layer], head) || head < 1 || head > heads[layer])
                throw fail(fmt::format("names path {}, and layer {} has heads 1 to {}", label, layer + 1,
                                       heads[layer]));
            chosen.push_back(head - 1);
        }
        network.paths.push_back(path_index(chosen, heads));
    }
    std::sort(network.paths.begin(), network.paths.end());
    if (network.paths.empty()) throw fail("has no paths");
    if (std::adjacent_find(network.paths.begin(), network.paths.end()) != network.paths.end())
        throw fail("names a path twice");
    return network;
}

}  // namespace attnpaths
