#pragma once

#include "sampling/chain.hpp"

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace attnpaths {

/// How many chains and draws, and when they are enough.
struct SamplingOptions {
    int chains = 4;
    int draws = 500;       ///< per chain, before the diagnostics are looked at
    int max_draws = 4000;  ///< per chain; sampling goes on in portions of `draws` until the targets are met
    double target_ess = 400;  ///< least bulk effective sample size over what is tracked and the log density
    double target_rhat = 1.01;
};

/// What the chains say together of the tracked quantities and of themselves.
struct SampleSummary {
    Vector mean;             ///< of the tracked quantities
    Vector mcse;             ///< Monte Carlo standard errors of these means
    Vector sd;               ///< posterior standard deviations
    double rhat = 0;         ///< worst over the tracked quantities and the log density
    double ess = 0;          ///< least bulk effective sample size over the same
    double tail_ess = 0;     ///< least over the same
    double tracked_ess = 0;  ///< least bulk effective sample size over the tracked quantities alone
    double ebfmi = 0;        ///< least over the chains
    double step_size = 0;    ///< mean over the chains
    int draws = 0;           ///< per chain
    int divergences = 0;
    int depth_hits = 0;  ///< draws whose trajectory reached the largest tree depth
    std::int64_t gradient_evaluations = 0;
    double seconds = 0;      ///< of all chains together
    bool converged = false;  ///< targets met, and at most one draw in a thousand diverged
};

/// State of one chain between two transitions.
struct SavedChain {
    int draws = 0;       ///< it has
    double seconds = 0;  ///< it took
    std::string bytes;   ///< Chain::save; empty if it has not begun
};

/// State of an ensemble between two transitions.
struct EnsembleState {
    int goal = 0;  ///< draws per chain asked for; 0: not begun
    std::vector<SavedChain> chains;
    std::string key = {};  ///< of the settings of the chains, which others cannot go on from
};

/// Several chains of one target, sampled in rounds: every chain goes on to the goal, the diagnostics are
/// looked at, and the goal is raised until they are satisfied or the limit is reached. Chains do not know of
/// each other within a round, so they can be advanced in any order and by different processes, with the same
/// result. Chain c draws from the streams (key, PURPOSE/chain, c) and starts from (key, PURPOSE/start, c).
class ChainEnsemble {
  public:
    /// @param target  must outlive the ensemble
    /// @param state   to go on from
    ChainEnsemble(const SamplingTarget& target, std::uint64_t key, std::string purpose,
                  const SamplingOptions& options, EnsembleState state = {});

    [[nodiscard]] int goal() const { return goal_; }
    [[nodiscard]] int size() const { return options_.chains; }
    /// Brings some of the chains to the goal (advance_together).
    void advance(std::span<const int> chains, const std::function<void()>& pause);
    /// Looks at the diagnostics; every chain must be at the goal.
    [[nodiscard]] SampleSummary summarise();
    /// Whether a round with this summary was the last.
    [[nodiscard]] bool is_last(const SampleSummary& summary) const;
    void raise_goal();
    /// All rounds.
    SampleSummary run(const std::function<void()>& pause);

    [[nodiscard]] const Chain& chain(int index);
    /// Whether the saved state of a chain could not be used, so that the chain began again.
    [[nodiscard]] bool began_again(int index) { return make(index), began_again_.contains(index); }
    /// Draws of tracked quantity `index`, or of the log density for index = number tracked: [draws, chains].
    [[nodiscard]] Matrix draws_of(Index index);
    [[nodiscard]] EnsembleState state() const;
    /// Transitions that are left until all chains are at the goal.
    [[nodiscard]] int steps_left() const;

  private:
    Chain& make(int index);

    const SamplingTarget& target_;
    std::uint64_t key_;
    std::string purpose_;
    SamplingOptions options_;
    int goal_;
    std::vector<SavedChain> saved_;               // those that were not needed yet
    std::vector<std::unique_ptr<Chain>> chains_;  // those that were
    std::set<int> began_again_;
};

}  // namespace attnpaths
