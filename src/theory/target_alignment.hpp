#pragma once

#include "network/path_kernels.hpp"

namespace attnpaths {

/// Kernel-target alignment <K, YY'> / (|K| |YY'|) in Frobenius norms (Cristianini et al. 2001), and the same
/// of K and Y centred over the examples (Cortes, Mohri, Rostamizadeh 2012): 1 where the kernel is the labels'
/// own.
struct TargetAlignment {
    double plain = 0;
    double centred = 0;
};

/// @param kernel  K [P, P], both triangles
/// @param y       targets Y [P, D]
TargetAlignment target_alignment(const Matrix& kernel, const Matrix& y);

/// Kernel of some points by themselves, summed over outputs: sigma_0^2/(N0 n) sum_pq (sum_d U_(pd)(qd)) xi_p
/// xi_q'.
/// @param features   xi [P, N0 n]
/// @param U          U_1 [n D, n D]
/// @param prefactor  sigma_0^2 / (N0 n)
/// @returns [P, P], both triangles
Matrix kernel_over_outputs(const Matrix& features, const Matrix& U, Index paths, double prefactor);

}  // namespace attnpaths
