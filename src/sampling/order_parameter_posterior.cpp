#include "sampling/order_parameter_posterior.hpp"

#include <cmath>
#include <limits>

namespace attnpaths {

OrderParameterPosterior::OrderParameterPosterior(const Architecture& architecture, DataTerm* data_term)
    : coordinates_(architecture, WhitenedCoordinates::Rank::of_width), data_term_(data_term) {}

LogDensity OrderParameterPosterior::log_density() {
    const auto evaluate = [this](const Vector& x, Vector& gradient) {
        const WhitenedCoordinates::Point point = coordinates_.expand(x);
        double twice = 0;
        Vector result = Vector::Zero(x.size());
        if (data_term_ != nullptr) {
            // Without the data term's constant, in whose rounding differences would drown at low temperature.
            twice =
                data_term_->varying_value_and_gradient(WhitenedCoordinates::path_order_parameter(point), dU_);
            if (!std::isfinite(twice)) return -std::numeric_limits<double>::infinity();
            result = coordinates_.pull_back(point, dU_) / -2;
        }
        // sqrt(N) B_ii ~ chi with N - i degrees of freedom, sqrt(N) B_ij ~ N(0, 1) below the diagonal
        // (Bartlett).
        for (std::size_t k = 0; k < point.B.size(); ++k) {
            const WhitenedCoordinates::Level& level = coordinates_.levels()[k];
            WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
                const double b = point.B[k](i, j);
                twice += level.width * b * b;
                result(index) -= level.width * b * (i == j ? b : 1);
                if (i == j) {
                    const double degrees = level.width - static_cast<double>(i);
                    twice -= 2 * degrees * x(index);
                    result(index) += degrees;
                }
            });
        }
        gradient = std::move(result);
        return -twice / 2;
    };
    return {coordinates_.size(), evaluate};
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
