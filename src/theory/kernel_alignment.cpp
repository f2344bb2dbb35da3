#include "theory/kernel_alignment.hpp"

#include "theory/lapack.hpp"

#include <algorithm>
#include <cmath>

namespace attnpaths {

KernelAlignment kernel_alignment(Matrix& kernel, const Vector& targets, Index count, Index examples,
                                 double power) {
    count = std::min(count, kernel.rows());
    const Vector ascending = lapack::symmetric_eigenvalues(kernel, true);
    KernelAlignment alignment;
    alignment.eigenvalues = ascending.tail(count).reverse();
    const Vector projections = (kernel.rightCols(count).transpose() * targets).reverse();
    alignment.overlaps = projections.cwiseAbs() / std::sqrt(static_cast<double>(examples));
    alignment.cumulative_power.resize(count);
    double sum = 0;
    for (Index k = 0; k < count; ++k) {
        sum += projections(k) * projections(k) / power;
        alignment.cumulative_power(k) = sum;
    }
    return alignment;
}

}  // namespace attnpaths
