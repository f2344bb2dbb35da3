#include "theory/action.hpp"

#include "base/error.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace attnpaths {

Action::Action(const Architecture& architecture, DataTerm& data_term)
    : coordinates_(architecture), data_term_(data_term), largest_width_(architecture.largest_width()) {
    for (const WhitenedCoordinates::Level& level : coordinates_.levels())
        entropy_constant_ -= level.width * static_cast<double>(level.rows) * 2 * std::log(level.sigma);
}

double Action::data_term_at(const WhitenedCoordinates::Point& point, const Vector& unknowns) {
    if (data_term_unknowns_.size() != unknowns.size() || data_term_unknowns_ != unknowns) {
        data_term_unknowns_ = unknowns;
        data_term_value_ = data_term_.varying_value_and_gradient_of_factor(point.A.back(), dU_);
    }
    return data_term_value_;
}

double Action::value_and_gradient(const Vector& unknowns, Vector& gradient) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const double data_term = data_term_at(point, unknowns);
    if (!std::isfinite(data_term)) return std::numeric_limits<double>::infinity();
    gradient = coordinates_.pull_back(point, dU_);
    coordinates_.add_entropy_gradient(point, gradient);
    gradient /= largest_width_;
    return (data_term + coordinates_.entropy(point, unknowns) + entropy_constant_) / largest_width_;
}

Action::Parts Action::parts(const Vector& unknowns) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const double data_term = data_term_at(point, unknowns) + data_term_.constant();
    const double entropy = coordinates_.entropy(point, unknowns) + entropy_constant_;
    return {(data_term + entropy) / largest_width_, data_term / largest_width_, entropy / largest_width_};
}

Vector Action::entropy_curvature(const Vector& unknowns) const {
    return coordinates_.entropy_curvature(coordinates_.expand(unknowns)) / largest_width_;
}

Matrix Action::data_term_gradient(const Vector& unknowns) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    if (!std::isfinite(data_term_at(point, unknowns)))
        throw NumericalError("K + T I is not positive definite");
    return dU_;
}

Matrix Action::hessian(const Vector& unknowns) {
    return hessian(unknowns, data_term_.hessian(
                                 WhitenedCoordinates::path_order_parameter(coordinates_.expand(unknowns))));
}

Matrix Action::hessian(const Vector& unknowns, const Matrix& data_term_hessian) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    if (!std::isfinite(data_term_at(point, unknowns)))
        throw NumericalError("K + T I is not positive definite");

    // Column by column: direction -> change of U_1 -> change of dE/dU_1 -> change of the pulled-back
    // gradient.
    const Index size = point.A.back().rows();
    const Index unknown_count = coordinates_.size();
    // Made twice, as all of them together are more than anything else here.
    const auto tangent = [&](Index column) {
        return coordinates_.push_forward(point, Vector::Unit(unknown_count, column));
    };
    Matrix changes(data_term_hessian.rows(), unknown_count);
    for (Index column = 0; column < unknown_count; ++column) {
        const Matrix change = WhitenedCoordinates::path_order_parameter_change(point, tangent(column));
        Index entry = 0;
        for (Index j = 0; j < size; ++j)
            for (Index i = j; i < size; ++i) changes(entry++, column) = change(i, j);
    }
    const Matrix derivative_changes = data_term_hessian * changes;
    Matrix hessian(unknown_count, unknown_count);
    Matrix ddU(size, size);
    for (Index column = 0; column < unknown_count; ++column) {
        Index entry = 0;
        for (Index j = 0; j < size; ++j) {
            for (Index i = j; i < size; ++i, ++entry) {
                // d2E/du_a refers to moving U_ij and U_ji together; each entry on its own has half of it.
                const double value =
                    i == j ? derivative_changes(entry, column) : derivative_changes(entry, column) / 2;
                ddU(i, j) = value;
                ddU(j, i) = value;
            }
        }
        hessian.col(column) = coordinates_.pull_back_change(point, tangent(column), dU_, ddU);
    }
    hessian.diagonal() += coordinates_.entropy_curvature(point);
    hessian = (hessian + hessian.transpose()).eval() / (2 * largest_width_);
    return hessian;
}

Vector Action::hessian_times(const Vector& unknowns, const Vector& direction) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    if (!std::isfinite(data_term_at(point, unknowns)))
        throw NumericalError("K + T I is not positive definite");
    const WhitenedCoordinates::Point tangent = coordinates_.push_forward(point, direction);
    const Matrix ddU = data_term_.hessian_times(point.A.back(), tangent.A.back());
    return (coordinates_.pull_back_change(point, tangent, dU_, ddU) +
            coordinates_.entropy_curvature(point).cwiseProduct(direction)) /
           largest_width_;
}

OrderParameters Action::as_order_parameters(const std::vector<Matrix>& levels) const {
    OrderParameters result;
    result.U_a = levels[0] / largest_width_;
    for (std::size_t k = levels.size(); k-- > 1;) result.U.emplace_back(levels[k] / largest_width_);
    return result;
}

OrderParameters Action::gradient_in_order_parameters(const Vector& unknowns) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    if (!std::isfinite(data_term_at(point, unknowns)))
        throw NumericalError("K + T I is not positive definite");
    std::vector<Matrix> gradients = coordinates_.entropy_gradient_in_order_parameters(point);
    gradients.back() += dU_;
    return as_order_parameters(gradients);
}

Action::GradientInOrderParameters Action::bounded_gradient_in_order_parameters(const Vector& unknowns) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    std::vector<Matrix> bounds = coordinates_.entropy_gradient_bound(point);
    bounds.back() += data_term_.gradient_bound(point.A.back());
    return {gradient_in_order_parameters(unknowns), as_order_parameters(bounds)};
}

Action::GradientInOrderParameters Action::precise_gradient_in_order_parameters(const Vector& unknowns) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const auto [gradient, bound] =
        data_term_.relative(point.A.back()).in_order_parameters(data_term_.accuracy());
    std::vector<Matrix> gradients = coordinates_.entropy_gradient_in_order_parameters(point);
    std::vector<Matrix> bounds = coordinates_.entropy_gradient_bound(point);
    gradients.back() += gradient;
    bounds.back() += bound;
    return {as_order_parameters(gradients), as_order_parameters(bounds)};
}

}  // namespace attnpaths
