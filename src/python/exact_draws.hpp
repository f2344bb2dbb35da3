#pragma once

#include "sampling/independent_ensemble.hpp"
#include "theory/problem.hpp"
#include "theory/saddle_point.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace attnpaths::python {

/// Which draws are wanted.
struct DrawRequest {
    std::uint64_t seed = 0;  ///< of the random streams; a sweep takes a hash of its problem
    IndependentOptions options{};
};

/// Independent draws from the exact posterior of the order parameter U_1 (theory section 14), and what they
/// say.
class ExactDraws {
  public:
    /// @param poll  called between steps; may throw
    /// @throws UsageError naming the argument; NumericalError where a width is below its number of paths
    ExactDraws(const Problem& problem, const SaddlePoint& saddle, const DrawRequest& request,
               const std::function<void()>& poll);

    /// U_1 of the draws, one after the other [draws, nD, nD].
    [[nodiscard]] const std::vector<double>& order_parameters() const { return order_parameters_; }
    /// n D.
    [[nodiscard]] Index size() const { return mean_.rows(); }
    /// Of the draws; their sum is 1.
    [[nodiscard]] const Vector& weights() const { return weights_; }
    [[nodiscard]] const WeightSummary& summary() const { return summary_; }
    /// Mean of U_1 under the posterior, its Monte Carlo standard error and the posterior's standard deviation
    /// [nD, nD].
    [[nodiscard]] const Matrix& mean() const { return mean_; }
    [[nodiscard]] const Matrix& error() const { return error_; }
    [[nodiscard]] const Matrix& standard_deviation() const { return standard_deviation_; }
    [[nodiscard]] double log_evidence() const { return log_evidence_; }
    [[nodiscard]] double log_evidence_error() const { return log_evidence_error_; }

  private:
    std::vector<double> order_parameters_;
    Vector weights_;
    WeightSummary summary_;
    Matrix mean_;
    Matrix error_;
    Matrix standard_deviation_;
    double log_evidence_ = 0;
    double log_evidence_error_ = 0;
};

}  // namespace attnpaths::python
