#include "theory/pair_covariance.hpp"

#include "theory/mirror.hpp"

#include <algorithm>

namespace attnpaths {

PairCovariance::PairCovariance(std::vector<Matrix> directions) : directions_(std::move(directions)) {
    const Index size = directions_.front().rows();
    Matrix columns(size * size, static_cast<Index>(directions_.size()));
    for (Index a = 0; a < columns.cols(); ++a)
        columns.col(a) = directions_[static_cast<std::size_t>(a)].reshaped();
    covariance_.noalias() = columns * columns.transpose();
}

Matrix PairCovariance::contract(const Matrix& M) const {
    return (covariance_ * M.reshaped()).reshaped(M.rows(), M.cols());
}

Matrix PairCovariance::apply(const Matrix& G) const {
    const Index size = directions_.front().rows();
    const Index width = G.rows() / size;
    // result[(i,x),(l,y)] = sum_jk Cov(U_ij, U_kl) G[(j,x),(k,y)]: for each feature y one matrix product with
    // all x >= y at once, over rows (j,k) of G and rows (i,l) of the covariance; the rest by symmetry.
    Matrix regrouped(size * size, size * size);  // row i + l q, column j + k q
    for (Index i = 0; i < size; ++i)
        for (Index l = 0; l < size; ++l)
            for (Index j = 0; j < size; ++j)
                for (Index k = 0; k < size; ++k)
                    regrouped(i + l * size, j + k * size) = covariance_(j * size + i, l * size + k);
    Matrix result(G.rows(), G.cols());
    Matrix gathered(width, size * size);
    Matrix product(width, size * size);
    for (Index y = 0; y < width; ++y) {
        const Index rows = width - y;
        for (Index k = 0; k < size; ++k)
            for (Index j = 0; j < size; ++j)
                gathered.col(j + k * size).head(rows) = G.col(k * width + y).segment(j * width + y, rows);
        product.topRows(rows).noalias() = gathered.topRows(rows) * regrouped.transpose();
        for (Index l = 0; l < size; ++l)
            for (Index i = 0; i < size; ++i)
                result.col(l * width + y).segment(i * width + y, rows) =
                    product.col(i + l * size).head(rows);
    }
    for (Index l = 0; l < size; ++l)
        for (Index i = 0; i < size; ++i)
            mirror_lower(result.block(i * width, l * width, width, width),
                         result.block(l * width, i * width, width, width));
    return result;
}

}  // namespace attnpaths
