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

/// How many draws there are.
struct DrawBlocks {
    Index blocks;          ///< independent of each other
    Index draws;           ///< of a block
    Index variance_draws;  ///< the first of a block, over which the variances of the draws' predictors are
                           ///< averaged: these cost far more than their means, and differ less between draws
};

/// Predictor on every test set, averaged over draws of U_1.
/// @param draw  draw of a block, from 0 on; asked for once each, in order
/// @param poll  called often; may throw
std::vector<AveragedPrediction> average_predictions(
    const Problem& problem, const DrawBlocks& count,
    const std::function<DrawOfBlock(Index block, Index draw)>& draw, const std::function<void()>& poll);

/// What averages are made for.
struct PredictionSize {
    double points;  ///< in all test sets
    double system;  ///< rows of the training kernel
    Index paths;
    Index outputs;
    double input_width;
};

/// Operations of means over some draws, with variances over others, and bytes at work.
double prediction_operations(const PredictionSize& size, double draws, double variance_draws);
double prediction_bytes(const PredictionSize& size);

}  // namespace attnpaths
