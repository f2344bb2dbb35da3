#include "sampling/order_parameter_posterior.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace attnpaths {

OrderParameterPosterior::OrderParameterPosterior(const Architecture& architecture, DataTerm* data_term)
    : coordinates_(architecture, WhitenedCoordinates::Rank::of_width), data_term_(data_term) {}

LogDensity OrderParameterPosterior::log_density() const {
    return LogDensity::of_many(coordinates_.size(),
                               [this](std::span<const Evaluation> evaluations) { evaluate(evaluations); });
}

void OrderParameterPosterior::evaluate(std::span<const Evaluation> evaluations) const {
    std::vector<WhitenedCoordinates::Point> points;
    std::vector<Matrix> U;
    for (const Evaluation& one : evaluations) {
        points.push_back(coordinates_.expand(*one.position));
        if (data_term_ != nullptr) U.push_back(WhitenedCoordinates::path_order_parameter(points.back()));
    }
    std::vector<Matrix> dU(U.size());
    // Without the data term's constant, in whose rounding differences would drown at low temperature.
    Vector data_terms = Vector::Zero(static_cast<Index>(evaluations.size()));
    if (data_term_ != nullptr) data_terms = data_term_->varying_values_and_gradients(U, dU);
    for (std::size_t i = 0; i < evaluations.size(); ++i) {
        const auto& [x, value, gradient] = evaluations[i];
        const double data_term = data_terms(static_cast<Index>(i));
        *value = -std::numeric_limits<double>::infinity();
        if (!std::isfinite(data_term)) continue;
        Vector result = data_term_ == nullptr ? Vector(Vector::Zero(x->size()))
                                              : Vector(coordinates_.pull_back(points[i], dU[i]) / -2);
        *value = -(data_term + add_prior(points[i], *x, result)) / 2;
        gradient->swap(result);
    }
}

double OrderParameterPosterior::add_prior(const WhitenedCoordinates::Point& point, const Vector& x,
                                          Vector& gradient) const {
    // sqrt(N) B_ii ~ chi with N - i degrees of freedom, sqrt(N) B_ij ~ N(0, 1) below the diagonal (Bartlett).
    double twice = 0;
    for (std::size_t k = 0; k < point.B.size(); ++k) {
        const WhitenedCoordinates::Level& level = coordinates_.levels()[k];
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            const double b = point.B[k](i, j);
            twice += level.width * b * b;
            gradient(index) -= level.width * b * (i == j ? b : 1);
            if (i == j) {
                const double degrees = level.width - static_cast<double>(i);
                twice -= 2 * degrees * x(index);
                gradient(index) += degrees;
            }
        });
    }
    return twice;
}

Vector OrderParameterPosterior::prior_mode() const {
    Vector mode = Vector::Zero(coordinates_.size());
    for (const WhitenedCoordinates::Level& level : coordinates_.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            if (i == j) mode(index) = std::log((level.width - static_cast<double>(i)) / level.width) / 2;
        });
    return mode;
}

Vector OrderParameterPosterior::prior_scale() const {
    Vector scale(coordinates_.size());
    for (const WhitenedCoordinates::Level& level : coordinates_.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            scale(index) = 1 / std::sqrt(i == j ? 2 * (level.width - static_cast<double>(i)) : level.width);
        });
    return scale;
}

}  // namespace attnpaths
