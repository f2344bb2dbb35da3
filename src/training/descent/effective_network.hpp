#pragma once

#include "tasks/one_shot/episode_tokens.hpp"
#include "training/network_parameters.hpp"

#include <array>
#include <functional>
#include <span>

namespace attnpaths {

/// What is the same in every episode of an image set. A token is x_t = E g_t + c_t: g_t [area] the grey
/// values of its patch, normalised, E [N0, area] repeats each of them `channels` times, and c_t is position
/// plus label vector. Labels come in two orders only (which context image has label one), so there are two
/// tables of c_t.
struct TokenConstants {
    static constexpr std::size_t orders = 2;

    explicit TokenConstants(const EpisodeTokens& tokens);

    Index tokens;                  ///< T of an episode
    Index area;                    ///< pixels of a patch
    Index channels;                ///< N0 = area * channels
    std::array<Matrix, orders> c;  ///< [N0, T]: first context image zero, first context image one

    /// Order of an episode's labels.
    static std::size_t order(const Episode& episode) { return episode.labels[0] == ShownLabel::one ? 1 : 0; }
};

/// The network as an episode meets it, computed once for a batch. Scores of key s and query t are bilinear in
/// the tokens, so with W = K'Q/sqrt(G) and x_t = E g_t + c_t
///   x_s' W x_t = g_s' (E'WE) g_t + (E'W c_t)' g_s + (E'W'c_s)' g_t + c_s'W c_t,
/// where only the first factor of each term changes from episode to episode and the products are of the size
/// of a patch, a third of N0. The values are linear: f = sum over paths pi of sum_s b^pi_s (w^pi . x_s), with
/// path weights w^pi = V^0' V^1h1' ... V^Lhl' a / sqrt(H_1 ... H_L), w^pi . x_s = (E'w^pi) . g_s + w^pi .
/// c_s. The same struct holds the derivatives of the loss by all of these. All arrays lie in one vector, so
/// that ranks add them up at once.
template <class Scalar>
class EffectiveNetwork {
  public:
    EffectiveNetwork(const NetworkShape& shape, const TokenConstants& constants);

    using Map = Eigen::Map<WeightMatrix<Scalar>>;
    using ConstMap = Eigen::Map<const WeightMatrix<Scalar>>;

    // J heads of all layers, n paths. Columns "t, j" are t * J + j.
    [[nodiscard]] Map patch_patch() { return map(patch_patch_); }  ///< [J * area, area], head by head: E'WE
    [[nodiscard]] Map patch_constant(std::size_t order) {
        return map(patch_constant_[order]);
    }  ///< [area, (t, j)]
    [[nodiscard]] Map constant_patch(std::size_t order) {
        return map(constant_patch_[order]);
    }  ///< [J * T, area]
    [[nodiscard]] Map constant_constant(std::size_t order) {
        return map(constant_constant_[order]);
    }                                                            ///< [T, (t, j)]
    [[nodiscard]] Map path_patch() { return map(path_patch_); }  ///< [area, n]
    [[nodiscard]] Map path_constant(std::size_t order) { return map(path_constant_[order]); }  ///< [T, n]
    [[nodiscard]] ConstMap patch_patch() const { return map(patch_patch_); }
    [[nodiscard]] ConstMap patch_constant(std::size_t order) const { return map(patch_constant_[order]); }
    [[nodiscard]] ConstMap constant_patch(std::size_t order) const { return map(constant_patch_[order]); }
    [[nodiscard]] ConstMap constant_constant(std::size_t order) const {
        return map(constant_constant_[order]);
    }
    [[nodiscard]] ConstMap path_patch() const { return map(path_patch_); }
    [[nodiscard]] ConstMap path_constant(std::size_t order) const { return map(path_constant_[order]); }

    [[nodiscard]] WeightVector<Scalar>& values() noexcept { return values_; }
    [[nodiscard]] const WeightVector<Scalar>& values() const noexcept { return values_; }

  private:
    WeightBlock add(Index rows, Index columns);
    [[nodiscard]] Map map(const WeightBlock& block) { return view(values_, block); }
    [[nodiscard]] ConstMap map(const WeightBlock& block) const { return view(values_, block); }

    Index size_ = 0;
    WeightBlock patch_patch_;
    WeightBlock path_patch_;
    std::array<WeightBlock, TokenConstants::orders> patch_constant_;
    std::array<WeightBlock, TokenConstants::orders> constant_patch_;
    std::array<WeightBlock, TokenConstants::orders> constant_constant_;
    std::array<WeightBlock, TokenConstants::orders> path_constant_;
    WeightVector<Scalar> values_;
};

/// How ranks divide the heads among themselves: each computes, and trains, what belongs to its own heads.
/// Values are linear, so that ranks need no more of each other's heads than a few vectors of the hidden
/// width.
template <class Scalar>
struct HeadShare {
    Index rank = 0;
    Index ranks = 1;
    std::function<void(std::span<Scalar>)> sum;  ///< over all ranks; not called for one rank

    [[nodiscard]] bool owns(Index head) const { return head % ranks == rank; }
    /// Adds up a matrix or vector of which every rank has a part and zeros.
    template <class Array>
    void add_up(Array& array) const {
        if (ranks > 1) sum({array.data(), static_cast<std::size_t>(array.size())});
    }
};

/// Goes from a network's weights to their effective form, and back with gradients. With several ranks it is a
/// collective operation; weights of other ranks' heads are not looked at.
template <class Scalar>
class WeightReduction {
  public:
    WeightReduction(const WeightLayout& layout, const TokenConstants& constants,
                    HeadShare<Scalar> share = {});

    /// The effective form of the weights, the same on every rank.
    void forward(const WeightVector<Scalar>& weights, EffectiveNetwork<Scalar>& effective);

    /// Receives the gradient of one matrix; it may change that matrix of the weights at once.
    using Visitor = std::function<void(const WeightBlock& block, const WeightMatrix<Scalar>& gradient)>;
    /// The chain rule from derivatives by the effective form to those by every weight of the own heads and
    /// by V^0 and a, matrix by matrix. The weights must be those of the last call of `forward`.
    void backward(const WeightVector<Scalar>& weights, const EffectiveNetwork<Scalar>& derivative,
                  const Visitor& visit);

  private:
    WeightMatrix<Scalar> on_constants(const WeightVector<Scalar>& weights, const WeightBlock& block) const;
    WeightMatrix<Scalar> from_constants(const WeightMatrix<Scalar>& derivative) const;
    void score_maps(const WeightVector<Scalar>& weights, EffectiveNetwork<Scalar>& effective);
    void path_weights(const WeightVector<Scalar>& weights, EffectiveNetwork<Scalar>& effective);
    void backward_scores(const EffectiveNetwork<Scalar>& derivative, const Visitor& visit);
    void backward_paths(const WeightVector<Scalar>& weights, const EffectiveNetwork<Scalar>& derivative,
                        const Visitor& visit);

    WeightLayout layout_;
    HeadShare<Scalar> share_;
    Index tokens_;
    Index area_;
    Index channels_;
    WeightMatrix<Scalar> constants_;             // [N0, orders * T]
    std::vector<WeightMatrix<Scalar>> queries_;  // per head Q (E, c) [G, area + orders * T]
    std::vector<WeightMatrix<Scalar>> keys_;     // likewise
    std::vector<WeightMatrix<Scalar>>
        covectors_;  // per layer, paths from there on: [N, H_l ... H_L]; last: a
    WeightMatrix<Scalar> product_;
    WeightMatrix<Scalar> gradient_;
};

extern template class EffectiveNetwork<float>;
extern template class EffectiveNetwork<double>;
extern template class WeightReduction<float>;
extern template class WeightReduction<double>;

}  // namespace attnpaths
