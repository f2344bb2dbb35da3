#include "theory/target_alignment.hpp"

namespace attnpaths {

namespace {

double alignment_of(const Matrix& kernel, const Matrix& y) {
    return (y.transpose() * kernel * y).trace() / (kernel.norm() * (y.transpose() * y).norm());
}

}  // namespace

TargetAlignment target_alignment(const Matrix& kernel, const Matrix& y) {
    const Matrix rows_centred = kernel.rowwise() - kernel.colwise().mean();
    const Matrix centred = rows_centred.colwise() - rows_centred.rowwise().mean();
    return {alignment_of(kernel, y), alignment_of(centred, y.rowwise() - y.colwise().mean())};
}

Matrix kernel_over_outputs(const Matrix& features, const Matrix& U, Index paths, double prefactor) {
    const Index outputs = U.rows() / paths;
    Matrix traced = Matrix::Zero(paths, paths);
    for (Index p = 0; p < paths; ++p)
        for (Index q = 0; q < paths; ++q)
            for (Index d = 0; d < outputs; ++d) traced(p, q) += U(p * outputs + d, q * outputs + d);
    Matrix kernel;
    PathKernels(features, paths, 1, prefactor, KernelStorage::features).assemble(traced, kernel);
    return kernel.selfadjointView<Eigen::Lower>();
}

}  // namespace attnpaths
