#include "datasets/head_names.hpp"

#include "base/error.hpp"
#include "h5/input_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace attnpaths {

std::vector<std::string> read_head_names(const std::string& path, const std::vector<Index>& heads) {
    std::vector<std::string> names(
        static_cast<std::size_t>(std::accumulate(heads.begin(), heads.end(), Index{0})));
    if (path.empty()) return names;
    try {
        const h5::InputFile file(path);
        std::size_t first = 0;
        for (std::size_t layer = 0; layer < heads.size(); ++layer) {
            const std::string object = fmt::format("/heads/layer{}/names", layer + 1);
            const auto count = static_cast<std::size_t>(heads[layer]);
            if (file.has(object))
                if (const std::vector<std::string> own = file.read_strings(object); own.size() == count)
                    std::copy(own.begin(), own.end(), names.begin() + static_cast<std::ptrdiff_t>(first));
            first += count;
        }
    } catch (const Error&) {
        return names;
    }
    return names;
}

}  // namespace attnpaths
