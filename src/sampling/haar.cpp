#include "sampling/haar.hpp"

#include <Eigen/QR>

namespace attnpaths {

Matrix haar_stiefel(Index rows, Index columns, RandomStream& random) {
    Matrix normal(rows, columns);
    for (double& element : normal.reshaped()) element = random.normal();
    const Eigen::HouseholderQR<Matrix> qr(normal);
    Matrix Q = qr.householderQ() * Matrix::Identity(rows, columns);
    for (Index column = 0; column < columns; ++column)
        if (qr.matrixQR()(column, column) < 0) Q.col(column) *= -1;
    return Q;
}

}  // namespace attnpaths
