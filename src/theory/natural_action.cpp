#include "theory/natural_action.hpp"

#include "theory/kronecker.hpp"

#include <Eigen/Cholesky>

#include <cmath>
#include <limits>

namespace attnpaths {

// With B_k = M_k^{-1} A_k, M_k = sigma_k (I (x) A_above), level k enters the entropy as N_k [|B_k|^2 - 2 log
// det B_k], and a step takes B_k to (I (x) Lambda_above^{-1}) B_k Lambda_k. The data term knows U_1 alone.

NaturalAction::NaturalAction(const WhitenedCoordinates& coordinates, const DataTerm& data_term,
                             double largest_width)
    : coordinates_(coordinates), data_term_(data_term), largest_width_(largest_width) {}

std::vector<Matrix> NaturalAction::matrices(const Vector& eta) const {
    std::vector<Matrix> result;
    for (const WhitenedCoordinates::Level& level : coordinates_.levels()) {
        result.emplace_back(Matrix::Zero(level.rows, level.columns));
        WhitenedCoordinates::for_each_unknown(
            level, [&](Index i, Index j, Index index) { result.back()(i, j) = eta(index); });
    }
    return result;
}

Vector NaturalAction::lower_triangles(const std::vector<Matrix>& matrices) const {
    Vector result(coordinates_.size());
    for (std::size_t k = 0; k < matrices.size(); ++k)
        WhitenedCoordinates::for_each_unknown(coordinates_.levels()[k], [&](Index i, Index j, Index index) {
            result(index) = matrices[k](i, j);
        });
    return result;
}

double NaturalAction::value_and_gradient(const Vector& unknowns, Vector& gradient) const {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const RelativeDataTerm data_term = data_term_.relative(point.A.back());
    const double value = data_term.value() + coordinates_.entropy(point, unknowns);
    if (!std::isfinite(value)) return std::numeric_limits<double>::infinity();
    std::vector<Matrix> derivatives;
    for (std::size_t k = 0; k < point.B.size(); ++k) {
        const WhitenedCoordinates::Level& level = coordinates_.levels()[k];
        const Matrix& B = point.B[k];
        derivatives.emplace_back(2 * level.width *
                                 (B.transpose() * B - Matrix::Identity(level.rows, level.rows)));
        if (k == 0) continue;
        Matrix& above = derivatives[k - 1];
        above -= 2 * level.width *
                 (diagonal_blocks(B, B, level.heads) -
                  static_cast<double>(level.heads) * Matrix::Identity(above.rows(), above.rows()));
    }
    derivatives.back() += 2 * data_term.gradient();
    gradient = lower_triangles(derivatives) / largest_width_;
    return value / largest_width_;
}

Matrix NaturalAction::hessian(const Vector& unknowns) const {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const RelativeDataTerm data_term = data_term_.relative(point.A.back());
    const Matrix data_term_hessian = data_term.hessian();
    const Matrix& G = data_term.gradient();
    const Index size = G.rows();
    const auto levels = static_cast<Index>(point.B.size());

    Matrix hessian(coordinates_.size(), coordinates_.size());
    Vector change(data_term_hessian.rows());
    for (Index column = 0; column < coordinates_.size(); ++column) {
        const std::vector<Matrix> eta = matrices(Vector::Unit(coordinates_.size(), column));
        std::vector<Matrix> derivatives;
        for (Index level_index = 0; level_index < levels; ++level_index) {
            const auto k = static_cast<std::size_t>(level_index);
            const WhitenedCoordinates::Level& level = coordinates_.levels()[k];
            const Matrix& B = point.B[k];
            // First change of B_k, then that of its square norm's derivative in this level's eta.
            Matrix dB = B * eta[k];
            if (k > 0) dB -= repeat_times(eta[k - 1], B);
            Matrix own = B.transpose() * dB;
            own.diagonal() += B.colwise().squaredNorm().transpose().cwiseProduct(eta[k].diagonal());
            if (k == 0) {
                derivatives.emplace_back(2 * level.width * own);
                continue;
            }
            const Matrix& omega = eta[k - 1];
            own -= B.transpose() * repeat_transposed_times(omega, B);
            derivatives.emplace_back(2 * level.width * own);
            // ... and in the eta of the level above.
            const Matrix square = diagonal_blocks(B, B, level.heads);
            Matrix upper = -diagonal_blocks(dB, B, level.heads) -
                           diagonal_blocks(B * eta[k].transpose(), B, level.heads) +
                           omega.transpose() * square + square * omega.transpose();
            upper.diagonal() -= square.diagonal().cwiseProduct(omega.diagonal());
            derivatives[k - 1] += 2 * level.width * upper;
        }
        // The data term, by S = Lambda Lambda'.
        const Matrix& step = eta.back();
        Index entry = 0;
        for (Index j = 0; j < size; ++j)
            for (Index i = j; i < size; ++i) change(entry++) = step(i, j) + step(j, i);
        const Vector derivative_change = data_term_hessian * change;
        Matrix& last = derivatives.back();
        last += 2 * G * step;
        entry = 0;
        for (Index j = 0; j < size; ++j)
            for (Index i = j; i < size; ++i, ++entry)
                last(i, j) +=
                    i == j ? 2 * (derivative_change(entry) + G(i, i) * step(i, i)) : derivative_change(entry);
        hessian.col(column) = lower_triangles(derivatives);
    }
    return (hessian + hessian.transpose()) / (2 * largest_width_);
}

Matrix NaturalAction::inverse_hessian_in_unknowns(const Vector& unknowns, const Matrix& hessian) const {
    const Eigen::LLT<Matrix> factor(hessian);
    if (factor.info() != Eigen::Success) return {};
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    Matrix jacobian(hessian.rows(), hessian.cols());  // d unknowns / d eta
    for (Index column = 0; column < hessian.cols(); ++column) {
        const std::vector<Matrix> eta = matrices(Vector::Unit(hessian.cols(), column));
        std::vector<Matrix> changes;
        for (std::size_t k = 0; k < eta.size(); ++k) {
            const Matrix& B = point.B[k];
            changes.emplace_back(B * eta[k]);
            if (k > 0) changes[k] -= repeat_times(eta[k - 1], B);
            changes[k].diagonal().array() /= B.diagonal().array();
        }
        jacobian.col(column) = lower_triangles(changes);
    }
    const Matrix root = factor.matrixL().solve(jacobian.transpose());
    return root.transpose() * root;
}

Vector NaturalAction::curvature_scale() const {
    Vector scale(coordinates_.size());
    for (const WhitenedCoordinates::Level& level : coordinates_.levels())
        WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
            scale(index) = (i == j ? 4 : 2) * level.width / largest_width_;
        });
    return scale;
}

Vector NaturalAction::move(const Vector& unknowns, const Vector& eta) const {
    const WhitenedCoordinates::Point point = coordinates_.expand(unknowns);
    const std::vector<Matrix> steps = matrices(eta);
    Vector moved(unknowns.size());
    Matrix above;
    for (std::size_t k = 0; k < steps.size(); ++k) {
        Matrix Lambda = steps[k];
        Lambda.diagonal() = steps[k].diagonal().array().exp();
        Matrix B = point.B[k] * Lambda;
        if (k > 0)
            for (Index start = 0; start < B.rows(); start += above.rows()) {
                auto rows = B.middleRows(start, above.rows());
                above.triangularView<Eigen::Lower>().solveInPlace(rows);
            }
        // Logarithms add up, so that no diagonal is lost to overflow on the way.
        WhitenedCoordinates::for_each_unknown(coordinates_.levels()[k], [&](Index i, Index j, Index index) {
            if (i != j)
                moved(index) = B(i, j);
            else
                moved(index) = unknowns(index) + eta(index) -
                               (k > 0 ? steps[k - 1](i % above.rows(), i % above.rows()) : 0);
        });
        above = std::move(Lambda);
    }
    return moved;
}

}  // namespace attnpaths
