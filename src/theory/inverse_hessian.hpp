#pragma once

#include "network/architecture.hpp"

#include <deque>

namespace attnpaths {

/// Symmetric positive definite estimate of the inverse of a Hessian from steps and what they change of the
/// gradient: the two-loop recursion of limited-memory BFGS (Nocedal 1980).
class InverseHessian {
  public:
    /// @param inverse_scale  positive: the inverse's diagonal before anything is learnt, up to a factor then
    /// learnt
    /// @param memory         steps remembered
    InverseHessian(Vector inverse_scale, int memory);

    /// Takes the place of the oldest step; one along which the curvature is not positive is passed over.
    /// @param change  of the gradient
    void learn(Vector step, Vector change);

    [[nodiscard]] Vector times(const Vector& x) const;

  private:
    struct Pair {
        Vector step;
        Vector change;
        double curvature;
    };

    Vector inverse_scale_;
    double relative_scale_ = 1;
    std::size_t memory_;
    std::deque<Pair> pairs_;
};

}  // namespace attnpaths
