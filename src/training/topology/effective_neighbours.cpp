#include "training/topology/effective_neighbours.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace attnpaths {

double spectral_gap(const Matrix& W) {
    if (W.rows() == 1) return 1;
    const Eigen::EigenSolver<Matrix> solver(W, false);
    std::vector<double> sizes;
    for (const auto& eigenvalue : solver.eigenvalues()) sizes.push_back(std::abs(eigenvalue));
    std::nth_element(sizes.begin(), sizes.begin() + 1, sizes.end(), std::greater<>());
    return 1 - sizes[1];
}

double effective_neighbours(const Matrix& W, double gamma) {
    // S = sum_t gamma^t W^(t+1) (W^(t+1))', twice as many terms at every turn.
    Matrix sum = W * W.transpose();
    Matrix power = W;
    double decay = gamma;
    constexpr double negligible = 1e-17;
    while (decay > negligible) {
        sum += (decay * power * sum * power.transpose()).eval();
        power = (power * power).eval();
        decay *= decay;
    }
    return static_cast<double>(W.rows()) / ((1 - gamma) * sum.trace());
}

double decay_of(double learning_rate, double curvature) {
    const double left = 1 - learning_rate * curvature;
    return left * left < 1 ? left * left : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace attnpaths
