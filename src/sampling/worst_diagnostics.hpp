#pragma once

#include "sampling/diagnostics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

/// The less of two, where NaN, which a constant quantity gives, must not hide behind a comparison.
inline double least_or_nan(double a, double b) {
    return std::isnan(a) || std::isnan(b) ? std::numeric_limits<double>::quiet_NaN() : std::min(a, b);
}

/// The worst that the diagnostics of several quantities say; NaN as soon as one of them is.
struct WorstDiagnostics {
    double rhat = 0;
    double ess = std::numeric_limits<double>::infinity();  ///< bulk
    double tail_ess = std::numeric_limits<double>::infinity();

    void add(const Diagnostics& one) {
        rhat = -least_or_nan(-rhat, -one.rhat);
        ess = least_or_nan(ess, one.bulk_ess);
        tail_ess = least_or_nan(tail_ess, one.tail_ess);
    }
};

}  // namespace attnpaths
