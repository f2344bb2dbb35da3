#pragma once

#include "images/image_source.hpp"
#include "training/descent/effective_network.hpp"

#include <cmath>

namespace attnpaths {

/// Glyphs cut into tokens, episodes of them, and a network with weights large enough for sharp attention.
struct SmallProblem {
    explicit SmallProblem(std::vector<Index> heads, PatchShape patch = {8, 3}, Index image_size = 16,
                          Index query_width = 6, Index width = 7)
        : images(read_images({"glyphs", image_size, 8})),
          tokens(images, patch, draw_label_vectors(3, patch.width())),
          constants(tokens),
          shape{std::move(heads), patch.width(), query_width, width},
          layout(shape),
          weights(std::sqrt(3.0) * draw_initial_weights(layout, 5).cast<double>()) {  // outputs of order 1
        for (Index head = 0; head < shape.head_count(); ++head)
            for (const WeightBlock& block : {layout.query(head), layout.key(head)}) view(weights, block) *= 2;
        const EpisodeStream stream(images, Split::train, 4, "test/training");
        for (std::uint64_t i = 0; i < 21; ++i) episodes.push_back(stream[i]);
    }

    ImageSet images;
    EpisodeTokens tokens;
    TokenConstants constants;
    NetworkShape shape;
    WeightLayout layout;
    WeightVector<double> weights;
    std::vector<Episode> episodes;
};

/// Output of a network on an episode, token by token as the definition has it.
inline double plain_output(const WeightLayout& layout, const WeightVector<double>& weights,
                           const EpisodeTokens& tokens, const Episode& episode) {
    const NetworkShape& shape = layout.shape();
    Eigen::MatrixXf single(tokens.input_width(), tokens.tokens());
    tokens.expand(episode, {single.data(), static_cast<std::size_t>(single.size())});
    const Matrix x = single.cast<double>();
    Matrix z = view(weights, layout.input()) * x;
    for (std::size_t layer = 0; layer < shape.depth(); ++layer) {
        Matrix next = Matrix::Zero(z.rows(), z.cols());
        for (Index head = 0; head < shape.heads[layer]; ++head) {
            const Index number = shape.head_number(layer, head);
            const Matrix query = view(weights, layout.query(number)) * x;
            const Matrix key = view(weights, layout.key(number)) * x;
            const Matrix value = view(weights, layout.value(number)) * z;
            for (Index t = 0; t < x.cols(); ++t) {
                Vector attention(x.cols());
                for (Index s = 0; s < x.cols(); ++s)
                    attention(s) = std::exp(key.col(s).dot(query.col(t)) /
                                            std::sqrt(static_cast<double>(shape.query_width)));
                next.col(t) += value * attention / attention.sum();
            }
        }
        z = next / std::sqrt(static_cast<double>(shape.heads[layer]));
    }
    return view(weights, layout.readout()).col(0).dot(z.rowwise().mean());
}

}  // namespace attnpaths
