#include "theory/relative_energy.hpp"

#include "theory/energy_hessian.hpp"

#include <Eigen/QR>

#include <cmath>

namespace attnpaths {

RelativeEnergy::RelativeEnergy(const PathKernels& kernels, const Matrix& y, double temperature,
                               const Matrix& A)
    : prefactor_(kernels.prefactor()) {
    const Index examples = kernels.examples();
    const Index outputs = kernels.outputs();
    const Index width = kernels.input_width();
    const Index paths = kernels.paths();
    const Index size = paths * outputs;
    const Index system = examples * outputs;
    whitened_.resize(system, size * width);
    for (Index d = 0; d < outputs; ++d)
        for (Index e = 0; e < outputs; ++e) {
            const Matrix mixed = mix_paths(kernels.features(), A, paths, outputs, d, e);
            for (Index path = 0; path < paths; ++path)
                whitened_.block(d * examples, (path * outputs + e) * width, examples, width) =
                    mixed.middleCols(path * width, width);
        }
    Matrix stacked(whitened_.cols() + system, system);
    stacked.topRows(whitened_.cols()) = std::sqrt(prefactor_) * whitened_.transpose();
    stacked.bottomRows(system) = std::sqrt(temperature) * Matrix::Identity(system, system);
    const Eigen::HouseholderQR<Matrix> qr(stacked);
    const Matrix factor = qr.matrixQR().topRows(system).triangularView<Eigen::Upper>().transpose();
    factor.triangularView<Eigen::Lower>().solveInPlace(whitened_);
    v_ = y.reshaped();
    factor.triangularView<Eigen::Lower>().solveInPlace(v_);
    value_ = 2 * factor.diagonal().array().abs().log().sum() + v_.squaredNorm();

    const Eigen::Map<const Matrix> by_path(whitened_.data(), system * width, size);
    const Matrix projected = (whitened_.transpose() * v_).reshaped(width, size);
    gradient_ = prefactor_ * (by_path.transpose() * by_path - projected.transpose() * projected);
}

Matrix RelativeEnergy::hessian() const {
    return energy_hessian(whitened_, v_, prefactor_, gradient_.rows());
}

}  // namespace attnpaths
