#pragma once

#include "tasks/one_shot/episode_tokens.hpp"
#include "training/descent/effective_network.hpp"

#include <span>
#include <vector>

namespace attnpaths {

/// Outputs of a network on episodes, and the derivatives of the loss sum (f - y)^2 by its effective form.
/// Episodes are worked on a few at a time, so that everything stays in the cache of a core; blank patches,
/// nearly half of them in handwriting, take no part in the products. Order of sums, and so rounding, depends
/// on the episodes given and nothing else.
template <class Scalar>
class EpisodePass {
  public:
    EpisodePass(const NetworkShape& shape, const TokenConstants& constants);

    /// Outputs f.
    /// @param outputs  one per episode
    void forward(const EffectiveNetwork<Scalar>& network, const EpisodeTokens& tokens,
                 std::span<const Episode> episodes, std::span<Scalar> outputs);
    /// Outputs by path, whose sum over paths is f.
    /// @returns [episodes, n]
    WeightMatrix<Scalar> forward_by_path(const EffectiveNetwork<Scalar>& network, const EpisodeTokens& tokens,
                                         std::span<const Episode> episodes);
    /// Outputs, and adds scale * d/d(network) sum_episodes (f - y)^2 to `derivative`.
    void backward(const EffectiveNetwork<Scalar>& network, const EpisodeTokens& tokens,
                  std::span<const Episode> episodes, Scalar scale, std::span<Scalar> outputs,
                  EffectiveNetwork<Scalar>& derivative);

  private:
    using MatrixOf = WeightMatrix<Scalar>;

    void run(const EffectiveNetwork<Scalar>& network, const EpisodeTokens& tokens,
             std::span<const Episode> episodes, Scalar scale, std::span<Scalar> outputs,
             EffectiveNetwork<Scalar>* derivative);
    /// Some episodes of one order of labels.
    void run_group(const EffectiveNetwork<Scalar>& network, const EpisodeTokens& tokens,
                   std::span<const Episode* const> episodes, std::size_t order, Scalar scale, Scalar* outputs,
                   EffectiveNetwork<Scalar>* derivative);
    void gather(const EpisodeTokens& tokens, std::span<const Episode* const> episodes);
    void attention(const EffectiveNetwork<Scalar>& network, std::size_t order, std::size_t place);
    Scalar path_sums(const EffectiveNetwork<Scalar>& network, std::size_t order, std::size_t place);
    void differentiate_paths(Scalar slope);
    void differentiate_scores(std::size_t order, std::size_t place, EffectiveNetwork<Scalar>& derivative);
    Eigen::Map<MatrixOf, 0, Eigen::OuterStride<>> head_attention(Index head);

    NetworkShape shape_;
    Index tokens_;
    Index area_;
    Index heads_;  // of all layers

    // Of a group of episodes.
    MatrixOf patches_;                // [area, episodes * T]
    MatrixOf inked_;                  // the columns of it that are not blank
    std::vector<Index> inked_token_;  // their tokens
    std::vector<std::size_t> first_inked_;
    MatrixOf patch_maps_;     // [J * area, inked]
    MatrixOf constant_maps_;  // [J * T, inked]

    // Of one episode.
    MatrixOf maps_;                   // [area, (t, j)]
    MatrixOf scores_;                 // [T keys, (t, j)]: scores, then attention, then derivatives by scores
    std::vector<MatrixOf> mixtures_;  // per layer b [T, paths from there on]
    std::vector<MatrixOf> d_mixtures_;  // derivatives by them
    MatrixOf projections_;              // w . x_s [T, n]
    MatrixOf d_attention_;              // [T, T]
    std::vector<Scalar> outputs_;
};

extern template class EpisodePass<float>;
extern template class EpisodePass<double>;

}  // namespace attnpaths
