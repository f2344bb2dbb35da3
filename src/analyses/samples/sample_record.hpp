#pragma once

#include "analyses/samples/sample.hpp"
#include "sampling/averaged_prediction.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// What was sampled of U_1, by its lower triangle.
struct SampledOrderParameter {
    const Vector& mean;
    const Vector& error;  ///< Monte Carlo standard error of the mean
    const Vector& sd;
};

/// Enters the order parameter with its errors, and how far off the theory's is.
void add_order_parameter(const SamplingProblem& problem, const SampledOrderParameter& sampled,
                         const std::string& group, Record& record);

/// Enters the averaged predictor's quality on every test set, with its errors, and how far off the theory's
/// predictor is.
/// @param predictions  whether mean and variance at every point are kept
void add_averages(bool predictions, const SamplingProblem& problem,
                  const std::vector<AveragedPrediction>& averages, const std::string& group, Record& record);

}  // namespace attnpaths
