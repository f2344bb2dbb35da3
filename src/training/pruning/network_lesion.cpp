#include "training/pruning/network_lesion.hpp"

#include "training/descent/episode_pass.hpp"

#include <cmath>

namespace attnpaths {

Matrix path_outputs(const TrainedNetwork& network, const EpisodeTokens& tokens,
                    std::span<const Episode> episodes) {
    const TokenConstants constants(tokens);
    WeightReduction<double> reduction(WeightLayout(network.shape), constants);
    EffectiveNetwork<double> effective(network.shape, constants);
    EpisodePass<double> pass(network.shape, constants);
    reduction.forward(network.weights.cast<double>(), effective);
    return pass.forward_by_path(effective, tokens, episodes);
}

Vector lesioned_outputs(const Matrix& outputs, const std::vector<Index>& heads, const Lesion& lesion) {
    const std::vector<Index> left = heads_left(lesion, heads);
    double scale = 1;
    for (std::size_t layer = 0; layer < heads.size(); ++layer)
        scale *= std::sqrt(static_cast<double>(heads[layer]) / static_cast<double>(left[layer]));
    Vector sum = Vector::Zero(outputs.rows());
    for (const Index path : paths_left(lesion, heads)) sum += outputs.col(path);
    return scale * sum;
}

TrainedNetwork without_heads(const TrainedNetwork& network, const Lesion& lesion) {
    TrainedNetwork smaller{network.shape, {}, network.notes};
    smaller.shape.heads = heads_left(lesion, network.shape.heads);
    const WeightLayout whole(network.shape);
    const WeightLayout layout(smaller.shape);
    smaller.weights.setZero(layout.size());
    const auto copy = [&](const WeightBlock& from, const WeightBlock& to) {
        view(smaller.weights, to) = view(network.weights, from);
    };
    Index next = 0;
    for (Index number = 0; number < network.shape.head_count(); ++number) {
        if (lesion[static_cast<std::size_t>(number)]) continue;
        copy(whole.query(number), layout.query(next));
        copy(whole.key(number), layout.key(next));
        copy(whole.value(number), layout.value(next));
        ++next;
    }
    copy(whole.input(), layout.input());
    copy(whole.readout(), layout.readout());
    return smaller;
}

}  // namespace attnpaths
