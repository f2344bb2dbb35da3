#pragma once

#include "base/record.hpp"
#include "theory/predictor.hpp"

namespace attnpaths {

/// A matrix as a record holds it: [rows, cols], row-major.
ValueArray array_of(const Matrix& matrix);
/// A vector as a record holds it: [size].
ValueArray array_of(const Vector& vector);

/// Adds a matrix to an array of matrices of one size, whose shape is that of the array before the first.
void append(ValueArray& array, const Matrix& matrix);

/// Sets GROUP/accuracy, mse, bias and variance, each with the test set's suffix ("" or "-NAME").
void add_quality(Record& record, const std::string& group, const std::string& suffix,
                 const PredictionQuality& quality);

}  // namespace attnpaths
