#include "python/exact_draws.hpp"

#include "base/error.hpp"
#include "sampling/controlled_mean.hpp"
#include "sampling/importance_weights.hpp"
#include "sampling/lower_triangle.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numeric>

namespace attnpaths::python {

namespace {

constexpr Index block_size = IndependentDraws::block_size;

void check(const IndependentOptions& options) {
    if (!(options.target_ess > 0) || !std::isfinite(options.target_ess))
        throw UsageError(fmt::format("effective_draws: {} is not a positive number", options.target_ess));
    if (options.max_draws < IndependentEnsemble::first_draws())
        throw UsageError(fmt::format("most_draws: {} is below the first round of {}", options.max_draws,
                                     IndependentEnsemble::first_draws()));
}

/// Draws in rounds until they are worth enough, or never will be. Returns their log weights.
Vector draw(const IndependentDraws& draws, const IndependentOptions& options,
            const std::function<void()>& poll, WeightSummary& summary) {
    IndependentEnsemble ensemble(draws, options);
    std::array<int, IndependentEnsemble::strands> strands{};
    std::iota(strands.begin(), strands.end(), 0);
    for (;; ensemble.raise_goal()) {
        ensemble.advance(strands, poll);
        summary = ensemble.summarise();
        if (summary.is_last) return ensemble.log_weights();
    }
}

}  // namespace

ExactDraws::ExactDraws(const Problem& problem, const SaddlePoint& saddle, const DrawRequest& request,
                       const std::function<void()>& poll) {
    check(request.options);
    DataTerm data_term = problem.data_term();
    const IndependentDraws draws(problem.architecture(), data_term, saddle.unknowns, request.seed,
                                 proposal_widening(problem.architecture()), poll);
    const Vector log_weights = draw(draws, request.options, poll, summary_);
    weights_ = relative_weights(log_weights);
    const Matrix& U = saddle.order_parameters.U.front();
    ControlledMean mean(lower_triangle(U));
    order_parameters_.reserve(static_cast<std::size_t>(weights_.size() * U.size()));
    for (Index number = 0; number < weights_.size() / block_size; ++number) {
        poll();
        const IndependentDraws::Block block = draws.block(static_cast<std::uint64_t>(number));
        Matrix values(mean.quantities(), block_size);
        for (Index i = 0; i < block_size; ++i) {
            const Matrix& own = block.U[static_cast<std::size_t>(i)];
            values.col(i) = lower_triangle(own);
            order_parameters_.insert(order_parameters_.end(), own.data(), own.data() + own.size());
        }
        mean.add(number, values, weights_.segment(number * block_size, block_size));
    }
    const ControlledMean::Estimate estimate = mean.estimate();
    mean_ = from_lower_triangle(estimate.mean);
    error_ = from_lower_triangle(estimate.error);
    standard_deviation_ = from_lower_triangle(estimate.sd);
    log_evidence_ = IndependentDraws::log_evidence(log_weights.maxCoeff() + std::log(estimate.mean_weight),
                                                   problem.training().targets().size(), data_term.constant());
    log_evidence_error_ = estimate.mean_weight_error / estimate.mean_weight;
    weights_ /= weights_.sum();
}

}  // namespace attnpaths::python
