#include "analyses/order_parameter_samples/order_parameter_method.hpp"

#include "analyses/order_parameter_samples/average_predictions.hpp"
#include "analyses/samples/weight_draws.hpp"
#include "sampling/bridge_sampling.hpp"
#include "sampling/independent_draws.hpp"
#include "sampling/reconstruct_weights.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace attnpaths {

namespace {

/// A normal approximation of the posterior: at full rank that at the saddle point; below, the prior.
NormalScale scale_of(const OrderParameterPosterior& posterior, const SamplingProblem& problem,
                     DataTerm& data_term) {
    const Vector& unknowns = problem.theory.unknowns;
    if (posterior.coordinates().size() != unknowns.size())
        return {posterior.prior_mode(), posterior.prior_scale().cwiseAbs2().cwiseInverse().asDiagonal()};
    return saddle_point_scale(problem.problem.architecture(), data_term, unknowns);
}

constexpr int blocks_per_chain = 5;

/// Logs of posterior densities in normal scores, the posterior's without its normalisation and
/// DataTerm::constant(); -infinity for scores without a quantile.
Vector posterior_of_scores(const NormalScores& scores, const DataTerm& data_term, const Matrix& positions) {
    std::vector<Matrix> U;
    Vector log_priors(positions.cols());
    const double constant = static_cast<double>(positions.rows()) / 2 * std::log(2 * std::numbers::pi);
    for (Index i = 0; i < positions.cols(); ++i) {
        Vector unknowns = scores.unknowns(positions.col(i));
        log_priors(i) = -positions.col(i).squaredNorm() / 2 - constant;
        if (!unknowns.allFinite()) {
            log_priors(i) = -std::numeric_limits<double>::infinity();
            unknowns.setZero();
        }
        U.push_back(WhitenedCoordinates::path_order_parameter(scores.coordinates().expand(unknowns)));
    }
    return log_priors - data_term.varying_values(U) / 2;
}

}  // namespace

NetworkWeights network_weights_given(const SamplingProblem& problem, const WhitenedCoordinates::Point& point,
                                     std::uint64_t chain, std::uint64_t draw) {
    RandomStream random(problem.stream_seed, "order-parameter/weights", (chain << 32U) + draw);
    const Problem& of = problem.problem;
    return reconstruct_weights(of.architecture(), point, of.kernels(), of.y(), of.temperature(), random);
}

OrderParameterMethod::OrderParameterMethod(const SamplerSettings& settings, int predictor_draws,
                                           const SamplingProblem& problem)
    : settings_(settings),
      predictor_draws_(predictor_draws),
      problem_(problem),
      data_term_(problem.problem.data_term()),
      posterior_(problem.problem.architecture(), &data_term_),
      scale_(scale_of(posterior_, problem, data_term_)),
      target_(order_parameter_target(posterior_, scale_)) {
    target_.nuts.warmup = settings_.warmup;
    if (settings_.draws == StoredDraws::weights)
        WeightDraws::check_memory(problem.problem.architecture(), problem.problem.kernels().input_width(),
                                  settings_.options.chains, settings_.options.max_draws / settings_.thin,
                                  problem.memory_budget);
}

WhitenedCoordinates::Point OrderParameterMethod::whitened_point(const Vector& position) const {
    return posterior_.coordinates().expand(scale_.unknowns(position));
}

std::vector<AveragedPrediction> OrderParameterMethod::predictions(ChainEnsemble& ensemble,
                                                                  const std::function<void()>& poll) const {
    // Draws evenly thinned, in blocks of equal size; more draws than that say little more.
    const int wanted = std::max(1, predictor_draws_ / (ensemble.size() * blocks_per_chain));
    const int block = std::max(1, std::min(wanted, ensemble.goal() / blocks_per_chain));
    const int blocks = std::min(blocks_per_chain, ensemble.goal());
    const int per_chain = block * blocks;
    return average_predictions(
        problem_.problem, {static_cast<Index>(ensemble.size()) * blocks, block, block},
        [&](Index of_all, Index i) -> DrawOfBlock {
            const std::vector<Vector>& positions = ensemble.chain(static_cast<int>(of_all / blocks)).kept();
            const auto number = static_cast<std::size_t>(of_all % blocks * block + i);
            const std::size_t draw = number * positions.size() / static_cast<std::size_t>(per_chain);
            return {WhitenedCoordinates::path_order_parameter(whitened_point(positions[draw])), 1.0 / block};
        },
        poll);
}

void OrderParameterMethod::add_more(ChainEnsemble& ensemble, const std::function<void()>& poll,
                                    Record& record) const {
    // In normal scores, where the prior is normal and the posterior nearly so.
    const NormalScores scores(problem_.problem.architecture(), NormalScores::Rank::of_width);
    std::vector<Matrix> chains;
    for (int c = 0; c < ensemble.size(); ++c) {
        const std::vector<Vector>& positions = ensemble.chain(c).kept();
        Matrix& chain = chains.emplace_back(scores.size(), ensemble.goal());
        for (int draw = 0; draw < ensemble.goal(); ++draw)
            chain.col(draw) = scores.scores(scale_.unknowns(positions[static_cast<std::size_t>(draw)]));
    }
    const auto log_density = [&](const Matrix& positions) {
        constexpr Index block = 32;  // kernels are read once for so many
        Vector values(positions.cols());
        for (Index start = 0; start < positions.cols(); start += block) {
            poll();
            const Index count = std::min(block, positions.cols() - start);
            values.segment(start, count) =
                posterior_of_scores(scores, data_term_, positions.middleCols(start, count));
        }
        return values;
    };
    RandomStream random(problem_.stream_seed, "order-parameter/bridge", 0);
    const BridgeEstimate bridge = bridge_sampling(chains, log_density, random);
    if (!std::isfinite(bridge.log_integral)) return;
    record["evidence/sampled"] = IndependentDraws::log_evidence(
        bridge.log_integral, problem_.problem.training().targets().size(), data_term_.constant());
    record["evidence/sampled_error"] = bridge.error;
}

void OrderParameterMethod::add_draws(ChainEnsemble& ensemble, const std::string& group,
                                     const std::function<void()>& poll, Record& record) const {
    if (settings_.draws != StoredDraws::weights) return;
    const int thin = settings_.thin;
    WeightDraws stored(problem_.problem.architecture(), ensemble.size(), ensemble.goal() / thin);
    for (int c = 0; c < ensemble.size(); ++c) {
        const std::vector<Vector>& positions = ensemble.chain(c).kept();
        for (int draw = thin - 1; draw < ensemble.goal(); draw += thin) {
            poll();
            stored.add(
                network_weights_given(problem_, whitened_point(positions[static_cast<std::size_t>(draw)]),
                                      static_cast<std::uint64_t>(c), static_cast<std::uint64_t>(draw)));
        }
    }
    stored.enter(group, record);
}

}  // namespace attnpaths
