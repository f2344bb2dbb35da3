#include "analyses/order_parameter_samples/point_draws.hpp"

#include <any>
#include <utility>

namespace attnpaths {

namespace {

/// The mode takes several Hessians to find, and draws come in many tasks.
IndependentDraws draws_of(const SamplingProblem& of, DataTerm& data_term, Context& context) {
    const Architecture& architecture = of.problem.architecture();
    std::any& known = context.memo["order-parameter/proposal"];
    if (const auto* const proposal = std::any_cast<IndependentDraws::Proposal>(&known))
        return {architecture, data_term, *proposal, of.stream_seed};
    IndependentDraws draws(architecture, data_term, of.theory.unknowns, of.stream_seed,
                           proposal_widening(architecture), context.hooks.poll);
    known = draws.proposal();
    return draws;
}

}  // namespace

PointDraws::PointDraws(const SamplingProblem& of, Context& context)
    : problem(of), data_term(of.problem.data_term()), draws(draws_of(of, data_term, context)) {}

const Matrix& DrawReader::order_parameter(Index draw) {
    return at(draw).U[static_cast<std::size_t>(draw % IndependentDraws::block_size)];
}

const Vector& DrawReader::unknowns(Index draw) {
    return at(draw).unknowns[static_cast<std::size_t>(draw % IndependentDraws::block_size)];
}

const IndependentDraws::Block& DrawReader::at(Index draw) {
    if (number_ != draw / IndependentDraws::block_size) {
        number_ = draw / IndependentDraws::block_size;
        block_ = draws_.block(static_cast<std::uint64_t>(number_));
    }
    return block_;
}

Controls::Controls(const PointDraws& point, const std::function<void()>& poll) {
    Matrix third_derivatives = point.draws.third_derivatives(poll);
    if (third_derivatives.allFinite()) variates_.emplace(std::move(third_derivatives));
}

}  // namespace attnpaths
