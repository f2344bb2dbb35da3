#pragma once

#include "theory/weight_covariance.hpp"

#include <optional>

namespace attnpaths {

/// Mean and variance of f (without the temperature) at a set of points, [points, D] each.
struct Prediction {
    Matrix mean;
    Matrix variance;
};

/// Gaussian-process predictor of the training data for one order parameter U_1 (theory section 6):
/// mean = k'(K+TI)^{-1} y, variance = k** - k'(K+TI)^{-1} k.
class Predictor {
  public:
    /// @param kernels      training kernels; must outlive this object
    /// @param y            targets [P, D]
    /// @param temperature  T
    /// @param U            U_1 [n D, n D]
    /// @throws NumericalError if K + T I is not positive definite
    Predictor(const PathKernels& kernels, const Matrix& y, double temperature, const Matrix& U);

    /// @param features xi of the points, [points, N0 n]
    [[nodiscard]] Prediction predict(const Matrix& features) const;
    /// Its mean alone [points, D], for which no kernel of the points is needed.
    [[nodiscard]] Matrix mean(const Matrix& features) const;
    /// Its variance alone at points whose kernels were made before (PointKernels) [points].
    /// @param cross  k [P D, points];  @param own  k** [points]
    [[nodiscard]] Vector variance(Matrix cross, const Vector& own) const;
    /// The same at the training points, without forming kernels again.
    [[nodiscard]] Prediction predict_training() const;

  private:
    /// predict() by kernels of the points.
    [[nodiscard]] Prediction predict_by_kernels(const Matrix& features) const;

    const PathKernels& kernels_;
    Matrix U_;
    Matrix y_;
    double temperature_;
    Matrix factor_;   // Cholesky factor of K + T I in the lower triangle
    Vector weights_;  // (K + T I)^{-1} y

    // Made when it is first asked for.
    mutable std::optional<WeightCovariance> covariance_;
};

/// How well predictions fit targets.
struct PredictionQuality {
    double accuracy;  ///< fraction with sign(mean) = y (an exact 0 is wrong); arg max for D > 1; NaN if y are
                      ///< not classes
    double bias;      ///< mean over points of |y - mean|^2
    double variance;  ///< mean over points of the predictor variance, summed over outputs
    /// Coefficient of determination R^2 = 1 - bias / mean over points of |y - mean y|^2; NaN if y are
    /// classes.
    double determination;
    double mse;  ///< bias + variance: the expected squared error of one draw of f
};

/// @param targets           y [points, D]
/// @param targets_are_classes whether an accuracy makes sense
PredictionQuality prediction_quality(const Prediction& prediction, const Matrix& targets,
                                     bool targets_are_classes);

}  // namespace attnpaths
