#include "analyses/order_parameter_samples/point_draws.hpp"

#include <utility>

namespace attnpaths {

PointDraws::PointDraws(const SamplingProblem& of, const std::function<void()>& poll)
    : problem(of),
      data_term(of.problem.data_term()),
      draws(of.problem.architecture(), data_term, of.theory.unknowns, of.stream_seed,
            proposal_widening(of.problem.architecture()), poll) {}

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
