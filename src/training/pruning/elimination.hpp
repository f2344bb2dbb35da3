#pragma once

#include "theory/kernel_evidence.hpp"
#include "theory/problem.hpp"

#include <vector>

namespace attnpaths {

/// Heads taken out one after the other, each time the one whose loss costs the evidence least: the infinitely
/// wide network is solved again after every removal, its temperature and variance at their best.
struct Elimination {
    /// log p(y) less that of the network without this head alone, [sum H_l]; NaN where it is the only one of
    /// its layer.
    Vector log_bayes_factors;
    std::vector<Index> order;  ///< heads by number, K of them: those that may go, but for a layer's last
    std::vector<KernelEvidence::Best> evidence;  ///< after 0, ..., K removals
};

/// @param kept  heads that stay whatever they are worth, such as those that stand for residual connections
/// @throws NumericalError as KernelEvidence does
Elimination eliminate_by_evidence(TrainingKernels& training, const std::vector<Index>& kept = {});

/// All heads in the order in which they go, those that stay behind them.
std::vector<Index> whole_order(const Elimination& elimination, const std::vector<Index>& heads);

}  // namespace attnpaths
