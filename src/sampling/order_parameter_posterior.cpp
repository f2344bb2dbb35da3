#include "sampling/order_parameter_posterior.hpp"

#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

/// Visits the unknowns of all levels: function(level, i, j, index of the unknown).
template <class Function>
void for_each_unknown(const WhitenedCoordinates& coordinates, const Function& function) {
    for (std::size_t k = 0; k < coordinates.levels().size(); ++k) {
        const WhitenedCoordinates::Level& level = coordinates.levels()[k];
        Index index = level.offset;
        for (Index j = 0; j < level.columns; ++j)
            for (Index i = j; i < level.rows; ++i) function(k, i, j, index++);
    }
}

}  // namespace

OrderParameterPosterior::OrderParameterPosterior(const Architecture& architecture, Energy* energy)
    : coordinates_(architecture, WhitenedCoordinates::Rank::of_width), energy_(energy) {}

LogDensity OrderParameterPosterior::log_density() {
    const auto evaluate = [this](const Vector& x, Vector& gradient) {
        const WhitenedCoordinates::Point point = coordinates_.expand(x);
        double twice = 0;
        Vector result = Vector::Zero(x.size());
        if (energy_ != nullptr) {
            twice = energy_->value_and_gradient(WhitenedCoordinates::path_order_parameter(point), dU_);
            if (!std::isfinite(twice)) return -std::numeric_limits<double>::infinity();
            result = coordinates_.pull_back(point, dU_) / -2;
        }
        // sqrt(N) B_ii ~ chi with N - i degrees of freedom, sqrt(N) B_ij ~ N(0, 1) below the diagonal
        // (Bartlett).
        for_each_unknown(coordinates_, [&](std::size_t k, Index i, Index j, Index index) {
            const double width = coordinates_.levels()[k].width;
            const double b = point.B[k](i, j);
            twice += width * b * b;
            result(index) -= width * b * (i == j ? b : 1);
            if (i == j) {
                const double degrees = width - static_cast<double>(i);
                twice -= 2 * degrees * x(index);
                result(index) += degrees;
            }
        });
        gradient = std::move(result);
        return -twice / 2;
    };
    return {coordinates_.size(), evaluate};
}

Vector OrderParameterPosterior::prior_mode() const {
    Vector mode = Vector::Zero(coordinates_.size());
    for_each_unknown(coordinates_, [&](std::size_t k, Index i, Index j, Index index) {
        const double width = coordinates_.levels()[k].width;
        if (i == j) mode(index) = std::log((width - static_cast<double>(i)) / width) / 2;
    });
    return mode;
}

Vector OrderParameterPosterior::prior_scale() const {
    Vector scale(coordinates_.size());
    for_each_unknown(coordinates_, [&](std::size_t k, Index i, Index j, Index index) {
        const double width = coordinates_.levels()[k].width;
        scale(index) = i == j ? 1 / std::sqrt(2 * (width - static_cast<double>(i))) : 1 / std::sqrt(width);
    });
    return scale;
}

}  // namespace attnpaths
