#pragma once

#include "theory/action.hpp"
#include "theory/saddle_point.hpp"

#include <Eigen/Dense>

#include <cmath>
#include <utility>
#include <vector>

namespace attnpaths::testing {

/// Unknowns in which the expansion is made: the diagonal of every B in logarithms, or as it is.
enum class Diagonal { logarithmic, plain };

/// The posterior of a network around its saddle point in either coordinates, and what the expansion makes of
/// its Hessians alone.
class ExpansionByDifferences {
  public:
    ExpansionByDifferences(const Architecture& architecture, DataTerm& data_term, const SaddlePoint& saddle,
                           Diagonal diagonal)
        : action_(architecture, data_term), is_diagonal_(Vector::Zero(action_.coordinates().size())) {
        for (const WhitenedCoordinates::Level& level : action_.coordinates().levels())
            WhitenedCoordinates::for_each_unknown(level, [&](Index i, Index j, Index index) {
                if (i == j) diagonal_rows_.emplace_back(index, static_cast<double>(i));
            });
        at_ = saddle.unknowns;
        if (diagonal == Diagonal::plain)
            for (const auto& [index, row] : diagonal_rows_) {
                is_diagonal_(index) = 1;
                at_(index) = std::exp(at_(index));
            }
        // The density of x itself has the factor d log x / dx beside that of its logarithm.
        slope_ = Vector::Zero(at_.size());
        for (const auto& [index, row] : diagonal_rows_)
            slope_(index) = diagonal == Diagonal::plain ? (row + 1) / at_(index) : row;
    }

    /// <c, dU> = c J delta + 1/2 sum_ab C_ab <c, d2U/dx_a dx_b> with delta = -C (m + 1/2 d log det H / dx),
    /// all derivatives along lines.
    /// @param c  [nD, nD]
    [[nodiscard]] double shift(const Matrix& c) {
        const Matrix C = hessian(at_).inverse();
        const Eigen::SelfAdjointEigenSolver<Matrix> modes(C);
        Vector gradient = Vector::Zero(at_.size());  // of <c, U>
        double curvature = 0;
        for (Index a = 0; a < at_.size(); ++a) {
            const Vector along = std::sqrt(modes.eigenvalues()(a)) * modes.eigenvectors().col(a);
            const double e = 1e-3 / along.norm();
            const auto value = [&](double h) { return U(at_ + h * along).cwiseProduct(c).sum(); };
            gradient += (value(e) - value(-e)) / (2 * e) / modes.eigenvalues()(a) * along;
            curvature += (value(e) - 2 * value(0) + value(-e)) / (e * e);
        }
        const Vector line = C * gradient;
        const double h = 2e-3 / line.norm();
        const auto difference = [&](double step) {
            return (log_det(at_ + step * line) - log_det(at_ - step * line)) / (2 * step);
        };
        return -line.dot(slope_) - (4 * difference(h) - difference(2 * h)) / 6 + curvature / 2;
    }

  private:
    [[nodiscard]] Vector logarithmic(const Vector& x) const {
        Vector unknowns = x;
        for (Index i = 0; i < x.size(); ++i)
            if (is_diagonal_(i) != 0) unknowns(i) = std::log(x(i));
        return unknowns;
    }
    [[nodiscard]] Matrix U(const Vector& x) const {
        return WhitenedCoordinates::path_order_parameter(action_.coordinates().expand(logarithmic(x)));
    }
    /// Of S/2.
    [[nodiscard]] Matrix hessian(const Vector& x) {
        const Vector unknowns = logarithmic(x);
        Matrix H = action_.hessian(unknowns);
        Vector gradient;
        action_.value_and_gradient(unknowns, gradient);
        for (Index i = 0; i < x.size(); ++i) {
            if (is_diagonal_(i) == 0) continue;
            H.row(i) /= x(i);
            H.col(i) /= x(i);
            H(i, i) -= gradient(i) / (x(i) * x(i));
        }
        return action_.largest_width() / 2 * H;
    }
    [[nodiscard]] double log_det(const Vector& x) {
        return 2 * Eigen::LLT<Matrix>(hessian(x)).matrixLLT().diagonal().array().log().sum();
    }

    Action action_;
    std::vector<std::pair<Index, double>> diagonal_rows_;
    Vector is_diagonal_;  // 1 for unknowns that are not in logarithms here
    Vector at_;
    Vector slope_;  // m: of -log p beyond S/2
};

}  // namespace attnpaths::testing
