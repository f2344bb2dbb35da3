#pragma once

#include "analyses/analysis.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <numeric>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace attnpaths {

/// An ensemble (ChainEnsemble, IndependentEnsemble, StrandEnsemble) at work for a point: goes through its
/// rounds, polls, saves checkpoints, and knows whether others could help. The word "chain" stands for what it
/// consists of.
template <class Ensemble>
class PointSampler {
  public:
    /// @param name  in the checkpoint
    /// @param make  of an ensemble that goes on from a state
    PointSampler(std::string name, Context& context, const std::function<Ensemble(EnsembleState state)>& make)
        : name_(std::move(name)), context_(context), ensemble_(make(saved_state())) {}

    [[nodiscard]] Ensemble& ensemble() { return ensemble_; }

    /// Rounds until one is the last.
    /// @param is_last  looks at what the ensemble says when all chains are at the goal
    /// @throws HandedBack, and whatever the hooks throw: the checkpoint is up to date
    void run(const std::function<bool(Ensemble& ensemble)>& is_last) {
        while (true) {
            finish_round();
            if (is_last(ensemble_)) return;
            ensemble_.raise_goal();
        }
    }

    /// Brings all chains to the goal. @throws as run()
    void finish_round() {
        note();
        if (context_.is_spread && ensemble_.steps_left() > 0) throw HandedBack();
        advance(all_chains());
        note();
    }

    /// Brings some of the chains to the goal and the checkpoint up to date, for whoever works on the others.
    void advance_some(std::span<const int> chains) {
        may_hand_back_ = false;
        advance(chains);
        note();
    }

  private:
    using Clock = std::chrono::steady_clock;

    [[nodiscard]] std::vector<int> all_chains() const {
        std::vector<int> all(static_cast<std::size_t>(ensemble_.size()));
        std::iota(all.begin(), all.end(), 0);
        return all;
    }

    /// Brings chains to the goal; the checkpoint is up to date however this ends.
    void advance(std::span<const int> chains) {
        for (const int chain : chains)
            if (ensemble_.began_again(chain) && said_.insert(chain).second)
                context_.hooks.say(fmt::format(
                    "note: point {}: the saved state of chain {} is damaged or of another version "
                    "of the program; the chain begins again",
                    context_.point, chain));
        start_ = Clock::now();
        steps_at_start_ = ensemble_.steps_left();
        try {
            ensemble_.advance(chains, [this] { pause(); });
        } catch (...) {
            note();
            throw;
        }
    }

    /// Brings the checkpoint up to date.
    void note() {
        EnsembleState& state = context_.checkpoint.methods[name_] = ensemble_.state();
        state.key = context_.analysis_key;
    }

    /// How far the chains have come, if they are of these settings.
    [[nodiscard]] EnsembleState saved_state() const {
        const EnsembleState& saved = context_.checkpoint.methods[name_];
        if (saved.key == context_.analysis_key) return saved;
        if (saved.goal > 0)
            context_.hooks.say(fmt::format(
                "note: point {}: the saved chains are of other settings; they begin again", context_.point));
        return {};
    }

    void pause() {
        context_.hooks.poll_chain();
        if (context_.hooks.wants_checkpoint()) {
            note();
            context_.hooks.save(context_.checkpoint);
        }
        if (may_hand_back_ && context_.hooks.others_are_idle()) {
            // Handing back costs the others the theory of this point, and messages: only for real work.
            constexpr double worthwhile_seconds = 1;
            const std::chrono::duration<double> elapsed = Clock::now() - start_;
            const int left = ensemble_.steps_left();
            if (elapsed.count() * left > worthwhile_seconds * (steps_at_start_ - left)) throw HandedBack();
        }
    }

    std::string name_;
    Context& context_;
    std::set<int> said_;  // chains of which it was said that they begin again
    Ensemble ensemble_;
    Clock::time_point start_;  // of the present round
    int steps_at_start_ = 0;   // that were left
    bool may_hand_back_ = true;
};

}  // namespace attnpaths
