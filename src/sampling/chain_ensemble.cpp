#include "sampling/chain_ensemble.hpp"

#include "base/error.hpp"
#include "sampling/worst_diagnostics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace attnpaths {

namespace {

/// Whether more than one draw in a thousand diverged.
bool diverges(const SampleSummary& summary, const SamplingOptions& options) {
    return 1000 * static_cast<std::int64_t>(summary.divergences) >
           static_cast<std::int64_t>(summary.draws) * options.chains;
}

}  // namespace

ChainEnsemble::ChainEnsemble(const SamplingTarget& target, std::uint64_t key, std::string purpose,
                             const SamplingOptions& options, EnsembleState state)
    : target_(target),
      key_(key),
      purpose_(std::move(purpose)),
      options_(options),
      goal_(std::min(state.goal > 0 ? state.goal : options.draws, options.max_draws)),
      saved_(std::move(state.chains)),
      chains_(static_cast<std::size_t>(options.chains)) {
    saved_.resize(chains_.size());
}

Chain& ChainEnsemble::make(int index) {
    std::unique_ptr<Chain>& chain = chains_.at(static_cast<std::size_t>(index));
    if (chain == nullptr) {
        const auto number = static_cast<std::uint64_t>(index);
        const auto begin = [&] {
            RandomStream start(key_, purpose_ + "/start", number);
            return std::make_unique<Chain>(target_, target_.start(start),
                                           RandomStream(key_, purpose_ + "/chain", number));
        };
        SavedChain& saved = saved_[static_cast<std::size_t>(index)];
        std::unique_ptr<Chain> made = begin();
        if (!saved.bytes.empty()) {
            try {
                made->restore(saved.bytes);
            } catch (const DataError&) {
                // From the beginning it comes to the same draws, only later.
                made = begin();
                began_again_.insert(index);
            }
        }
        chain = std::move(made);
        saved = {};
    }
    return *chain;
}

void ChainEnsemble::advance(std::span<const int> chains, const std::function<void()>& pause) {
    std::vector<Chain*> made;
    for (const int chain : chains) made.push_back(&make(chain));
    advance_together(made, goal_, pause);
}

const Chain& ChainEnsemble::chain(int index) {
    return make(index);
}

Matrix ChainEnsemble::draws_of(Index index) {
    Matrix values(goal_, size());
    for (int c = 0; c < size(); ++c) {
        const Chain& from = chain(c);
        for (int draw = 0; draw < goal_; ++draw)
            values(draw, c) = index < target_.tracked ? from.tracked(draw, index) : from.log_density(draw);
    }
    return values;
}

SampleSummary ChainEnsemble::summarise() {
    SampleSummary summary;
    summary.draws = goal_;
    summary.mean.resize(target_.tracked);
    summary.mcse.resize(target_.tracked);
    summary.sd.resize(target_.tracked);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    summary.tracked_ess = summary.ebfmi = infinity;
    WorstDiagnostics worst;
    for (Index index = 0; index <= target_.tracked; ++index) {
        const Diagnostics one = diagnose(draws_of(index));
        worst.add(one);
        if (index == target_.tracked) continue;
        summary.tracked_ess = worst.ess;
        summary.mean(index) = one.mean;
        summary.mcse(index) = one.mcse_mean;
        summary.sd(index) = one.sd;
    }
    summary.rhat = worst.rhat;
    summary.ess = worst.ess;
    summary.tail_ess = worst.tail_ess;
    for (int c = 0; c < size(); ++c) {
        const Chain& from = chain(c);
        const std::vector<double>& energies = from.energies();
        Vector energy(static_cast<Index>(energies.size()));
        std::copy(energies.begin(), energies.end(), energy.begin());
        summary.ebfmi = least_or_nan(summary.ebfmi, ebfmi(energy));
        summary.step_size += from.sampler().step_size() / size();
        summary.gradient_evaluations += from.sampler().gradient_evaluations();
        summary.seconds += from.seconds();
        summary.divergences += from.divergences();
        summary.depth_hits += from.depth_hits();
    }
    summary.converged = summary.ess >= options_.target_ess && summary.rhat <= options_.target_rhat &&
                        !diverges(summary, options_);
    return summary;
}

bool ChainEnsemble::is_last(const SampleSummary& summary) const {
    // More draws do not mend what makes trajectories diverge.
    return summary.converged || diverges(summary, options_) || goal_ >= options_.max_draws;
}

void ChainEnsemble::raise_goal() {
    goal_ = std::min(goal_ + options_.draws, options_.max_draws);
}

SampleSummary ChainEnsemble::run(const std::function<void()>& pause) {
    std::vector<int> all(static_cast<std::size_t>(size()));
    std::iota(all.begin(), all.end(), 0);
    while (true) {
        advance(all, pause);
        SampleSummary summary = summarise();
        if (is_last(summary)) return summary;
        raise_goal();
    }
}

EnsembleState ChainEnsemble::state() const {
    EnsembleState state{goal_, saved_};
    for (std::size_t c = 0; c < chains_.size(); ++c)
        if (chains_[c] != nullptr)
            state.chains[c] = {chains_[c]->draws(), chains_[c]->seconds(), chains_[c]->save()};
    return state;
}

int ChainEnsemble::steps_left() const {
    int left = 0;
    for (std::size_t c = 0; c < chains_.size(); ++c) {
        const int warm_up = target_.nuts.warmup;
        if (chains_[c] != nullptr)
            left += chains_[c]->transitions_left(goal_);
        else
            left += goal_ - saved_[c].draws + (saved_[c].bytes.empty() ? warm_up : 0);
    }
    return left;
}

}  // namespace attnpaths
