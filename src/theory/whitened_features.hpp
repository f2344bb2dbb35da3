#pragma once

#include "network/path_kernels.hpp"

namespace attnpaths {

/// Path features of the training set as seen through K + T I = L L' at one U_1. With q = n D path-output
/// pairs, rows (output, example) and columns (path-output, feature), feature fastest.
struct WhitenedFeatures {
    Matrix factor;          ///< L in the lower triangle [P D, P D]
    Matrix Z;               ///< L^{-1} X, X = xi placed at its output [P D, q N0]
    Vector v;               ///< L^{-1} y [P D]
    Vector u;               ///< Z' v = X' (K + T I)^{-1} y [q N0]
    Index input_width = 0;  ///< N0
    double prefactor = 0;   ///< c of C = c xi xi'

    /// @param y targets [P, D]
    /// @throws NumericalError if K + T I is not positive definite
    WhitenedFeatures(const PathKernels& kernels, const Matrix& y, double temperature, const Matrix& U);
};

}  // namespace attnpaths
