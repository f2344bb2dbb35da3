#pragma once

#include "network/architecture.hpp"

#include <functional>

namespace attnpaths {

/// An eigenvalue as products with a symmetric matrix have found it.
struct RitzValue {
    double value = 0;
    /// Norm of A v - value v for the unit vector v: an eigenvalue lies within it.
    double residual = 0;
    int products = 0;
};

/// The smallest eigenvalue of a symmetric matrix by Lanczos' iteration with full reorthogonalisation, from a
/// start that is always the same.
/// @param times      A x
/// @param size       rows of A
/// @param precision  ends where the residual is below this part of the value
RitzValue smallest_eigenvalue(const std::function<Vector(const Vector& x)>& times, Index size,
                              double precision, int max_products);

}  // namespace attnpaths
