#include "sampling/independent_ensemble.hpp"

#include "base/byte_stream.hpp"
#include "sampling/importance_weights.hpp"
#include "sampling/pareto_tail.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace attnpaths {

namespace {

constexpr auto block_size = static_cast<int>(IndependentDraws::block_size);
constexpr int round_draws = 2 * block_size;  // per strand
// Before that many a shape from the 3 sqrt(draws) largest weights may be chance.
constexpr int settling_draws = 2048;
constexpr double reliable_shape = 0.5;
constexpr double largest_shape = 0.7;

/// Whole blocks of every strand that are at least as many draws.
int goal_for(double draws) {
    return block_size * static_cast<int>(std::ceil(draws / (IndependentEnsemble::strands * block_size)));
}

int largest_goal(const IndependentOptions& options) {
    return std::max(round_draws, goal_for(options.max_draws));
}

/// The saved log weights of a strand; none if they are no such thing.
std::vector<double> decoded(const SavedChain& saved) {
    std::vector<double> values(saved.bytes.size() / sizeof(double));
    ByteReader in(saved.bytes);
    in.bytes(values.data(), values.size() * sizeof(double));
    const bool is_whole = !in.failed() && in.left() == 0 && values.size() % block_size == 0 &&
                          static_cast<std::size_t>(std::max(saved.draws, 0)) == values.size();
    return is_whole ? values : std::vector<double>();
}

}  // namespace

IndependentEnsemble::IndependentEnsemble(const IndependentDraws& draws, const IndependentOptions& options,
                                         EnsembleState state)
    : draws_(draws), options_(options), goal_(round_draws), strands_(strands) {
    if (state.goal % block_size == 0) goal_ = std::clamp(state.goal, round_draws, largest_goal(options_));
    state.chains.resize(strands);
    for (std::size_t strand = 0; strand < strands; ++strand) {
        const SavedChain& saved = state.chains[strand];
        strands_[strand] = {decoded(saved), saved.seconds};
        if (strands_[strand].log_weights.empty() && !saved.bytes.empty())
            began_again_.insert(static_cast<int>(strand));
    }
}

int IndependentEnsemble::first_draws() {
    return strands * round_draws;
}

void IndependentEnsemble::advance(std::span<const int> some, const std::function<void()>& pause) {
    for (const int strand : some) advance_one(strand, pause);
}

void IndependentEnsemble::advance_one(int strand, const std::function<void()>& pause) {
    using Clock = std::chrono::steady_clock;
    auto& [log_weights, seconds] = strands_.at(static_cast<std::size_t>(strand));
    while (log_weights.size() < static_cast<std::size_t>(goal_)) {
        pause();
        const Clock::time_point start = Clock::now();
        const std::size_t number =
            static_cast<std::size_t>(strand) + strands * (log_weights.size() / block_size);
        const Vector weights = draws_.log_weights(draws_.block(number));
        log_weights.insert(log_weights.end(), weights.begin(), weights.end());
        seconds += std::chrono::duration<double>(Clock::now() - start).count();
    }
}

Vector IndependentEnsemble::log_weights() const {
    Vector all(strands * goal_);
    for (int block = 0; block < goal_ / block_size * strands; ++block) {
        const std::vector<double>& strand = strands_[static_cast<std::size_t>(block % strands)].log_weights;
        const auto from = strand.begin() + static_cast<std::ptrdiff_t>(block / strands) * block_size;
        std::copy(from, from + block_size, all.begin() + static_cast<std::ptrdiff_t>(block) * block_size);
    }
    return all;
}

WeightSummary IndependentEnsemble::summarise() {
    const Vector weights = log_weights();
    WeightSummary summary;
    summary.draws = static_cast<int>(weights.size());
    summary.effective_draws = effective_draws(weights);
    summary.pareto_k = pareto_shape(weights);
    for (const Strand& strand : strands_) summary.seconds += strand.seconds;

    share_ = summary.effective_draws / summary.draws;
    const bool is_enough = summary.effective_draws >= options_.target_ess;
    const bool is_settled = summary.draws >= std::min(settling_draws, options_.max_draws);
    const bool is_limit = summary.draws >= options_.max_draws;
    if (!(summary.pareto_k <= largest_shape))
        summary.quality = WeightQuality::unreliable;
    else if (!is_enough)
        summary.quality = WeightQuality::too_few;
    else
        summary.quality =
            summary.pareto_k <= reliable_shape ? WeightQuality::reliable : WeightQuality::doubtful;
    const bool is_hopeless =
        summary.quality == WeightQuality::unreliable || share_ * options_.max_draws < options_.target_ess;
    summary.is_last =
        summary.quality == WeightQuality::reliable || is_limit || (is_settled && (is_enough || is_hopeless));
    return summary;
}

void IndependentEnsemble::raise_goal() {
    constexpr double reserve = 1.05;  // the share will differ a little
    constexpr int most_times = 4;
    const double wanted =
        share_ > 0 ? std::min<double>(reserve * options_.target_ess / share_, options_.max_draws) : 0;
    const int next = std::clamp(goal_for(wanted), goal_ + round_draws, most_times * goal_);
    goal_ = std::min(next, largest_goal(options_));
}

EnsembleState IndependentEnsemble::state() const {
    EnsembleState state{goal_, {}};
    for (const auto& [log_weights, seconds] : strands_) {
        ByteWriter out;
        out.bytes(log_weights.data(), log_weights.size() * sizeof(double));
        state.chains.push_back({static_cast<int>(log_weights.size()), seconds, out.take()});
    }
    return state;
}

int IndependentEnsemble::steps_left() const {
    int left = 0;
    for (const Strand& strand : strands_)
        left += (goal_ - static_cast<int>(strand.log_weights.size())) / block_size;
    return left;
}

}  // namespace attnpaths
