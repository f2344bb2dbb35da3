#include "training/network_parameters.hpp"

#include "base/random_stream.hpp"

#include <cmath>
#include <numeric>

namespace attnpaths {

Index NetworkShape::head_count() const {
    return std::accumulate(heads.begin(), heads.end(), Index{0});
}

Index NetworkShape::head_number(std::size_t layer, Index head) const {
    return std::accumulate(heads.begin(), heads.begin() + static_cast<std::ptrdiff_t>(layer), head);
}

WeightLayout::WeightLayout(const NetworkShape& shape) : shape_(shape) {
    for (Index head = 0; head < shape.head_count(); ++head) {
        add(shape.query_width, shape.input_width);
        add(shape.query_width, shape.input_width);
        add(shape.width, shape.width);
    }
    add(shape.width, shape.input_width);
    add(shape.width, 1);
}

void WeightLayout::add(Index rows, Index columns) {
    constexpr Index alignment = 16;
    blocks_.push_back({size_, rows, columns});
    weights_ += rows * columns;
    size_ += (rows * columns + alignment - 1) / alignment * alignment;
}

WeightVector<float> draw_initial_weights(const WeightLayout& layout, std::uint64_t seed) {
    WeightVector<float> weights = WeightVector<float>::Zero(layout.size());
    for (std::size_t number = 0; number < layout.blocks().size(); ++number) {
        const WeightBlock& block = layout.blocks()[number];
        const Index inputs = block.columns == 1 ? block.rows : block.columns;
        const double bound = 1 / std::sqrt(static_cast<double>(inputs));
        RandomStream stream(seed, "training/initial-weights", number);
        for (Index i = 0; i < block.size(); ++i)
            weights(block.offset + i) = static_cast<float>(bound * (2 * stream.uniform() - 1));
    }
    return weights;
}

}  // namespace attnpaths
