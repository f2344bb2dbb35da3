#pragma once

#include "network/architecture.hpp"

namespace attnpaths {

using WideMatrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

/// A matrix in twice the working precision: high + low, where low is small against high.
struct Twofold {
    Matrix high;
    Matrix low;
};

/// The same matrix, exact.
Twofold twofold(const Matrix& matrix);

/// a b with an error of some 2^-22 roundoffs of what |a| |b| rows times columns amount to, at the cost of
/// three products: the leading bits of both are so few that their product is exact, and the rest is small
/// (Ozaki, Ogita, Oishi, Rump 2012).
Twofold twofold_product(const Twofold& a, const Twofold& b);

/// Adds a vector to every column, exactly but for the rounding of `low`.
void add_to_columns(Twofold& matrix, const Vector& vector);

}  // namespace attnpaths
