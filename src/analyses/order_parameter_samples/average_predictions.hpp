#pragma once

#include "sampling/averaged_prediction.hpp"
#include "theory/problem.hpp"

#include <functional>
#include <vector>

namespace attnpaths {

/// One draw of many.
struct DrawOfBlock {
    Matrix U;      ///< U_1 [nD, nD]
    double share;  ///< of its block's mean; those of a block have the sum 1
};

/// Predictor on every test set, averaged over draws of U_1 in blocks that are independent of each other.
/// @param draw  draw of a block, from 0 on; asked for once each, in order
/// @param poll  called often; may throw
std::vector<AveragedPrediction> average_predictions(
    const Problem& problem, Index blocks, Index draws_per_block,
    const std::function<DrawOfBlock(Index block, Index draw)>& draw, const std::function<void()>& poll);

/// Seconds of one draw by a count of operations, and bytes at work.
/// @param points  in all test sets
/// @param system  rows of the training kernel
double prediction_operations(double points, double system, Index paths, Index outputs, double input_width);
double prediction_bytes(double points, double system, Index paths, Index outputs);

}  // namespace attnpaths
