#include "sampling/lower_triangle.hpp"

#include <cmath>

namespace attnpaths {

Vector lower_triangle(const Matrix& matrix) {
    const Index size = matrix.rows();
    Vector elements(size * (size + 1) / 2);
    Index next = 0;
    for (Index j = 0; j < size; ++j)
        for (Index i = j; i < size; ++i) elements(next++) = matrix(i, j);
    return elements;
}

Matrix from_lower_triangle(const Vector& elements) {
    const auto size = static_cast<Index>((std::sqrt(8.0 * static_cast<double>(elements.size()) + 1) - 1) / 2);
    Matrix matrix(size, size);
    Index next = 0;
    for (Index j = 0; j < size; ++j)
        for (Index i = j; i < size; ++i) matrix(i, j) = matrix(j, i) = elements(next++);
    return matrix;
}

}  // namespace attnpaths
