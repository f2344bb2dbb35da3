#pragma once

#include "farm/mpi.hpp"
#include "tasks/one_shot/episode_tokens.hpp"
#include "training/descent/adam.hpp"
#include "training/descent/effective_network.hpp"
#include "training/descent/episode_pass.hpp"
#include "training/topology/gossip.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace attnpaths {

/// Loss and accuracy over some episodes.
struct Score {
    double loss = 0;   ///< sum of (f - y)^2
    double right = 0;  ///< episodes with the sign of f that of y; f = 0 counts as -1
    double episodes = 0;

    Score& operator+=(const Score& other);
    [[nodiscard]] double mean_loss() const { return loss / episodes; }
    [[nodiscard]] double accuracy() const { return right / episodes; }
};

/// What ranks tell each other at every step: requests of any rank become those of all.
struct StepRequests {
    bool stop = false;
    bool save = false;
};

/// Gradient descent on the mean of (f - y)^2 over batches of episodes, shared among ranks: each takes an
/// equal part of every batch, the derivatives by the effective network are added up (a fourteenth of the size
/// of the weights), and every rank takes the step of its own heads. With a gossip matrix every rank has
/// weights of its own, takes a step by its part of the batch, and averages with its neighbours. All member
/// functions are collective.
class Descent {
  public:
    /// @param weights  to begin with; the same on every rank
    /// @param tokens   must outlive this, as must `world`
    /// @param gossip   W [ranks, ranks]; empty: ranks share heads and add up derivatives
    Descent(const mpi::Communicator& world, const WeightLayout& layout, const EpisodeTokens& tokens,
            const AdamSettings& settings, WeightVector<float> weights, const Matrix& gossip = {});

    /// One step on the episodes first, ..., first + batch - 1 of a stream.
    /// @param requests  of this rank; then of any
    /// @returns the batch's score before the step
    /// @throws NumericalError if the loss is not finite, on every rank
    Score step(const EpisodeStream& stream, std::uint64_t first, Index batch, StepRequests& requests);
    /// Score of some weights on episodes of a stream. Of the weights, each rank needs those of its own heads.
    /// @param wants_to_stop  whether this rank wants to give up; asked several times a second
    /// @returns nothing if any rank wanted to
    std::optional<Score> evaluate(
        const WeightVector<float>& some, const EpisodeStream& stream, std::uint64_t first, Index episodes,
        const std::function<bool()>& wants_to_stop = [] { return false; });
    /// Completes a vector of all weights, of which every rank has the part of its own heads.
    void complete(WeightVector<float>& some) const;
    /// The weights that count as the result: those of all ranks, or with gossip their mean.
    [[nodiscard]] WeightVector<float> common() const;
    /// Curvature of a batch's loss along its gradient g at some weights that all ranks have, g'Hg/g'g, from
    /// gradients a small step apart. With gossip only.
    double curvature(const WeightVector<float>& some, const EpisodeStream& stream, std::uint64_t first,
                     Index batch);

    // Each rank's are up to date for its own heads, and for V^0 and a; with gossip they are its own.
    WeightVector<float> weights;
    Adam adam;
    std::int64_t steps = 0;

  private:
    /// This rank's part of some episodes.
    void draw(const EpisodeStream& stream, std::uint64_t first, Index count);
    Score score() const;
    /// Derivatives of this rank's share of a batch's loss, for the step that follows.
    void differentiate(const WeightVector<float>& some, const EpisodeStream& stream, std::uint64_t first,
                       Index batch);
    /// Mean gradient of a batch at weights that all ranks have; with gossip.
    WeightVector<float> gradient(const WeightVector<float>& some, const EpisodeStream& stream,
                                 std::uint64_t first, Index batch);

    const mpi::Communicator& world_;
    WeightLayout layout_;
    std::optional<Gossip> gossip_;
    HeadShare<float> share_;
    const EpisodeTokens& tokens_;
    TokenConstants constants_;
    WeightReduction<float> reduction_;
    EffectiveNetwork<float> network_;
    EffectiveNetwork<float> derivative_;
    EpisodePass<float> pass_;
    std::vector<Episode> episodes_;
    std::vector<float> outputs_;
};

}  // namespace attnpaths
