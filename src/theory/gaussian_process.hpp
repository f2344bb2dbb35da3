#pragma once

#include "theory/predictor.hpp"

#include <memory>

namespace attnpaths {

/// The network of infinite width: U_1 = c I, so that its kernel is one block K = c K_1 for every output, K_1
/// = sigma_0^2/(N0 n) xi xi'. One eigendecomposition K_1 = V S V' gives all that is asked of it at any
/// temperature T and variance c: with s + T/c in place of a factorisation of K + T I.
class GaussianProcess {
  public:
    /// Points seen by the eigenvectors: what their predictions at all T are made of.
    struct Points {
        Matrix along;     ///< V'k_1(x) [R, points]
        Vector variance;  ///< k_1(x, x) [points]
    };

    /// @param features   xi of the training examples [R, N0 n]; shared with whoever else works from them
    /// @param y          targets [R, D]
    /// @param prefactor  sigma_0^2 / (N0 n)
    GaussianProcess(std::shared_ptr<const Matrix> features, const Matrix& y, double prefactor);

    /// S, the eigenvalues of K_1, descending [R]. K has c s D times each, one for every output.
    [[nodiscard]] const Vector& eigenvalues() const { return eigenvalues_; }
    /// V'y [R, D].
    [[nodiscard]] const Matrix& targets() const { return targets_; }

    /// @param features  xi [points, N0 n]
    [[nodiscard]] Points points(const Matrix& features) const;

    /// Mean and variance of f at these points (theory section 6).
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] Prediction predict(const Points& points, double temperature, double variance) const;
    /// What the mean at a point is linear in its features by, [N0 n, D]: mean = xi times these.
    [[nodiscard]] Matrix feature_weights(double temperature, double variance) const;
    /// The same at the training examples.
    [[nodiscard]] Prediction predict_training(double temperature, double variance) const;

    /// log det(K + T I) + y'(K + T I)^{-1} y, of the examples that the process was made of (theory section
    /// 5).
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] double data_term(double temperature, double variance) const;

    /// Bytes of one of R rows that has seen this many points in all, the features aside.
    static double bytes(double rows, double points);

  private:
    /// 1 / (s + T/c) [R].
    [[nodiscard]] Vector inverse(double temperature, double variance) const;

    std::shared_ptr<const Matrix> features_;
    double prefactor_;
    Vector eigenvalues_;
    Matrix eigenvectors_;  // V, as columns
    Matrix targets_;
};

}  // namespace attnpaths
