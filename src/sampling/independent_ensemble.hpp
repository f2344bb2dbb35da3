#pragma once

#include "sampling/chain_ensemble.hpp"
#include "sampling/independent_draws.hpp"

#include <functional>
#include <set>
#include <span>
#include <vector>

namespace attnpaths {

/// When independent draws are enough, or too many.
struct IndependentOptions {
    double target_ess = 400;  ///< effective draws wanted
    int max_draws = 8192;     ///< sampling goes on in rounds until there are as many as wanted
};

/// Whether means over weighted draws can be believed.
enum class WeightQuality {
    reliable,    ///< Pareto k <= 0.5: the weights have a variance, and errors mean what they say
    doubtful,    ///< k <= 0.7: errors may be larger than they say
    unreliable,  ///< k > 0.7
    too_few      ///< effective draws within the limit
};

/// Whether anything is to be said from draws of this quality.
constexpr bool is_usable(WeightQuality quality) {
    return quality == WeightQuality::reliable || quality == WeightQuality::doubtful;
}

/// What the weights say of the draws.
struct WeightSummary {
    int draws = 0;
    double effective_draws = 0;
    double pareto_k = 0;
    double seconds = 0;  ///< of all strands together
    WeightQuality quality = WeightQuality::too_few;
    bool is_last = false;  ///< more draws are not wanted, or would not help
};

/// Independent draws made in rounds until their weights are worth enough draws, or will not be. The blocks of
/// a round are dealt out to strands, which know nothing of each other: strand s makes the blocks s, s +
/// strands,
/// ..., so that they can be made in any order and by different processes, with the same bits. Its state is
/// that of an ensemble of chains, a strand in a chain's place: log weights are all that is kept of draws,
/// which are made again from their numbers.
class IndependentEnsemble {
  public:
    static constexpr int strands = 8;

    /// @param draws  must outlive the ensemble
    /// @param state  to go on from
    IndependentEnsemble(const IndependentDraws& draws, const IndependentOptions& options,
                        EnsembleState state = {});

    [[nodiscard]] static int size() { return strands; }
    /// Draws of the first round.
    static int first_draws();
    /// Draws per strand.
    [[nodiscard]] int goal() const { return goal_; }
    /// Brings some of the strands to the goal. `pause` is called before every block and may throw.
    void advance(std::span<const int> some, const std::function<void()>& pause);
    /// Looks at the weights; every strand must be at the goal.
    [[nodiscard]] WeightSummary summarise();
    /// To what is needed by the weights seen last, but not at once to many times as many draws.
    void raise_goal();
    /// Whether the saved state of a strand could not be used, so that it began again.
    [[nodiscard]] bool began_again(int strand) const { return began_again_.contains(strand); }
    [[nodiscard]] EnsembleState state() const;
    /// Blocks that are left until all strands are at the goal.
    [[nodiscard]] int steps_left() const;

    [[nodiscard]] const IndependentDraws& draws() const { return draws_; }
    /// Of all draws so far, in the order of their numbers.
    [[nodiscard]] Vector log_weights() const;

  private:
    void advance_one(int strand, const std::function<void()>& pause);

    struct Strand {
        std::vector<double> log_weights;
        double seconds = 0;
    };

    const IndependentDraws& draws_;
    IndependentOptions options_;
    int goal_;
    double share_ = 1;  // of draws that are effective, as seen last
    std::vector<Strand> strands_;
    std::set<int> began_again_;
};

}  // namespace attnpaths
