#pragma once

#include "theory/data_term.hpp"
#include "theory/training_kernels.hpp"

#include <memory>
#include <utility>

namespace attnpaths {

/// What the mathematics of a grid point depends on: data, heads and P in `training`, widths and prior
/// variances in `architecture`, and T. Analyses ask it for what they need, and what one has asked for the
/// others find made.
class Problem {
  public:
    Problem(Architecture architecture, double temperature, std::shared_ptr<TrainingKernels> training)
        : architecture_(std::move(architecture)), temperature_(temperature), training_(std::move(training)) {}

    [[nodiscard]] const Architecture& architecture() const { return architecture_; }
    /// T.
    [[nodiscard]] double temperature() const { return temperature_; }
    [[nodiscard]] const Dataset& dataset() const { return training_->data().dataset(); }
    [[nodiscard]] TrainingKernels& training() const { return *training_; }
    /// The same, to be kept.
    [[nodiscard]] const std::shared_ptr<TrainingKernels>& shared_training() const { return training_; }
    [[nodiscard]] const PathKernels& kernels() const { return training_->path_kernels(); }
    /// Targets in the basis of the kernels, [R, D].
    [[nodiscard]] const Matrix& y() const { return training_->training_set().y; }
    [[nodiscard]] const std::vector<Matrix>& test_features() const { return training_->data().tests(); }
    /// DataTerm of the training data; refers to the kernels.
    [[nodiscard]] DataTerm data_term() const;
    /// Second derivative of a data term of this problem at U_1 (DataTerm::hessian), kept until that at
    /// another U_1 is asked for or it is let go of: expansions about one saddle point share it.
    [[nodiscard]] const Matrix& data_term_hessian(DataTerm& data_term, const Matrix& U) const;
    void forget_hessian() const { *hessian_ = {}; }
    /// Predictor for the order parameter U_1; refers to the kernels.
    [[nodiscard]] Predictor predictor(const Matrix& U) const;
    /// The same at another temperature; data and kernels are shared.
    [[nodiscard]] Problem at(double temperature) const { return {architecture_, temperature, training_}; }
    /// The problem of the network without some heads, on its own: to be solved anew.
    /// @param lesion  leaves a head in every layer
    [[nodiscard]] Problem without(const Lesion& lesion) const;

  private:
    struct Hessian {
        Matrix U;  // empty: of none
        Matrix value;
    };

    Architecture architecture_;
    double temperature_;
    std::shared_ptr<TrainingKernels> training_;
    std::shared_ptr<Hessian> hessian_ = std::make_shared<Hessian>();
};

}  // namespace attnpaths
