#pragma once

#include "analyses/order_parameter_samples/point_draws.hpp"
#include "sampling/averaged_prediction.hpp"
#include "sampling/controlled_mean.hpp"

#include <functional>
#include <vector>

namespace attnpaths {

/// Mean of the lower triangle of U_1 over all draws.
/// @param weights  of the draws, those of IndependentEnsemble::log_weights()
ControlledMean::Estimate mean_of_order_parameter(const PointDraws& point, const Vector& weights,
                                                 const Controls& controls, const std::function<void()>& poll);

/// Over how many draws predictors are averaged.
struct PredictorDraws {
    int means;
    int variances;  ///< these cost far more, and differ less between draws
};

/// Predictors averaged over some draws: antithetic pairs, which stand for all draws with equal weights; some
/// of each block of them for variances.
std::vector<AveragedPrediction> predictions_of_some(const PointDraws& point, const Vector& weights,
                                                    const PredictorDraws& wanted,
                                                    const std::function<void()>& poll);

/// The same with means over all draws, which controls bring below the errors of theory, and variances of the
/// draws' predictors as above.
std::vector<AveragedPrediction> predictions_of_all(const PointDraws& point, const Vector& weights,
                                                   const Controls& controls, const PredictorDraws& wanted,
                                                   const std::function<void()>& poll);

}  // namespace attnpaths
