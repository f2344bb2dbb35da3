#include "network/twofold.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace attnpaths {

namespace {

/// The leading `bits` bits of every entry, counted from the largest entry of its row: adding a number this
/// large and taking it away rounds to its last place.
Matrix leading_by_row(const Matrix& matrix, int bits) {
    Vector large(matrix.rows());
    for (Index row = 0; row < matrix.rows(); ++row) {
        int exponent = 0;
        std::frexp(matrix.row(row).cwiseAbs().maxCoeff(), &exponent);
        large(row) = std::ldexp(1.5, exponent - bits + std::numeric_limits<double>::digits - 1);
    }
    Matrix leading = matrix.colwise() + large;
    leading.colwise() -= large;
    return leading;
}

}  // namespace

Twofold twofold(const Matrix& matrix) {
    return {matrix, Matrix::Zero(matrix.rows(), matrix.cols())};
}

Twofold twofold_product(const Twofold& a, const Twofold& b) {
    // Sums of k products of two numbers of so many bits are exact.
    const auto terms = static_cast<std::uint64_t>(a.high.cols());
    const int bits = (std::numeric_limits<double>::digits - static_cast<int>(std::bit_width(terms))) / 2;
    const Matrix a_leading = leading_by_row(a.high, bits);
    const Matrix b_leading = leading_by_row(b.high.transpose(), bits).transpose();
    const Matrix a_rest = (a.high - a_leading) + a.low;
    const Matrix b_rest = (b.high - b_leading) + b.low;
    Twofold product;
    product.high.noalias() = a_leading * b_leading;
    product.low.noalias() = a_leading * b_rest;
    product.low.noalias() += a_rest * (b_leading + b_rest);
    return product;
}

void add_to_columns(Twofold& matrix, const Vector& vector) {
    for (Index column = 0; column < matrix.high.cols(); ++column)
        for (Index row = 0; row < matrix.high.rows(); ++row) {
            const double first = matrix.high(row, column);
            const double sum = first + vector(row);
            const double second = sum - first;
            matrix.low(row, column) += (first - (sum - second)) + (vector(row) - second);
            matrix.high(row, column) = sum;
        }
}

}  // namespace attnpaths
