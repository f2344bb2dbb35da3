#include "theory/inverse_hessian.hpp"

#include <utility>

namespace attnpaths {

InverseHessian::InverseHessian(Vector inverse_scale, int memory)
    : inverse_scale_(std::move(inverse_scale)), memory_(static_cast<std::size_t>(memory)) {}

void InverseHessian::learn(Vector step, Vector change) {
    Pair pair{std::move(step), std::move(change), 0};
    pair.curvature = pair.step.dot(pair.change);
    if (!(pair.curvature > 1e-14 * pair.step.norm() * pair.change.norm())) return;
    relative_scale_ = pair.curvature / pair.change.dot(pair.change.cwiseProduct(inverse_scale_));
    pairs_.push_back(std::move(pair));
    if (pairs_.size() > memory_) pairs_.pop_front();
}

Vector InverseHessian::times(const Vector& x) const {
    Vector product = x;
    Vector coefficients(static_cast<Index>(pairs_.size()));
    for (std::size_t i = pairs_.size(); i-- > 0;) {
        const double coefficient = pairs_[i].step.dot(product) / pairs_[i].curvature;
        coefficients(static_cast<Index>(i)) = coefficient;
        product -= coefficient * pairs_[i].change;
    }
    product = product.cwiseProduct(relative_scale_ * inverse_scale_);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
        const double correction = pairs_[i].change.dot(product) / pairs_[i].curvature;
        product += (coefficients(static_cast<Index>(i)) - correction) * pairs_[i].step;
    }
    return product;
}

}  // namespace attnpaths
