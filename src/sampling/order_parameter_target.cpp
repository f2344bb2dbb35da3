#include "sampling/order_parameter_target.hpp"

#include "sampling/lower_triangle.hpp"
#include "theory/action.hpp"

#include <Eigen/Cholesky>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace attnpaths {

NormalScale::NormalScale(Vector middle, const Matrix& precision)
    : centre(std::move(middle)),
      factor(Eigen::LLT<Matrix>(precision).matrixU().solve(
          Matrix::Identity(precision.rows(), precision.cols()))) {}

NormalScale saddle_point_scale(const Architecture& architecture, DataTerm& data_term,
                               const Vector& unknowns) {
    return {unknowns, Action(architecture, data_term).hessian(unknowns) * (architecture.largest_width() / 2)};
}

namespace {

/// A density as one of the coordinates of `scale`.
LogDensity in_scale(const LogDensity& density, const NormalScale& scale) {
    const auto evaluate = [density, &scale](std::span<const Evaluation> evaluations) {
        std::vector<Vector> unknowns;
        for (const Evaluation& one : evaluations) unknowns.push_back(scale.unknowns(*one.position));
        std::vector<Vector> gradients(evaluations.size());
        std::vector<Evaluation> inner;
        for (std::size_t i = 0; i < evaluations.size(); ++i)
            inner.push_back({&unknowns[i], evaluations[i].value, &gradients[i]});
        density.evaluate(inner);
        for (std::size_t i = 0; i < evaluations.size(); ++i)
            if (std::isfinite(*evaluations[i].value))
                evaluations[i].gradient->noalias() = scale.factor.transpose() * gradients[i];
    };
    return LogDensity::of_many(density.dimension, evaluate);
}

/// Mean acceptance that gives most effective draws of U per gradient: at 0.55 trajectories of networks some
/// times as wide as their paths begin to diverge, at 0.8 steps are a third shorter than they need be. Where
/// the last diagonal element of a factor B has few degrees of freedom, its logarithm has a long tail and then
/// an edge: with 14 unknowns and N = n one trajectory in two hundred diverges at 0.6, in a thousand at 0.8,
/// none at 0.85. With 40 unknowns and more steps are short enough at 0.6.
double target_acceptance(const WhitenedCoordinates& coordinates) {
    constexpr double few_degrees = 4;
    constexpr Index few_unknowns = 40;
    double fewest = std::numeric_limits<double>::infinity();
    for (const WhitenedCoordinates::Level& level : coordinates.levels())
        fewest = std::min(fewest, level.width - static_cast<double>(level.columns) + 1);
    return fewest < few_degrees && coordinates.size() < few_unknowns ? 0.9 : 0.6;
}

}  // namespace

SamplingTarget order_parameter_target(OrderParameterPosterior& posterior, const NormalScale& scale) {
    SamplingTarget target;
    target.density = in_scale(posterior.log_density(), scale);
    target.nuts.metric = MetricKind::dense;
    target.nuts.target_acceptance = target_acceptance(posterior.coordinates());
    target.start = [&scale](RandomStream& random) {
        constexpr double dispersion = 1.5;
        Vector z(scale.centre.size());
        for (double& element : z) element = dispersion * random.normal();
        return z;
    };
    target.observe = [&posterior, &scale](const Vector& z, Observation& observation) {
        observation.tracked = lower_triangle(
            WhitenedCoordinates::path_order_parameter(posterior.coordinates().expand(scale.unknowns(z))));
    };
    const WhitenedCoordinates& coordinates = posterior.coordinates();
    const Index size = coordinates.expand(Vector::Zero(coordinates.size())).A.back().rows();
    target.tracked = size * (size + 1) / 2;
    target.keep_every = 1;
    return target;
}

}  // namespace attnpaths
