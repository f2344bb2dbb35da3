#include "theory/gradient_bound.hpp"

#include "base/rounding.hpp"
#include "theory/lapack.hpp"
#include "theory/mirror.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace attnpaths {

namespace {

/// Largest eigenvalue over the smallest; infinite where rounding has made U singular.
double condition_of(Matrix U) {
    const Vector eigenvalues = lapack::symmetric_eigenvalues(U, false);
    if (!(eigenvalues(0) > 0)) return std::numeric_limits<double>::infinity();
    return eigenvalues(eigenvalues.size() - 1) / eigenvalues(0);
}

}  // namespace

Matrix feature_row_norms(const PathKernels& kernels) {
    const Index examples = kernels.examples();
    const Index outputs = kernels.outputs();
    const Index width = kernels.input_width();
    Matrix rows = Matrix::Zero(examples * outputs, kernels.paths() * outputs);
    for (Index a = 0; a < rows.cols(); ++a)
        rows.col(a).segment(a % outputs * examples, examples) =
            kernels.features().middleCols(a / outputs * width, width).rowwise().norm();
    return rows;
}

Vector kernel_row_sizes(const PathKernels& kernels, double temperature, const Vector& root_U) {
    return (std::sqrt(kernels.prefactor()) * feature_row_norms(kernels) * root_U).array() +
           std::sqrt(temperature);
}

SolvedNorms solved_norms(const PathKernels& kernels, const Matrix& inverse, const Vector& e) {
    // |B xi_a|^2 = <B'B, C_aa> / c: norms need the products B'B and contractions.
    const auto norms = [&](const Matrix& B) -> Vector {
        Matrix square = Matrix::Zero(B.cols(), B.cols());
        square.selfadjointView<Eigen::Lower>().rankUpdate(B.transpose());
        mirror_lower(square);
        return (kernels.contract(square).diagonal() / kernels.prefactor()).cwiseMax(0).cwiseSqrt();
    };
    return {inverse.diagonal(), norms(inverse), norms(e.asDiagonal() * inverse)};
}

Matrix energy_gradient_bound(const PathKernels& kernels, const SolvedNorms& solved, const Vector& w,
                             double temperature, const Matrix& U, const FeatureAccuracy& accuracy) {
    const Index examples = kernels.examples();
    const Index outputs = kernels.outputs();
    const Index width = kernels.input_width();
    const Index size = U.rows();
    const double c = kernels.prefactor();
    const Vector inverse_diagonal = solved.inverse_diagonal.cwiseMax(0).cwiseSqrt();

    const Matrix rows = feature_row_norms(kernels);
    const Vector e = kernel_row_sizes(kernels, temperature, U.diagonal().cwiseSqrt());
    const double gamma =
        rounding_safety * unit_roundoff * std::sqrt(static_cast<double>(w.size() + kernels.summed_terms()));

    // Errors of the features: outside of their span they move xi'w by the whole of w, targets outside
    // included; within it (K + T I)^{-1} takes nearly all of that back.
    const double eta = 4 * accuracy.error;
    const double root_condition = std::sqrt(condition_of(U));
    const double all_weights = std::hypot(w.norm(), std::sqrt(accuracy.residual_squared_norm) / temperature);
    const double damping =
        std::isfinite(accuracy.inverse_norm)
            ? std::min(root_condition, temperature * solved.plain.norm() * accuracy.inverse_norm)
            : root_condition;
    Vector projected(size);  // |xi_a'w|
    for (Index d = 0; d < outputs; ++d) {
        const Vector projection = kernels.features().transpose() * w.segment(d * examples, examples);
        for (Index path = 0; path < kernels.paths(); ++path)
            projected(path * outputs + d) = projection.segment(path * width, width).norm();
    }
    // |U xi'w|, on which errors of xi act in K w.
    const double mixed = c * (U.diagonal().cwiseSqrt().dot(projected)) * std::sqrt(U.trace());

    const double weight_error = w.cwiseProduct(e).norm();
    // Of xi_a'w and of the factor of tr(C K^{-1}).
    const Vector& arithmetic = solved.weighted;
    const Vector feature_share = eta * ((damping * all_weights) + (solved.plain.array() * mixed)).matrix();
    const Vector of_projected = gamma * weight_error * arithmetic + feature_share;
    const Vector weighted_rows = (rows.array().square().matrix().transpose() * w.cwiseAbs2()).cwiseSqrt();
    const Vector inverse_rows =
        (rows.array().square().matrix().transpose() * inverse_diagonal.cwiseAbs2()).cwiseSqrt();

    Matrix bound(size, size);
    for (Index a = 0; a < size; ++a)
        for (Index b = 0; b < size; ++b)
            bound(a, b) = c * (projected(a) * of_projected(b) + of_projected(a) * projected(b) +
                               of_projected(a) * of_projected(b) +
                               gamma * (arithmetic(a) * arithmetic(b) + weighted_rows(a) * weighted_rows(b) +
                                        inverse_rows(a) * inverse_rows(b)) +
                               2 * eta * (solved.plain(a) + solved.plain(b)) * (1 + root_condition));
    return bound;
}

}  // namespace attnpaths
