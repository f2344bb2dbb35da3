#include "sampling/independent_draws.hpp"

#include "base/error.hpp"
#include "base/random_stream.hpp"
#include "theory/action.hpp"
#include "theory/lapack.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace attnpaths {

namespace {

/// -log p(z|y) up to its constant, E/2 + |z|^2/2, with derivatives; E and its derivatives come by way of the
/// action, whose entropy is taken off again.
struct PosteriorOfScores {
    const NormalScores& scores;
    Action& action;
    double half_width;  ///< the action and its derivatives are divided by the largest width

    [[nodiscard]] double value(const Vector& z) const {
        const Vector unknowns = scores.unknowns(z);
        if (!unknowns.allFinite()) return std::numeric_limits<double>::infinity();
        return half_width * action.parts(unknowns).data_term + z.squaredNorm() / 2;
    }

    void derivatives(const Vector& z, Vector& gradient, Matrix& hessian) const {
        const WhitenedCoordinates& coordinates = scores.coordinates();
        const Vector unknowns = scores.unknowns(z);
        const WhitenedCoordinates::Point point = coordinates.expand(unknowns);
        const NormalScores::Slopes slopes = scores.slopes(z, unknowns);
        const Vector data_term_gradient =
            coordinates.pull_back(point, action.data_term_gradient(unknowns)) / 2;
        gradient = data_term_gradient.cwiseProduct(slopes.first) + z;
        hessian = half_width * action.hessian(unknowns);
        hessian.diagonal() -= coordinates.entropy_curvature(point) / 2;
        hessian = slopes.first.asDiagonal() * hessian * slopes.first.asDiagonal();
        hessian.diagonal() += data_term_gradient.cwiseProduct(slopes.second) + Vector::Ones(z.size());
    }
};

/// A step of Newton's method; where the Hessian is not positive definite, its curvatures are made positive.
Vector newton_step(const Matrix& hessian, const Vector& gradient) {
    Matrix factor = hessian;
    if (lapack::cholesky(factor)) {
        Vector step = -gradient;
        factor.triangularView<Eigen::Lower>().solveInPlace(step);
        factor.transpose().triangularView<Eigen::Upper>().solveInPlace(step);
        return step;
    }
    Matrix modes = hessian;
    const Vector curvature = lapack::symmetric_eigenvalues(modes, true).cwiseAbs().cwiseMax(1e-3);
    return -(modes * (modes.transpose() * gradient).cwiseQuotient(curvature));
}

}  // namespace

double proposal_widening(const Architecture& architecture) {
    const std::vector<double>& widths = architecture.widths;
    const double narrowest =
        std::min(architecture.readout_width, *std::min_element(widths.begin(), widths.end()));
    const auto unknowns = static_cast<double>(WhitenedCoordinates(architecture).size());
    return 1 + std::min(50 / (narrowest * narrowest), 0.5 / std::sqrt(unknowns));
}

IndependentDraws::IndependentDraws(const Architecture& architecture, DataTerm& data_term, const Vector& start,
                                   std::uint64_t seed, double widening, const std::function<void()>& poll)
    : architecture_(architecture), scores_(architecture), data_term_(data_term), seed_(seed) {
    find_mode(start, poll);
    proposal_.root *= widening;
    proposal_.log_det_root += static_cast<double>(proposal_.mode.size()) * std::log(widening);
}

IndependentDraws::IndependentDraws(const Architecture& architecture, DataTerm& data_term, Proposal proposal,
                                   std::uint64_t seed)
    : architecture_(architecture),
      scores_(architecture),
      data_term_(data_term),
      seed_(seed),
      proposal_(std::move(proposal)) {}

void IndependentDraws::find_mode(const Vector& start, const std::function<void()>& poll) {
    Action action(architecture_, data_term_);
    const PosteriorOfScores posterior{scores_, action, architecture_.largest_width() / 2};
    proposal_.mode = scores_.scores(start);
    if (!proposal_.mode.allFinite()) proposal_.mode.setZero();
    double value = posterior.value(proposal_.mode);
    Vector gradient;
    Matrix hessian;
    constexpr int most_steps = 100;
    constexpr double tolerance = 1e-8;
    for (int step = 0;; ++step) {
        poll();
        posterior.derivatives(proposal_.mode, gradient, hessian);
        if (gradient.cwiseAbs().maxCoeff() < tolerance) break;
        const Vector direction = newton_step(hessian, gradient);
        const double slope = gradient.dot(direction);
        double length = 1;
        Vector next = proposal_.mode + direction;
        double next_value = posterior.value(next);
        // Armijo's rule; rounding of the value is no reason to go on halving.
        constexpr double sufficient = 1e-4;
        const double rounding = 1e-12 * std::max(1.0, std::abs(value));
        while (!(next_value <= value + sufficient * length * slope + rounding) && length > 1e-10) {
            length /= 2;
            next = proposal_.mode + length * direction;
            next_value = posterior.value(next);
        }
        if (step == most_steps || !(length > 1e-10))
            throw NumericalError("independent draws: the posterior's mode was not found");
        proposal_.mode = next;
        value = next_value;
    }
    if (!lapack::cholesky(hessian))
        throw NumericalError("independent draws: the posterior has no curvature at its mode");
    proposal_.log_det_root = -hessian.diagonal().array().log().sum();
    const Index size = proposal_.mode.size();
    proposal_.root =
        hessian.transpose().triangularView<Eigen::Upper>().solve(Matrix::Identity(size, size).eval());
}

Matrix IndependentDraws::third_derivatives(const std::function<void()>& poll) const {
    constexpr double step = 0.05;  // standard deviations
    Action action(architecture_, data_term_);
    const PosteriorOfScores posterior{scores_, action, architecture_.largest_width() / 2};
    const Index size = proposal_.mode.size();
    Matrix T(size * size, size);
    Vector gradient;
    Matrix up;
    Matrix down;
    for (Index c = 0; c < size; ++c) {
        poll();
        posterior.derivatives(proposal_.mode + step * proposal_.root.col(c), gradient, up);
        posterior.derivatives(proposal_.mode - step * proposal_.root.col(c), gradient, down);
        const Matrix change = proposal_.root.transpose() * (up - down) * proposal_.root / (2 * step);
        T.col(c) = change.reshaped();
    }
    Matrix symmetric(size * size, size);
    for (Index a = 0; a < size; ++a)
        for (Index b = a; b < size; ++b)
            for (Index c = b; c < size; ++c) {
                const auto at = [&](Index i, Index j, Index k) -> double& {
                    return symmetric(j * size + i, k);
                };
                const double mean = (T(b * size + a, c) + T(c * size + b, a) + T(a * size + c, b)) / 3;
                at(a, b, c) = at(b, c, a) = at(c, a, b) = at(b, a, c) = at(a, c, b) = at(c, b, a) = mean;
            }
    return symmetric;
}

IndependentDraws::Block IndependentDraws::block(std::uint64_t number) const {
    const Index size = proposal_.mode.size();
    Block block;
    block.log_ratios.resize(block_size);
    block.normals.resize(size, block_size / 2);
    RandomStream random(seed_, "order-parameter/independent", number);
    for (Index draw = 0; draw < block_size; draw += 2) {
        auto normals = block.normals.col(draw / 2);
        for (double& element : normals) element = random.normal();
        const Vector step = proposal_.root * normals;
        for (const Index mirrored : {0, 1}) {
            const Vector z = proposal_.mode + (mirrored == 0 ? 1 : -1) * step;
            Vector unknowns = scores_.unknowns(z);
            double& log_ratio = block.log_ratios(draw + mirrored);
            log_ratio = (normals.squaredNorm() - z.squaredNorm()) / 2 + proposal_.log_det_root;
            if (!unknowns.allFinite()) {
                log_ratio = -std::numeric_limits<double>::infinity();
                unknowns = scores_.unknowns(proposal_.mode);
            }
            block.U.push_back(
                WhitenedCoordinates::path_order_parameter(scores_.coordinates().expand(unknowns)));
            block.unknowns.push_back(std::move(unknowns));
        }
    }
    return block;
}

Vector IndependentDraws::log_weights(const Block& block) const {
    return block.log_ratios - data_term_.varying_values(block.U) / 2;
}

double IndependentDraws::log_evidence(double log_mean_weight, Index targets, double data_term_constant) {
    return log_mean_weight - data_term_constant / 2 -
           static_cast<double>(targets) / 2 * std::log(2 * std::numbers::pi);
}

}  // namespace attnpaths
