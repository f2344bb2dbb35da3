#pragma once

#include "network/architecture.hpp"

#include <vector>

namespace attnpaths {

/// All weights of a network that are drawn from the prior or the posterior (theory section 2).
struct NetworkWeights {
    Matrix V0;  ///< [N_1, N0]
    std::vector<std::vector<Matrix>>
        V;     ///< V[l][h] of layer l + 1, [N_{l+2}, N_{l+1}]; the last has N_a rows
    Matrix a;  ///< [N_a, D]
};

/// Effective weights above every layer (theory section 4): element l is w^{(l+1)} [N_{l+1}, n_{l+1}], columns
/// (h_{l+1}, ..., h_L, output), the head of the lowest layer slowest and the output fastest. The front is
/// w^{(1)}, one column per path and output.
std::vector<Matrix> effective_path_weights(const NetworkWeights& weights);

/// U_1 = w^{(1)'} w^{(1)} / N_1 [n D, n D], columns of w^{(1)} being (path, output).
Matrix path_order_parameter(const NetworkWeights& weights);

/// The network as a linear map on path features, f(x) = features * M:
/// M [N0 n, D], rows path by path, M_pi = V0' w^{(1)}_pi / sqrt(N_1 N0 n).
Matrix input_weights(const NetworkWeights& weights);

/// f [points, D], without noise.
/// @param features  xi [points, N0 n], path by path
Matrix network_output(const Matrix& features, const NetworkWeights& weights);

}  // namespace attnpaths
