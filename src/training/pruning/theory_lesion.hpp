#pragma once

#include "network/lesion.hpp"
#include "theory/problem.hpp"

#include <memory>
#include <vector>

namespace attnpaths {

/// A grid point whose predictor is to be lesioned.
struct SolvedPoint {
    std::vector<Index> heads;
    Index examples = 0;         ///< P
    double temperature = 0;     ///< T
    double input_variance = 1;  ///< sigma_0^2
    Matrix U;                   ///< U_1 at the saddle point, [n D, n D]
};

/// The theory's own lesion: rows and columns of U_1 through the heads taken out are silenced, in the kernel
/// of the training examples as in that between training and test examples. U is not solved anew.
class TheoryLesion {
  public:
    /// @param dataset  of the point
    /// @throws UsageError if it has fewer examples than the point
    TheoryLesion(std::shared_ptr<const Dataset> dataset, SolvedPoint point);

    /// Predictor means of every test set, [examples, D] each.
    /// @throws NumericalError if K + T I is not positive definite
    [[nodiscard]] std::vector<Matrix> predict(const Lesion& lesion);

    /// The point's examples through all heads.
    [[nodiscard]] TrainingKernels& training() { return training_; }

  private:
    SolvedPoint point_;
    TrainingKernels training_;
};

}  // namespace attnpaths
