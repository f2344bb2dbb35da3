#include "theory/davidson.hpp"

#include "base/random_stream.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace attnpaths {

RitzValue smallest_eigenvalue(const std::function<Vector(const Vector& x)>& times,
                              const std::function<Vector(const Vector& x)>& precondition, Index size,
                              double precision, int max_products) {
    constexpr double rounding = 1e-14;
    // Products over which the value must have stayed: near many equal eigenvalues the residual is small at
    // once, and a smaller one is still to come to light.
    constexpr Index settling = 3;
    const Index most = std::min<Index>(size, max_products);
    RandomStream random(0, "davidson/start", 0);
    Vector next(size);
    for (double& element : next) element = random.normal();
    next = precondition(next);
    Matrix basis(size, most);
    Matrix images(size, most);
    Matrix projected(most, most);  // basis' A basis, lower triangle
    Vector values(most);
    RitzValue found;
    for (Index step = 0; step < most; ++step) {
        const double length = next.norm();
        const auto known = basis.leftCols(step);
        // Twice is enough (Parlett 1980).
        for (int pass = 0; pass < 2; ++pass) next -= known * (known.transpose() * next).eval();
        if (next.norm() <= rounding * length) break;
        basis.col(step) = next.normalized();
        images.col(step) = times(basis.col(step));
        projected.row(step).head(step + 1) = images.col(step).transpose() * basis.leftCols(step + 1);
        const Eigen::SelfAdjointEigenSolver<Matrix> small(projected.topLeftCorner(step + 1, step + 1));
        const auto best = small.eigenvectors().col(0);
        const double value = small.eigenvalues()(0);
        const Vector residual = images.leftCols(step + 1) * best - value * (basis.leftCols(step + 1) * best);
        found = {value, residual.norm(), static_cast<int>(step) + 1};
        values(step) = value;
        const double enough = precision * std::abs(value);
        const bool is_settled = step >= settling && values(step - settling) - value <= enough;
        if ((is_settled && found.residual <= enough) ||
            found.residual <= rounding * small.eigenvalues().cwiseAbs().maxCoeff())
            break;
        next = precondition(residual);
    }
    return found;
}

}  // namespace attnpaths
