#include "tasks/one_shot/random_heads.hpp"

#include "base/random_stream.hpp"

#include <fmt/format.h>

#include <cmath>

namespace attnpaths {

HeadLayers make_random_heads(const std::vector<Index>& heads, Index width, Index input_width,
                             std::uint64_t seed) {
    const double scale = 1 / std::sqrt(static_cast<double>(input_width));
    HeadLayers layers;
    for (std::size_t layer = 0; layer < heads.size(); ++layer) {
        std::vector<AttentionHead> own;
        for (Index number = 0; number < heads[layer]; ++number) {
            RandomStream stream(seed, "random-heads",
                                (std::uint64_t{layer} << 32U) + static_cast<std::uint64_t>(number));
            AttentionHead head{fmt::format("random-{}", number + 1),
                               {},
                               Matrix(width, input_width),
                               Matrix(width, input_width)};
            for (Matrix* weights : {&head.key, &head.query})
                for (Index i = 0; i < weights->size(); ++i) weights->data()[i] = scale * stream.normal();
            own.push_back(std::move(head));
        }
        layers.push_back(std::move(own));
    }
    return layers;
}

}  // namespace attnpaths
