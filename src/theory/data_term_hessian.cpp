#include "theory/data_term_hessian.hpp"

#include "theory/mirror.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace attnpaths {

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
    mirror_lower(diagonal);
    mirror_lower(below);
    for (Index c = 0; c < count; ++c)
        for (Index d = 0; d < count; ++d)
            for (Index a = 0; a < count; ++a)
                for (Index b = 0; b < count; ++b)
                    diagonal(a * count + b, c * count + d) +=
                        below(a * count + b, c * count + d) + below(b * count + a, d * count + c);
    return diagonal;
}

}  // namespace

// A change of U_ab moves L^{-1} K L^{-T} by M_ab = c Z_a Z_b'; then d2E = -tr(M M') + 2 v' M M' v.
Matrix data_term_hessian(const Matrix& whitened, const Vector& v, double prefactor, Index size) {
    const Index width = whitened.cols() / size;
    const Index system = whitened.rows();

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
    mirror_lower(hessian);
    hessian.noalias() += 2 * symmetric.transpose() * symmetric;
    return prefactor * prefactor * hessian;
}

}  // namespace attnpaths
