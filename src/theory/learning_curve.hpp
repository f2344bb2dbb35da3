#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Expected error on new points, from the training set alone (theory section 13).
struct ErrorEstimate {
    double bias = 0;      ///< of |y - predictor mean|^2, summed over outputs
    double variance = 0;  ///< of the predictor (of f, without T), summed over outputs
};

/// Leave-one-out: the exact error at each training point of the predictor that was not given it (P - 1
/// examples), averaged. Nothing is assumed of the data.
/// @param inverse      A = (K + T I)^{-1} [P D, P D], rows (output, example), example fastest
/// @param weights      A y [P D]
/// @param outputs      D
/// @throws NumericalError if an example's block of A is not positive definite
ErrorEstimate leave_one_out(const Matrix& inverse, const Vector& weights, Index outputs, double temperature);

/// Learning curve of a fixed kernel by the pool formula: solving the Gram matrix of M examples with a larger
/// ridge lambda has the effective ridge of P <= M examples,
///     (lambda - T) t1 = M - P,   t1 = sum_i 1/(s_i + lambda),   t2 = sum_i 1/(s_i + lambda)^2,
///     bias = (sum_i c_i/(s_i + lambda)^2 / t2) / (1 - gamma),   gamma = (M - t1^2/t2)/P,   variance = P/t1 -
///     T.
/// P = M is generalised cross-validation. With D outputs rows of the kernel count as examples, and both
/// errors are sums over outputs.
class LearningCurve {
  public:
    struct Point {
        double examples;  ///< P
        double ridge;     ///< lambda
        double bias;
        double variance;
        double gamma;  ///< share of the error that fluctuates with the training set
    };

    /// @param eigenvalues  s_i of the kernel of the pool, without temperature
    /// @param powers       c_i = (v_i . y)^2, one each
    /// @param null_rows    rows of the kernel beyond these, whose eigenvalues are zero
    /// @param null_power   |y|^2 of those
    /// @param outputs      D
    LearningCurve(Vector eigenvalues, Vector powers, Index null_rows, double null_power, Index outputs,
                  double temperature);

    /// M.
    [[nodiscard]] double pool() const;
    /// @param examples  P, between 0 (excluded) and M
    [[nodiscard]] Point at(double examples) const;

  private:
    Vector eigenvalues_;
    Vector powers_;
    double null_rows_;
    double null_power_;
    double outputs_;
    double temperature_;
};

}  // namespace attnpaths
