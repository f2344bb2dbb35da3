#pragma once

#include "theory/training_set.hpp"

namespace attnpaths {

/// Evidence of a Gaussian process with kernel c K_1 + T I, at the temperature T and variance c that suit the
/// data best (theory section 12). The reduction of K_1 to a tridiagonal matrix takes R^3 operations; every
/// ratio T/c after it takes R, and the best c follows from the ratio.
class KernelEvidence {
  public:
    /// Where the evidence is greatest.
    struct Best {
        double log_evidence;  ///< log p(y) of all targets, constants included
        double temperature;   ///< T
        double variance;      ///< c
    };

    /// @param kernel  K_1 of the set's rows, lower triangle [R, R]
    /// @param set     targets, and what of them is outside the span of the features
    KernelEvidence(Matrix kernel, const TrainingSet& set);

    /// log p(y) at a ratio T/c > 0, and the best variance there.
    /// @throws NumericalError if K_1 + T/c I is not positive definite
    [[nodiscard]] Best at(double ratio) const;

    /// The greatest of all ratios from 1e-9 to 1e9 times the mean eigenvalue of K_1.
    /// @throws NumericalError if K_1 has no positive trace, or the evidence grows without limit
    [[nodiscard]] Best best() const;

  private:
    Vector diagonal_;
    Vector beside_;
    Matrix targets_;  // rotated [R, D]
    double examples_;
    double residual_;
};

}  // namespace attnpaths
