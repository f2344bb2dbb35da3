#pragma once

#include "python/exact_draws.hpp"
#include "python/stated_problem.hpp"
#include "theory/next_order.hpp"
#include "theory/saddle_point.hpp"

#include <functional>
#include <utility>

namespace attnpaths::python {

/// Called between steps of long work; may throw to give it up.
using Poll = std::function<void()>;

/// The expansion about a problem's saddle point.
class Expansion {
  public:
    Expansion(const Problem& problem, NextOrder next)
        : architecture_(problem.architecture()),
          input_width_(problem.dataset().input_width),
          next_(std::move(next)) {}

    [[nodiscard]] const Architecture& architecture() const { return architecture_; }
    [[nodiscard]] Index input_width() const { return input_width_; }
    [[nodiscard]] const NextOrder& next() const { return next_; }
    [[nodiscard]] Prediction predict(const Matrix& features) const { return next_.predict(features); }

  private:
    Architecture architecture_;
    Index input_width_;
    NextOrder next_;
};

/// The order parameters of a problem at its saddle point, and what follows from them.
class Solution {
  public:
    /// @throws as stated_problem and solve_saddle_point
    Solution(Statement statement, double tolerance, const Poll& poll);

    [[nodiscard]] const SaddlePoint& saddle() const { return saddle_; }
    [[nodiscard]] const Architecture& architecture() const { return problem_.architecture(); }
    [[nodiscard]] Index input_width() const { return problem_.dataset().input_width; }
    [[nodiscard]] Prediction predict(const Matrix& features) const;
    /// The predictor of the same network with another order parameter [n D, n D].
    /// @throws UsageError if it is of another size; NumericalError where K + T I is not positive definite
    [[nodiscard]] Prediction predict(const Matrix& features, const Matrix& U) const;
    /// @throws as ExactDraws
    [[nodiscard]] ExactDraws sample(const DrawRequest& request, const Poll& poll) const;
    /// @throws UsageError where a width is below its number of paths; NumericalError
    [[nodiscard]] Expansion next_order(const Poll& poll) const;
    [[nodiscard]] double log_evidence(bool two_loop, const Poll& poll) const;

  private:
    void require_expansion() const;

    Problem problem_;
    SaddlePoint saddle_;
};

/// The same network at infinite width.
class WideNetwork {
  public:
    explicit WideNetwork(Statement statement);

    [[nodiscard]] const Architecture& architecture() const { return problem_.architecture(); }
    [[nodiscard]] Index input_width() const { return problem_.dataset().input_width; }
    [[nodiscard]] Prediction predict(const Matrix& features) const;
    /// Of its kernel c K_1, descending [R]; each stands for one eigenvalue of every output.
    [[nodiscard]] const Vector& eigenvalues() const { return eigenvalues_; }
    /// |V'y|^2 / |y|^2 of each, summed over outputs [R]: no choice of eigenvectors among equal outputs alters
    /// it.
    [[nodiscard]] const Vector& target_powers() const { return powers_; }
    [[nodiscard]] double log_evidence() const { return log_evidence_; }

  private:
    Problem problem_;
    Vector eigenvalues_;
    Vector powers_;
    double log_evidence_ = 0;
};

}  // namespace attnpaths::python
