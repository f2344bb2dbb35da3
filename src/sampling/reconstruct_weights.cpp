#include "sampling/reconstruct_weights.hpp"

#include "base/error.hpp"
#include "sampling/haar.hpp"
#include "sampling/weight_layout.hpp"
#include "theory/data_term.hpp"
#include "theory/lapack.hpp"

#include <cmath>

namespace attnpaths {

namespace {

Matrix normal_matrix(Index rows, Index columns, double sigma, RandomStream& random) {
    Matrix matrix(rows, columns);
    for (double& element : matrix.reshaped()) element = sigma * random.normal();
    return matrix;
}

/// Replaces what V does to the directions Q (orthonormal columns) above it: Q'V becomes `wanted`.
void set_in_directions(Matrix& V, const Matrix& Q, const Matrix& wanted) {
    const Matrix change = wanted - Q.transpose() * V;
    V.noalias() += Q * change;
}

/// The readout and V^L..V^1 for given order parameters; V0 is left empty.
NetworkWeights draw_layers(const WeightLayout& layout, const WhitenedCoordinates::Point& point,
                           const std::vector<Index>& heads, RandomStream& random) {
    NetworkWeights weights;
    weights.V.resize(heads.size());
    Index width = layout.readout().rows;
    Matrix above = haar_stiefel(width, point.B.front().cols(), random);
    weights.a = std::sqrt(static_cast<double>(width)) * above * point.A.front().transpose();
    for (std::size_t l = heads.size(); l-- > 0;) {
        const WeightLayout::Block& block = layout.layer(l);
        const Matrix& B = point.B[heads.size() - l];
        width = block.columns / heads[l];
        Matrix here = haar_stiefel(width, B.cols(), random);
        const Matrix wanted = block.sigma * std::sqrt(static_cast<double>(width)) * B * here.transpose();
        for (Index head = 0; head < heads[l]; ++head) {
            Matrix V = normal_matrix(block.rows, width, block.sigma, random);
            set_in_directions(V, above, wanted.middleRows(head * above.cols(), above.cols()));
            weights.V[l].push_back(std::move(V));
        }
        above = std::move(here);
    }
    return weights;
}

/// Adds Cov(V0, f) (K + T I)^{-1} residual to V0, for the kernel K of the weights above it.
void correct_input(NetworkWeights& weights, double sigma, const PathKernels& kernels, const Matrix& residual,
                   double temperature) {
    const Matrix w = effective_path_weights(weights).front();
    const auto width = static_cast<double>(w.rows());
    Matrix system;
    kernels.assemble(w.transpose() * w / width, system);
    system.diagonal().array() += temperature;
    if (!lapack::cholesky(system))
        throw NumericalError("weights from order parameters: K + T I is not positive definite");
    Vector solution = system.triangularView<Eigen::Lower>().solve(stacked_targets(residual));
    system.transpose().triangularView<Eigen::Upper>().solveInPlace(solution);

    const Index paths = kernels.paths();
    const Index outputs = kernels.outputs();
    const Index input_width = kernels.input_width();
    const Matrix pulled_back =
        kernels.features().transpose() * solution.reshaped(kernels.examples(), outputs);  // [N0 n, D]
    Matrix by_column(input_width, paths * outputs);
    for (Index path = 0; path < paths; ++path)
        by_column.middleCols(path * outputs, outputs) =
            pulled_back.middleRows(path * input_width, input_width);
    const double scale = sigma * sigma / std::sqrt(width * static_cast<double>(input_width * paths));
    weights.V0.noalias() += scale * w * by_column.transpose();
}

}  // namespace

NetworkWeights reconstruct_weights(const Architecture& architecture, const WhitenedCoordinates::Point& point,
                                   const PathKernels& kernels, const Matrix& y, double temperature,
                                   RandomStream& random) {
    const WeightLayout layout(architecture, kernels.input_width());
    NetworkWeights weights = draw_layers(layout, point, architecture.heads, random);
    const WeightLayout::Block& input = layout.input();
    weights.V0 = normal_matrix(input.rows, input.columns, input.sigma, random);
    const Matrix noise = normal_matrix(y.rows(), y.cols(), std::sqrt(temperature), random);
    const Matrix residual = y - network_output(kernels.features(), weights) - noise;
    correct_input(weights, input.sigma, kernels, residual, temperature);
    return weights;
}

}  // namespace attnpaths
