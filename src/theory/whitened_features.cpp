#include "theory/whitened_features.hpp"

#include "base/error.hpp"
#include "theory/data_term.hpp"
#include "theory/lapack.hpp"

namespace attnpaths {

WhitenedFeatures::WhitenedFeatures(const PathKernels& kernels, const Matrix& y, double temperature,
                                   const Matrix& U)
    : input_width(kernels.input_width()), prefactor(kernels.prefactor()) {
    kernels.assemble(U, factor);
    factor.diagonal().array() += temperature;
    if (!lapack::cholesky(factor)) throw NumericalError("K + T I is not positive definite");
    const Index examples = kernels.examples();
    const Index outputs = kernels.outputs();
    Z = Matrix::Zero(examples * outputs, input_width * kernels.paths() * outputs);
    for (Index path = 0; path < kernels.paths(); ++path)
        for (Index d = 0; d < outputs; ++d)
            Z.block(d * examples, (path * outputs + d) * input_width, examples, input_width) =
                kernels.features().middleCols(path * input_width, input_width);
    factor.triangularView<Eigen::Lower>().solveInPlace(Z);
    v = factor.triangularView<Eigen::Lower>().solve(stacked_targets(y));
    u.noalias() = Z.transpose() * v;
}

}  // namespace attnpaths
