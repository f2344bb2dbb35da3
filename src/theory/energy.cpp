#include "theory/energy.hpp"

#include "base/error.hpp"
#include "theory/cholesky_inverse.hpp"
#include "theory/gradient_bound.hpp"
#include "theory/lapack.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace attnpaths {

Vector stacked_targets(const Matrix& y) {
    return y.reshaped();
}

Energy::Energy(const PathKernels& kernels, const Matrix& y, double temperature)
    : kernels_(kernels), y_(y), targets_(stacked_targets(y)), temperature_(temperature) {}

Energy::Energy(const PathKernels& kernels, const TrainingSet& set, double temperature)
    : Energy(kernels, set.y, temperature) {
    constant_ = set.energy_constant(temperature);
    accuracy_ = set.accuracy;
}

double Energy::value_and_gradient(const Matrix& U, Matrix& gradient) {
    return constant_ + reachable_value_and_gradient(U, gradient);
}

Matrix Energy::gradient_bound(const Matrix& U) const {
    return energy_gradient_bound(kernels_, y_, temperature_, U, accuracy_);
}

double Energy::reachable_value_and_gradient(const Matrix& U, Matrix& gradient) {
    kernels_.assemble(U, work_);
    work_.diagonal().array() += temperature_;
    if (!lapack::cholesky(work_)) return std::numeric_limits<double>::infinity();
    const double log_det = 2 * work_.diagonal().array().log().sum();
    inverse_from_cholesky(work_);
    const Vector weights = work_ * targets_;
    work_.noalias() -= weights * weights.transpose();
    gradient = kernels_.contract(work_);
    return log_det + weights.dot(targets_);
}

Vector Energy::values(std::span<const Matrix> U) const {
    Vector values(static_cast<Index>(U.size()));
    Vector whitened;
    kernels_.assemble_each(U, [&](std::size_t i, Matrix& kernel) {
        double& value = values(static_cast<Index>(i));
        value = std::numeric_limits<double>::infinity();
        kernel.diagonal().array() += temperature_;
        if (!lapack::cholesky(kernel)) return;
        whitened = targets_;
        kernel.triangularView<Eigen::Lower>().solveInPlace(whitened);
        value = constant_ + 2 * kernel.diagonal().array().log().sum() + whitened.squaredNorm();
    });
    return values;
}

namespace {

/// Gram matrix of pair products: with W_ab = Z_a' Z_b [R, R] for a, b = 0..q-1,
/// result(a q + b, c q + d) = <W_ab, W_cd> (Frobenius).
/// Works through square blocks of W, which is never held whole; as W_ba = W_ab', blocks above the diagonal
/// are not formed: their share is that of the block below with both pairs turned round.
/// @param z [C, R q], Z_a = columns a R .. a R + R - 1
Matrix pair_product_gram(const Matrix& z, Index count) {
    const Index rows = z.cols() / count;
    const Index squared = count * count;
    // Products of a pair of blocks: at most 16 MiB, and wide enough for fast matrix products.
    const Index block =
        std::clamp<Index>(static_cast<Index>(std::sqrt(2097152.0 / static_cast<double>(squared))), 1, rows);
    Matrix diagonal = Matrix::Zero(squared, squared);
    Matrix below = Matrix::Zero(squared, squared);
    const auto columns_of = [&](Index start, Index height) {
        Matrix gathered(z.rows(), height * count);
        for (Index a = 0; a < count; ++a)
            gathered.middleCols(a * height, height) = z.middleCols(a * rows + start, height);
        return gathered;
    };
    for (Index i = 0; i < rows; i += block) {
        const Index height = std::min(block, rows - i);
        const Matrix left = columns_of(i, height);
        for (Index j = 0; j <= i; j += block) {
            const Index breadth = std::min(block, rows - j);
            const Matrix right = i == j ? left : columns_of(j, breadth);
            const Matrix w = left.transpose() * right;
            Matrix products(height * breadth, squared);
            for (Index a = 0; a < count; ++a)
                for (Index b = 0; b < count; ++b)
                    Eigen::Map<Matrix>(products.col(a * count + b).data(), height, breadth) =
                        w.block(a * height, b * breadth, height, breadth);
            (i == j ? diagonal : below).selfadjointView<Eigen::Lower>().rankUpdate(products.transpose());
        }
    }
    diagonal.triangularView<Eigen::StrictlyUpper>() = diagonal.transpose();
    below.triangularView<Eigen::StrictlyUpper>() = below.transpose();
    for (Index c = 0; c < count; ++c)
        for (Index d = 0; d < count; ++d)
            for (Index a = 0; a < count; ++a)
                for (Index b = 0; b < count; ++b)
                    diagonal(a * count + b, c * count + d) +=
                        below(a * count + b, c * count + d) + below(b * count + a, d * count + c);
    return diagonal;
}

}  // namespace

Matrix Energy::hessian(const Matrix& U) {
    kernels_.assemble(U, work_);
    work_.diagonal().array() += temperature_;
    if (!lapack::cholesky(work_)) throw NumericalError("K + T I is not positive definite");
    const auto factor = work_.triangularView<Eigen::Lower>();
    const Index examples = kernels_.examples();
    const Index outputs = kernels_.outputs();
    const Index width = kernels_.input_width();
    const Index size = kernels_.paths() * outputs;
    const Index system = examples * outputs;

    // With Z_(pi d) = L^{-1} xi_pi placed at output d, a change of U_{ab} moves L^{-1} K L^{-T} by c Z_a
    // Z_b'; then d2E = -tr(M M') + 2 v' M M' v with v = L^{-1} y.
    Matrix whitened = Matrix::Zero(system, width * size);
    for (Index path = 0; path < kernels_.paths(); ++path)
        for (Index d = 0; d < outputs; ++d)
            whitened.block(d * examples, (path * outputs + d) * width, examples, width) =
                kernels_.features().middleCols(path * width, width);
    factor.solveInPlace(whitened);
    const Vector v = factor.solve(targets_);
    const double c = kernels_.prefactor();

    // <Z_a Z_b', Z_d Z_c'> = <Z_a' Z_d, Z_b' Z_c>: the pair products may be formed over examples or over
    // features.
    const bool over_examples = system <= width;
    Matrix gram;
    if (over_examples) {
        Matrix transposed(width, system * size);
        for (Index a = 0; a < size; ++a)
            transposed.middleCols(a * system, system) = whitened.middleCols(a * width, width).transpose();
        gram = pair_product_gram(transposed, size);
    } else {
        gram = pair_product_gram(whitened, size);
    }
    const auto trace = [&](Index a, Index b, Index cc, Index d) {  // tr(M_ab M_(cc d)) / c^2
        return over_examples ? gram(a * size + b, d * size + cc) : gram(a * size + d, b * size + cc);
    };

    // M_ab v = c Z_a (Z_b' v).
    const Eigen::Map<const Matrix> by_column(whitened.data(), system, width * size);
    const Matrix projections = (by_column.transpose() * v).reshaped(width, size);  // Z_b' v
    Matrix moved(system, size * size);
    for (Index a = 0; a < size; ++a)
        moved.middleCols(a * size, size).noalias() = whitened.middleCols(a * width, width) * projections;

    // From ordered pairs to the lower triangle: u_(ij) moves U_ij and U_ji.
    const Index unknowns = size * (size + 1) / 2;
    std::vector<std::pair<Index, Index>> entries;
    entries.reserve(static_cast<std::size_t>(unknowns));
    for (Index j = 0; j < size; ++j)
        for (Index i = j; i < size; ++i) entries.emplace_back(i, j);
    Matrix symmetric(system, unknowns);
    Matrix hessian(unknowns, unknowns);
    for (Index a = 0; a < unknowns; ++a) {
        const auto [i, j] = entries[static_cast<std::size_t>(a)];
        symmetric.col(a) = moved.col(i * size + j);
        if (i != j) symmetric.col(a) += moved.col(j * size + i);
        for (Index b = 0; b <= a; ++b) {
            const auto [k, l] = entries[static_cast<std::size_t>(b)];
            double sum = trace(i, j, k, l);
            if (i != j) sum += trace(j, i, k, l);
            if (k != l) sum += trace(i, j, l, k);
            if (i != j && k != l) sum += trace(j, i, l, k);
            hessian(a, b) = -sum;
        }
    }
    hessian.triangularView<Eigen::StrictlyUpper>() = hessian.transpose();
    hessian.noalias() += 2 * symmetric.transpose() * symmetric;
    return c * c * hessian;
}

}  // namespace attnpaths
