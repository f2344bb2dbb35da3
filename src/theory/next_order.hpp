#pragma once

#include "theory/pair_covariance.hpp"
#include "theory/predictor.hpp"
#include "theory/problem.hpp"
#include "theory/saddle_point.hpp"
#include "theory/whitened_features.hpp"

#include <functional>

namespace attnpaths {

/// The theory one order of 1/N beyond the saddle point (theory section 11): mean and covariance of U_1 under
/// the posterior, with errors O(1/N^2), and the predictor averaged over it.
///
/// With theta the whitened coordinates, H the Hessian of -log p = S/2 + sum m_i theta_i at the saddle point,
/// C = H^{-1}, J = dU/dtheta and m_i the row number of a diagonal unknown (0 else):
///     shift of theta   delta = -C (m + t/2),   t_i = sum_ab C_ab d3(S/2)_abi
///     dU  = J delta + 1/2 sum_ab C_ab d2U/dtheta_a dtheta_b,   Cov(U) = J C J'.
class NextOrder {
  public:
    /// @param data_term  that the saddle point was solved with
    /// @param y       its targets [P, D]
    /// @param poll    called between steps; may throw
    /// @throws NumericalError if the Hessian at the saddle point is not positive definite
    NextOrder(
        const Architecture& architecture, DataTerm& data_term, const Matrix& y, double temperature,
        const SaddlePoint& saddle, const std::function<void()>& poll = [] {});
    /// The same of a problem, with the Hessian that it keeps.
    NextOrder(
        const Problem& problem, DataTerm& data_term, const SaddlePoint& saddle,
        const std::function<void()>& poll = [] {});

    /// U_1 + dU [nD, nD].
    [[nodiscard]] const Matrix& order_parameter() const { return order_parameter_; }
    /// dU [nD, nD].
    [[nodiscard]] const Matrix& shift() const { return shift_; }
    /// Standard deviations of the elements of U_1 [nD, nD].
    [[nodiscard]] const Matrix& standard_deviation() const { return standard_deviation_; }
    /// Covariance of the elements of U_1's lower triangle, column by column [m, m], m = nD (nD + 1) / 2.
    [[nodiscard]] Matrix covariance() const;
    /// max |dU_ij| / sd(U_ij): the expansion is not to be trusted where it passes 1/2.
    [[nodiscard]] double shift_over_sd() const;
    /// Of U_1 + dU: negative where the expansion has left the cone of possible order parameters.
    [[nodiscard]] double smallest_eigenvalue() const;
    /// log det H.
    [[nodiscard]] double log_det_hessian() const { return log_det_hessian_; }

    /// Operations and bytes of one of D R = `system` rows of the kernel, q = nD rows of U_1 and q N0
    /// features, the data term's Hessian aside; and operations of its predictor at one point.
    static double operations(double system, double size, double features);
    static double bytes(double system, double size, double features);
    static double operations_per_point(double system, double size, double features);

    /// Predictor averaged over the posterior to next order: mean of the means; mean of the variances plus
    /// variance of the means.
    /// @param features  xi of the points [points, N0 n];  @param variances_of_means  if not null, receives
    /// the second part alone [points, D]
    [[nodiscard]] Prediction predict(const Matrix& features, Matrix* variances_of_means = nullptr) const;

  private:
    /// @param data_term_hessian  at the saddle point (DataTerm::hessian)
    NextOrder(const Architecture& architecture, DataTerm& data_term, const Matrix& y, double temperature,
              const SaddlePoint& saddle, const Matrix& data_term_hessian, const std::function<void()>& poll);

    /// Of points with these residual features [q N0, points]: what the next order adds to their variance, and
    /// the part of it that is the variance of their means.
    [[nodiscard]] Vector variance_change(const Matrix& residual) const;
    [[nodiscard]] Vector variance_of_means(const Matrix& residual) const;

    Index outputs_;
    Index paths_;
    Matrix saddle_U_;
    WhitenedFeatures features_;
    Matrix order_parameter_;
    Matrix shift_;
    Matrix standard_deviation_;
    PairCovariance covariance_{Matrix()};  // of U_1
    double log_det_hessian_ = 0;
    Vector mean_change_;  // h: the mean of a point with residual feature rho changes by c rho'h
    // V: its variance changes by rho'V rho; lower triangle, for half the operations. Empty where that is less
    // work over examples.
    Matrix variance_change_;
};

}  // namespace attnpaths
