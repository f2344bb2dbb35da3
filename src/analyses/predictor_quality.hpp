#pragma once

#include "base/column.hpp"
#include "base/record.hpp"
#include "base/settings.hpp"
#include "theory/problem.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// Quantities that every predictor has, for its group of columns.
/// @param of  "the predictor at the saddle point"
std::vector<Column> quality_columns(const std::string& group, const std::string& of);

/// Mean and variance at every test point, of "a predictor".
std::vector<Column> prediction_columns(const std::string& mean, const std::string& variance,
                                       const std::string& of);

/// Output option: whether predictions are stored.
const SettingKey& predictions_setting();

/// Sets GROUP/accuracy, determination, mse, bias and variance, each with the test set's suffix ("" or
/// "-NAME").
void add_quality(Record& record, const std::string& group, const std::string& suffix,
                 const PredictionQuality& quality);

/// Quality of a predictor on all test sets and the training set.
void add_qualities(Record& record, const std::string& group, const Predictions& predictions,
                   const Problem& problem);

/// Stores predictions on all test sets in columns MEAN and VARIANCE.
void add_predictions(Record& record, const Problem& problem, const std::vector<Prediction>& predictions,
                     const std::string& mean, const std::string& variance);

}  // namespace attnpaths
