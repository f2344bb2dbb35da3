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

/// How far the saddle point is from what was sampled.
struct SaddleDistance {
    double shift_over_sd = 0;  ///< max |U_1 of the saddle point - sampled mean| / its standard deviation
    double accuracy_z = 0;     ///< largest over test sets, in Monte Carlo standard errors
    double bias_z = 0;
};

/// Whether the saddle point will do: "good" where U_1 is within a tenth of its standard deviation, and
/// neither accuracy nor bias differ by more than three errors; "off" where U_1 is beyond half of it; else
/// "shifted".
std::string saddle_verdict(const SaddleDistance& distance);

/// Enters the order parameter with its errors, and how far off the theory's is.
void add_order_parameter(const SamplingProblem& problem, const SampledOrderParameter& sampled,
                         const std::string& group, Record& record, SaddleDistance& distance);

/// Enters the averaged predictor's quality on every test set, with its errors, and how far off the theory's
/// predictor is.
/// @param predictions  whether mean and variance at every point are kept
void add_averages(bool predictions, const SamplingProblem& problem,
                  const std::vector<AveragedPrediction>& averages, const std::string& group, Record& record,
                  SaddleDistance& distance);

}  // namespace attnpaths
