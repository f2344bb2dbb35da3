#include "sampling/haar.hpp"

#include "base/error.hpp"

#include <Eigen/QR>
#include <fmt/format.h>

namespace attnpaths {

Matrix haar_stiefel(Index rows, Index columns, RandomStream& random) {
    if (columns < 0 || columns > rows)
        throw NumericalError(
            fmt::format("no {} x {} matrix has orthonormal columns: at most as many as rows", rows, columns));
    Matrix normals(rows, columns);
    for (double& element : normals.reshaped()) element = random.normal();
    const Eigen::HouseholderQR<Matrix> decomposition(normals);
    Matrix Q = decomposition.householderQ() * Matrix::Identity(rows, columns);
    for (Index column = 0; column < columns; ++column)
        if (decomposition.matrixQR()(column, column) < 0) Q.col(column) = -Q.col(column);
    return Q;
}

}  // namespace attnpaths
