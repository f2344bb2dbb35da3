#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

/// Lower triangle of a symmetric matrix, column by column.
Vector lower_triangle(const Matrix& matrix);

/// Inverse of lower_triangle.
Matrix from_lower_triangle(const Vector& elements);

}  // namespace attnpaths
