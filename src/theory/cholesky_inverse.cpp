#include "theory/cholesky_inverse.hpp"

#include "theory/lapack.hpp"

namespace attnpaths {

namespace {

using Block = Eigen::Ref<Matrix>;

/// L -> L^{-1} in place; zeros above the diagonal.
void invert_triangle(Block L) {
    const Index size = L.rows();
    constexpr Index small = 16;
    if (size <= small) {
        // From the last column to the first: the inverse of the triangle right of column j times that column.
        Eigen::Matrix<double, small, 1> column;
        for (Index j = size; j-- > 0;) {
            const double diagonal = 1 / L(j, j);
            L(j, j) = diagonal;
            const Index rest = size - j - 1;
            column.head(rest) = -diagonal * L.col(j).tail(rest);
            L.col(j).tail(rest).setZero();
            for (Index k = 0; k < rest; ++k)
                L.col(j).tail(rest - k) += column(k) * L.col(j + 1 + k).tail(rest - k);
        }
        return;
    }
    const Index half = size / 2;
    Block first = L.topLeftCorner(half, half);
    Block second = L.bottomRightCorner(size - half, size - half);
    Block below = L.bottomLeftCorner(size - half, half);
    invert_triangle(first);
    invert_triangle(second);
    Matrix product(below.rows(), below.cols());
    product.noalias() = below * first;
    below.noalias() = -second * product;
}

/// Lower triangle of V' V for a lower triangular V with zeros above its diagonal.
void square(const Eigen::Ref<const Matrix>& V, Block result) {
    const Index size = V.rows();
    constexpr Index small = 64;
    if (size <= small) {
        result.noalias() = V.transpose() * V;
        return;
    }
    const Index half = size / 2;
    const auto below = V.bottomLeftCorner(size - half, half);
    const auto second = V.bottomRightCorner(size - half, size - half);
    square(V.topLeftCorner(half, half), result.topLeftCorner(half, half));
    if (half <= small)
        result.topLeftCorner(half, half).noalias() += below.transpose() * below;
    else
        result.topLeftCorner(half, half).selfadjointView<Eigen::Lower>().rankUpdate(below.transpose());
    result.bottomLeftCorner(size - half, half).noalias() = second.transpose() * below;
    square(second, result.bottomRightCorner(size - half, size - half));
}

}  // namespace

void inverse_from_cholesky(Matrix& factor) {
    constexpr Index largest = 600;
    if (factor.rows() > largest) return lapack::inverse_from_cholesky(factor);
    factor.triangularView<Eigen::StrictlyUpper>().setZero();
    invert_triangle(factor);
    Matrix inverse(factor.rows(), factor.cols());
    square(factor, inverse);
    inverse.triangularView<Eigen::StrictlyUpper>() = inverse.transpose();
    factor.swap(inverse);
}

}  // namespace attnpaths
