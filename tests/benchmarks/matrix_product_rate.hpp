#pragma once

#include "benchmarks/seconds_of.hpp"
#include "network/architecture.hpp"
#include "theory/random_problem.hpp"

#include <algorithm>

namespace attnpaths::testing {

/// Flops per second of a 1000 x 1000 matrix product on this machine, now: the peak that shares refer to.
inline double matrix_product_rate() {
    static const double rate = [] {
        constexpr Index n = 1000;
        const Matrix a = normal_matrix(n, n, 1);
        const Matrix b = normal_matrix(n, n, 2);
        Matrix c(n, n);
        double best = 1e9;
        for (int i = 0; i < 7; ++i) {
            best = std::min(best, seconds_of([&] { c.noalias() = a * b; }));
        }
        return 2.0 * n * n * n / best;
    }();
    return rate;
}

}  // namespace attnpaths::testing
