#include "theory/action.hpp"

#include "base/error.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace attnpaths {

Action::Action(const Architecture& architecture, Energy& energy)
    : coordinates_(architecture), energy_(energy), largest_width_(architecture.largest_width()) {
    for (const WhitenedCoordinates::Level& level : coordinates_.levels())
        entropy_constant_ -= level.width * static_cast<double>(level.rows) * 2 * std::log(level.sigma);
}

double Action::energy_at(const WhitenedCoordinates::Point& point, const Vector& unknowns) {
    if (energy_unknowns_.size() != unknowns.size() || energy_unknowns_ != unknowns) {
        energy_unknowns_ = unknowns;
        energy_value_ = energy_.value_and_gradient(WhitenedCoordinates::path_order_parameter(point), dU_);
    }
    return energy_value_;
}

double Action::value_and_gradient(const Vector& unknowns, Vector& gradient) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const double energy = energy_at(point, unknowns);
    if (!std::isfinite(energy)) return std::numeric_limits<double>::infinity();
    gradient = coordinates_.pull_back(point, dU_);
    coordinates_.add_entropy_gradient(point, gradient);
    gradient /= largest_width_;
    return (energy + coordinates_.entropy(point, unknowns) + entropy_constant_) / largest_width_;
}

Action::Parts Action::parts(const Vector& unknowns) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const double energy = energy_at(point, unknowns);
    const double entropy = coordinates_.entropy(point, unknowns) + entropy_constant_;
    return {(energy + entropy) / largest_width_, energy / largest_width_, entropy / largest_width_};
}

Vector Action::entropy_curvature(const Vector& unknowns) const {
    return coordinates_.entropy_curvature(coordinates_.expand(unknowns)) / largest_width_;
}

Matrix Action::energy_gradient(const Vector& unknowns) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    if (!std::isfinite(energy_at(point, unknowns))) throw NumericalError("K + T I is not positive definite");
    return dU_;
}

Matrix Action::hessian(const Vector& unknowns) {
    return hessian(unknowns,
                   energy_.hessian(WhitenedCoordinates::path_order_parameter(coordinates_.expand(unknowns))));
}

Matrix Action::hessian(const Vector& unknowns, const Matrix& energy_hessian) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    if (!std::isfinite(energy_at(point, unknowns))) throw NumericalError("K + T I is not positive definite");

    // Column by column: direction -> change of U_1 -> change of dE/dU_1 -> change of the pulled-back
    // gradient.
    const Index size = point.A.back().rows();
    const Index unknown_count = coordinates_.size();
    // Made twice, as all of them together are more than anything else here.
    const auto tangent = [&](Index column) {
        return coordinates_.push_forward(point, Vector::Unit(unknown_count, column));
    };
    Matrix changes(energy_hessian.rows(), unknown_count);
    for (Index column = 0; column < unknown_count; ++column) {
        const Matrix change = WhitenedCoordinates::path_order_parameter_change(point, tangent(column));
        Index entry = 0;
        for (Index j = 0; j < size; ++j)
            for (Index i = j; i < size; ++i) changes(entry++, column) = change(i, j);
    }
    const Matrix derivative_changes = energy_hessian * changes;
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

OrderParameters Action::gradient_in_order_parameters(const Vector& unknowns) {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const std::vector<WhitenedCoordinates::Level>& levels = coordinates_.levels();
    if (!std::isfinite(energy_at(point, unknowns))) throw NumericalError("K + T I is not positive definite");

    // Level k enters the entropy as N_k [ tr(S_k^{-1} U_k) - log det(S_k^{-1} U_k) ] with S_k = sigma_k^2 (I
    // (x) U_above), that is with W = B B' = M^{-1} U M^{-T}, M = sigma (I (x) A_above):
    //     its own derivative      N_k M^{-T} (I - W^{-1}) M^{-1},
    //     the one of U_above      N_k A_above^{-T} sum_h (I - W)_{hh} A_above^{-1}.
    std::vector<Matrix> gradients(levels.size());
    for (std::size_t k = 0; k < levels.size(); ++k) {
        const WhitenedCoordinates::Level& level = levels[k];
        const Matrix& B = point.B[k];
        const Matrix identity = Matrix::Identity(level.rows, level.rows);
        const Matrix B_inverse = B.triangularView<Eigen::Lower>().solve(identity);
        const Matrix own = level.width * (identity - B_inverse.transpose() * B_inverse);
        Matrix M_inverse = Matrix::Zero(level.rows, level.rows);
        if (k == 0) {
            M_inverse = identity / level.sigma;
        } else {
            const Matrix& above = point.A[k - 1];
            const Index size = above.rows();
            const Matrix above_inverse =
                above.triangularView<Eigen::Lower>().solve(Matrix::Identity(size, size).eval());
            Matrix blocks = Matrix::Zero(size, size);
            for (Index start = 0; start < level.rows; start += size) {
                M_inverse.block(start, start, size, size) = above_inverse / level.sigma;
                blocks += Matrix::Identity(size, size) -
                          B.middleRows(start, size) * B.middleRows(start, size).transpose();
            }
            gradients[k - 1] += level.width * above_inverse.transpose() * blocks * above_inverse;
        }
        gradients[k] = M_inverse.transpose() * own * M_inverse;
    }
    gradients.back() += dU_;

    OrderParameters result;
    result.U_a = gradients[0] / largest_width_;
    for (std::size_t k = levels.size(); k-- > 1;) result.U.emplace_back(gradients[k] / largest_width_);
    return result;
}

}  // namespace attnpaths
