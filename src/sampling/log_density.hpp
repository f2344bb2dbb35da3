#pragma once

#include "network/architecture.hpp"

#include <functional>

namespace attnpaths {

/// Logarithm of a density (up to a constant) on all real vectors, with its gradient.
struct LogDensity {
    Index dimension = 0;
    /// -infinity (gradient untouched) where the density cannot be evaluated.
    std::function<double(const Vector& x, Vector& gradient)> value_and_gradient;
};

}  // namespace attnpaths
