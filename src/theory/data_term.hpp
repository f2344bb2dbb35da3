#pragma once

#include "network/path_kernels.hpp"
#include "theory/relative_data_term.hpp"
#include "theory/training_set.hpp"
#include "theory/whitened_data_term.hpp"

#include <optional>
#include <span>
#include <vector>

namespace attnpaths {

/// Data term E(U_1) = log det(K + T I) + y'(K + T I)^{-1} y of the training data with K = K(U_1) (theory
/// section 4), minus twice the log marginal likelihood of the labels up to a constant.
class DataTerm {
  public:
    /// @param kernels      training kernels; must outlive this object
    /// @param y            targets [P, D]
    /// @param temperature  T > 0
    DataTerm(const PathKernels& kernels, const Matrix& y, double temperature);
    /// Of examples that may be reduced to the span of their features.
    /// @param kernels  of the set's features; must outlive this object
    DataTerm(const PathKernels& kernels, const TrainingSet& set, double temperature);

    /// @param U         U_1, symmetric positive definite [n D, n D]
    /// @param gradient  receives dE/dU_ij = tr(G C_ij), each entry on its own, symmetric [n D, n D],
    ///                  with G = (K+TI)^{-1} - (K+TI)^{-1} y y' (K+TI)^{-1}
    /// @returns E, dimensionless; +infinity (gradient untouched) where K + T I is not numerically positive
    /// definite
    double value_and_gradient(const Matrix& U, Matrix& gradient);
    /// The same without constant(), which may be so large that differences of E drown in it.
    double varying_value_and_gradient(const Matrix& U, Matrix& gradient);
    /// The same at U_1 = A A' of a factor that is at hand: half the work where kernels are not in memory and
    /// there is one output.
    /// @param A  lower triangular [n D, n D]
    double varying_value_and_gradient_of_factor(const Matrix& A, Matrix& gradient);
    /// The same of several U_1, kernels in memory being read once for many of them; the bits of each do not
    /// depend on the others.
    /// @param gradients  receives them, as many as there are U; those of infinite values are left untouched
    Vector varying_values_and_gradients(std::span<const Matrix> U, std::span<Matrix> gradients);
    /// What examples outside the span of the features contribute to E, whatever U.
    [[nodiscard]] double constant() const { return constant_; }

    /// Bound on the error of each dE/dU_ij as computed of a factor, [n D, n D]; cheap where A is the last one
    /// evaluated.
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] Matrix gradient_bound(const Matrix& A);

    /// E without constant() of many U_1, kernels being read once for a block of them; +infinity as above.
    [[nodiscard]] Vector varying_values(std::span<const Matrix> U) const;

    /// Second derivative of E as a quadratic form on symmetric changes of U_1 (data_term_hessian).
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] Matrix hessian(const Matrix& U);

    /// Change of the gradient in U_1 = A A' to first order when A changes by `change`, the second derivative
    /// never being formed.
    /// @param change  lower triangular [n D, n D]
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] Matrix hessian_times(const Matrix& A, const Matrix& change);

    /// The same function around U_1 = A A' in units of U_1, where U_1 or K is nearly singular.
    [[nodiscard]] RelativeDataTerm relative(const Matrix& A) const;

    [[nodiscard]] const PathKernels& kernels() const { return kernels_; }
    [[nodiscard]] const FeatureAccuracy& accuracy() const { return accuracy_; }

  private:
    /// From K(U) without T in the lower triangle to G.
    /// @returns E without constant(); +infinity, and a G of zeros, where K + T I is not positive definite
    double to_gradient_of_kernel(Matrix& kernel, Vector& weights) const;
    /// Brings work_ and weights_ to this U. @throws NumericalError if K + T I is not positive definite
    void evaluate(const Matrix& U);

    const PathKernels& kernels_;
    Matrix y_;
    Vector targets_;  // [P D], output by output
    double temperature_;
    double constant_ = 0;
    FeatureAccuracy accuracy_;
    Matrix work_;                               // K + T I, then its factor, then G
    Vector weights_;                            // (K+TI)^{-1} y
    std::vector<Matrix> kernels_at_work_;       // of U that are evaluated together
    Matrix evaluated_;                          // U to which G in work_ and weights_ belong; empty: none
    std::optional<WhitenedDataTerm> whitened_;  // where it serves
};

/// Targets [P, D] as the vector [P D] of the kernel's row order (example fastest).
Vector stacked_targets(const Matrix& y);

}  // namespace attnpaths
