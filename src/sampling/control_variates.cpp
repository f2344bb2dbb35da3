#include "sampling/control_variates.hpp"

#include <utility>

namespace attnpaths {

ControlVariates::ControlVariates(Matrix third_derivatives)
    : third_derivatives_(std::move(third_derivatives)) {
    const Index unknowns = third_derivatives_.cols();
    cubic_means_ = Vector::Zero(unknowns);
    for (Index a = 0; a < unknowns; ++a)
        cubic_means_ += third_derivatives_.col(a).segment(a * unknowns, unknowns) / 2;
}

Index ControlVariates::count(Index unknowns) {
    return unknowns * (unknowns + 1) / 2 + 2 * unknowns;
}

Matrix ControlVariates::of_pairs(const Matrix& normals) const {
    const Index unknowns = normals.rows();
    Matrix controls(count(unknowns), normals.cols());
    Index row = 0;
    for (Index i = 0; i < unknowns; ++i)
        for (Index j = i; j < unknowns; ++j)
            controls.row(row++) = normals.row(i).cwiseProduct(normals.row(j)).array() - (i == j ? 1 : 0);
    controls.middleRows(row, unknowns) = normals.array().pow(4) - 3;
    const Matrix contracted = third_derivatives_ * normals;  // T_abc x_c at row b unknowns + a
    for (Index pair = 0; pair < normals.cols(); ++pair) {
        const auto x = normals.col(pair);
        const double cubic = x.dot(contracted.col(pair).reshaped(unknowns, unknowns) * x) / 6;
        controls.col(pair).tail(unknowns) = cubic * x - cubic_means_;
    }
    return controls;
}

}  // namespace attnpaths
