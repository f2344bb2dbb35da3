#include "theory/kronecker.hpp"

namespace attnpaths {

Matrix repeat_times(const Matrix& A, const Matrix& M) {
    const Index blocks = M.rows() / A.cols();
    Matrix product(blocks * A.rows(), M.cols());
    for (Index block = 0; block < blocks; ++block)
        product.middleRows(block * A.rows(), A.rows()).noalias() =
            A * M.middleRows(block * A.cols(), A.cols());
    return product;
}

Matrix repeat_transposed_times(const Matrix& A, const Matrix& M) {
    const Index blocks = M.rows() / A.rows();
    Matrix product(blocks * A.cols(), M.cols());
    for (Index block = 0; block < blocks; ++block)
        product.middleRows(block * A.cols(), A.cols()).noalias() =
            A.transpose() * M.middleRows(block * A.rows(), A.rows());
    return product;
}

Matrix diagonal_blocks(const Matrix& X, const Matrix& Y, Index blocks) {
    const Index x_rows = X.rows() / blocks;
    const Index y_rows = Y.rows() / blocks;
    Matrix sum = Matrix::Zero(x_rows, y_rows);
    for (Index block = 0; block < blocks; ++block)
        sum.noalias() +=
            X.middleRows(block * x_rows, x_rows) * Y.middleRows(block * y_rows, y_rows).transpose();
    return sum;
}

Matrix expanded_times(const Matrix& M, const Matrix& X, Index size) {
    Matrix product(M.rows() * size, X.cols());
    for (Index point = 0; point < X.cols(); ++point)
        product.col(point).reshaped(size, M.rows()).noalias() =
            X.col(point).reshaped(size, M.cols()) * M.transpose();
    return product;
}

}  // namespace attnpaths
