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

/// The smallest eigenvalue of a symmetric matrix by Davidson's method, from a start that is always the same:
/// the best vector of a space that grows by the preconditioned residual of the best one before. Without
/// preconditioner (the identity) this is Lanczos' iteration with full reorthogonalisation.
/// @param times         A x
/// @param precondition  an estimate of A^{-1} x, of a symmetric positive definite matrix
/// @param size          rows of A
/// @param precision     ends where the residual is below this part of the value, and the value has not fallen
///                      by more in the last few products
RitzValue smallest_eigenvalue(const std::function<Vector(const Vector& x)>& times,
                              const std::function<Vector(const Vector& x)>& precondition, Index size,
                              double precision, int max_products);

}  // namespace attnpaths
