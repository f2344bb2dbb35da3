#include "theory/point_kernels.hpp"

namespace attnpaths {

namespace {

Index pairs_of(Index paths) {
    return paths * (paths + 1) / 2;
}

/// Calls function(left, right, pair) for all pairs of paths, column by column of the lower triangle.
template <class Function>
void for_each_pair(Index paths, const Function& function) {
    Index pair = 0;
    for (Index left = 0; left < paths; ++left)
        for (Index right = left; right < paths; ++right) function(left, right, pair++);
}

/// Lower triangles, one a column.
Matrix packed(std::span<const Matrix> U) {
    Matrix elements(pairs_of(U.front().rows()), static_cast<Index>(U.size()));
    for (std::size_t i = 0; i < U.size(); ++i)
        for_each_pair(U[i].rows(), [&](Index left, Index right, Index pair) {
            elements(pair, static_cast<Index>(i)) = U[i](right, left);
        });
    return elements;
}

}  // namespace

PointKernels::PointKernels(const PathKernels& training, const Matrix& features)
    : examples_(training.examples()),
      cross_(examples_ * features.rows(), pairs_of(training.paths())),
      own_(features.rows(), pairs_of(training.paths())) {
    const Index width = training.input_width();
    const auto of_path = [&](const Matrix& all, Index path) { return all.middleCols(path * width, width); };
    for_each_pair(training.paths(), [&](Index left, Index right, Index pair) {
        auto kernel = cross_.col(pair).reshaped(examples_, features.rows());
        kernel.noalias() =
            training.prefactor() * of_path(training.features(), left) * of_path(features, right).transpose();
        own_.col(pair) = training.prefactor() *
                         of_path(features, left).cwiseProduct(of_path(features, right)).rowwise().sum();
        if (left == right) return;
        // U has both orders of a pair.
        kernel.noalias() +=
            training.prefactor() * of_path(training.features(), right) * of_path(features, left).transpose();
        own_.col(pair) *= 2;
    });
}

double PointKernels::bytes(Index points, Index examples, Index paths) {
    return sizeof(double) * static_cast<double>(points) * static_cast<double>(examples + 1) *
           static_cast<double>(pairs_of(paths));
}

Matrix PointKernels::cross(std::span<const Matrix> U) const {
    return cross_ * packed(U);
}

Matrix PointKernels::own(std::span<const Matrix> U) const {
    return own_ * packed(U);
}

}  // namespace attnpaths
