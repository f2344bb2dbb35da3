#pragma once

#include "theory/kernel_evidence.hpp"
#include "theory/problem.hpp"

#include <functional>
#include <vector>

namespace attnpaths {

/// Heads taken out one after the other, each time the one whose loss costs the evidence least: the infinitely
/// wide network is solved again after every removal, its temperature and variance at their best.
struct Elimination {
    Vector log_bayes_factors;  ///< log p(y) less that of the network without this head alone, [sum H_l]; NaN
                               ///< where it is the only one of its layer
    std::vector<Index> order;  ///< heads by number, K = sum (H_l - 1)
    std::vector<KernelEvidence::Best> evidence;  ///< after 0, ..., K removals
};

/// @param poll  called before every solution; may throw to give up
/// @throws NumericalError as KernelEvidence does
Elimination eliminate_by_evidence(
    TrainingKernels& training, const std::function<void()>& poll = [] {});

/// All heads in the order in which they go, those that stay behind them.
std::vector<Index> whole_order(const Elimination& elimination, const std::vector<Index>& heads);

}  // namespace attnpaths
