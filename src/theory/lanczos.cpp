#include "theory/lanczos.hpp"

#include "base/random_stream.hpp"

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>

namespace attnpaths {

RitzValue smallest_eigenvalue(const std::function<Vector(const Vector& x)>& times, Index size,
                              double precision, int max_products) {
    const Index most = std::min<Index>(size, max_products);
    RandomStream random(0, "lanczos/start", 0);
    Matrix basis(size, most);
    for (double& element : basis.col(0)) element = random.normal();
    basis.col(0).normalize();
    Vector diagonal(most);
    Vector beside(most);
    RitzValue found;
    for (Index step = 0; step < most; ++step) {
        Vector next = times(basis.col(step));
        diagonal(step) = basis.col(step).dot(next);
        const auto known = basis.leftCols(step + 1);
        // Twice is enough (Parlett 1980).
        for (int pass = 0; pass < 2; ++pass) next -= known * (known.transpose() * next).eval();
        beside(step) = next.norm();
        Eigen::SelfAdjointEigenSolver<Matrix> small;
        small.computeFromTridiagonal(diagonal.head(step + 1), beside.head(step));
        found = {small.eigenvalues()(0), beside(step) * std::abs(small.eigenvectors()(step, 0)),
                 static_cast<int>(step) + 1};
        const bool is_invariant = beside(step) <= 1e-14 * small.eigenvalues().cwiseAbs().maxCoeff();
        if (is_invariant || step + 1 == most || found.residual <= precision * std::abs(found.value)) break;
        basis.col(step + 1) = next / beside(step);
    }
    return found;
}

}  // namespace attnpaths
