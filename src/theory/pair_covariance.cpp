#include "theory/pair_covariance.hpp"

#include "theory/mirror.hpp"

#include <cmath>
#include <utility>

namespace attnpaths {

PairCovariance::PairCovariance(Matrix columns)
    : columns_(std::move(columns)), size_(std::lround(std::sqrt(columns_.rows()))) {}

Matrix PairCovariance::contract(const Matrix& M) const {
    const Vector overlaps = columns_.transpose() * M.reshaped();
    return (columns_ * overlaps).reshaped(size_, size_);
}

Vector PairCovariance::apply_to_gram(const Matrix& Z, const Vector& u) const {
    // All directions at once: [N0, q] times [D_1 D_2 ...], and back.
    const auto side_by_side = columns_.reshaped(size_, size_ * directions());
    const Index width = u.size() / size_;
    const Matrix turned = u.reshaped(width, size_) * side_by_side;
    const Matrix image = Z.transpose() * (Z * turned.reshaped(u.size(), directions()));
    const Matrix sum = image.reshaped(width, size_ * directions()) * side_by_side.transpose();
    return sum.reshaped();
}

Vector PairCovariance::gram_form(const Matrix& Z, const Matrix& R) const {
    const Index width = R.rows() / size_;
    const Index points = R.cols();
    Matrix by_pair(width, size_ * points);  // path-output slowest
    for (Index i = 0; i < size_; ++i) by_pair.middleCols(i * points, points) = R.middleRows(i * width, width);
    // Row (z, point), column (i, j): z_j'r_i.
    Matrix overlaps(Z.rows() * points, size_ * size_);
    for (Index j = 0; j < size_; ++j)
        Eigen::Map<Matrix>(overlaps.col(j * size_).data(), Z.rows(), size_ * points).noalias() =
            Z.middleCols(j * width, width) * by_pair;
    const Matrix images = overlaps * columns_;
    const Vector squares = images.rowwise().squaredNorm();
    return squares.reshaped(Z.rows(), points).colwise().sum();
}

double PairCovariance::gram_form_operations(double rows, double size, double features) {
    return 2 * rows * size * features + rows * std::pow(size, 3) * (size + 1);
}

double PairCovariance::gram_form_doubles(double rows, double size) {
    return rows * (size * size + size * (size + 1) / 2);
}

Matrix PairCovariance::apply(const Matrix& G) const {
    const Index size = size_;
    const Index width = G.rows() / size;
    const Matrix covariance =
        columns_ * columns_.transpose();  // Cov(U_ij, U_kl) at row j q + i, column l q + k
    // result[(i,x),(l,y)] = sum_jk Cov(U_ij, U_kl) G[(j,x),(k,y)]: for each feature y one matrix product with
    // all x >= y at once, over rows (j,k) of G and rows (i,l) of the covariance; the rest by symmetry.
    Matrix regrouped(size * size, size * size);  // row i + l q, column j + k q
    for (Index i = 0; i < size; ++i)
        for (Index l = 0; l < size; ++l)
            for (Index j = 0; j < size; ++j)
                for (Index k = 0; k < size; ++k)
                    regrouped(i + l * size, j + k * size) = covariance(j * size + i, l * size + k);
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
                result.col(l * width + y).segment(i * width + y, rows) = product.col(i + l * size).head(rows);
    }
    for (Index l = 0; l < size; ++l)
        for (Index i = 0; i < size; ++i)
            mirror_lower(result.block(i * width, l * width, width, width),
                         result.block(l * width, i * width, width, width));
    return result;
}

}  // namespace attnpaths
