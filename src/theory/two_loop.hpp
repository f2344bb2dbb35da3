#pragma once

#include "theory/problem.hpp"
#include "theory/saddle_point.hpp"

#include <functional>

namespace attnpaths {

/// What Laplace's approximation of an integral of exp(-Phi) lacks in the next order of 1/N (theory section
/// 12), to be added to its logarithm: with S/2 the part of Phi that is expanded, at its saddle point and in
/// directions in which its Hessian is 1, and m the slope of the rest,
///     -1/8 S_aabb/2 + 1/8 (S_aac/2)(S_bbc/2) + 1/12 (S_abc/2)^2 + 1/2 m_a m_a + 1/2 m_a S_abb/2.
struct TwoLoopCorrections {
    double posterior;  ///< of data and prior
    double prior;      ///< of the prior alone: sum over diagonal unknowns of (1/6 + i^2/4 + i/2) / N_k
};
/// Derivatives are differences of fourth order of four Hessians for each unknown.
/// @param data_term  that the saddle point was solved with
/// @param poll   called between Hessians; may throw
/// @throws NumericalError if the Hessian at the saddle point is not positive definite
TwoLoopCorrections two_loop_corrections(
    const Architecture& architecture, DataTerm& data_term, const SaddlePoint& saddle,
    const std::function<void()>& poll = [] {});

/// log_evidence_ratio() of a problem with both integrals to two loops. Independent of the order of the heads.
/// @throws NumericalError if the Hessian is not positive definite
double log_evidence_two_loop(
    const Problem& problem, DataTerm& data_term, const SaddlePoint& saddle,
    const std::function<void()>& poll = [] {});

/// Hessians that this takes.
double two_loop_hessians(const Architecture& architecture);

}  // namespace attnpaths
