#include "theory/kernel_alignment.hpp"

#include "theory/lapack.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace attnpaths {

KernelAlignment kernel_alignment(Vector eigenvalues, const Vector& projections, Index examples,
                                 double power) {
    KernelAlignment alignment;
    alignment.overlaps = projections.cwiseAbs() / std::sqrt(static_cast<double>(examples));
    alignment.cumulative_power.resize(projections.size());
    double sum = 0;
    for (Index k = 0; k < projections.size(); ++k) {
        sum += projections(k) * projections(k) / power;
        alignment.cumulative_power(k) = sum;
    }
    alignment.eigenvalues = std::move(eigenvalues);
    return alignment;
}

KernelAlignment kernel_alignment(Matrix kernel, const Vector& targets, Index count, Index examples,
                                 double power) {
    count = std::min(count, kernel.rows());
    lapack::Eigenpairs pairs = lapack::leading_eigenpairs(std::move(kernel), count);
    return kernel_alignment(std::move(pairs.values), pairs.vectors.transpose() * targets, examples, power);
}

KernelAlignment kernel_alignment(const GaussianProcess& process, double variance, Index count, Index examples,
                                 double power) {
    const Index outputs = process.targets().cols();
    count = std::min(count, process.targets().size());
    Vector eigenvalues(count);
    Vector projections(count);
    const Vector powers = process.targets().rowwise().squaredNorm() / static_cast<double>(outputs);
    for (Index k = 0; k < count; ++k) {
        eigenvalues(k) = variance * process.eigenvalues()(k / outputs);
        projections(k) = std::sqrt(powers(k / outputs));
    }
    return kernel_alignment(std::move(eigenvalues), projections, examples, power);
}

}  // namespace attnpaths
