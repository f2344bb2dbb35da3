#pragma once

#include "base/record.hpp"
#include "network/architecture.hpp"

namespace attnpaths {

/// A matrix as a record holds it: [rows, cols], row-major.
ValueArray array_of(const Matrix& matrix);
/// A vector as a record holds it: [size].
ValueArray array_of(const Vector& vector);

/// Adds a matrix to an array of matrices of one size, whose shape is that of the array before the first.
void append(ValueArray& array, const Matrix& matrix);

/// An array of a record as a vector of this size.
/// @throws DataError if it is not there or of another size
Vector vector_of(const Record& record, const std::string& column, Index size);

/// A real number of a record.
/// @throws DataError if it is not there
double number_of(const Record& record, const std::string& column);

/// A text of a record.
/// @throws DataError if it is not there
const std::string& required_text(const Record& record, const std::string& column);

}  // namespace attnpaths
