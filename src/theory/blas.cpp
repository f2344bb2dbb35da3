#include "theory/blas.hpp"

#include "base/error.hpp"
#include "theory/lapack.hpp"

#include <fmt/format.h>

#include <limits>

namespace attnpaths::blas {

namespace {

constexpr double one = 1;

/// A size as BLAS takes it.
int checked_int(Index size) {
    if (size > std::numeric_limits<int>::max())
        throw NumericalError(
            fmt::format("a matrix of {} rows or columns is beyond the 32 bits of BLAS's integers", size));
    return static_cast<int>(size);
}

using Triangular = decltype(dtrmm_);

/// B becomes op(L) B (side L) or B op(L) (side R).
void apply(Triangular* routine, const char* side, const char* transposed, const Matrix& L, Block& B) {
    lapack::reserve_memory();
    const int rows = checked_int(B.rows());
    const int columns = checked_int(B.cols());
    const int size = checked_int(L.rows());
    const int stride = checked_int(B.outerStride());
    routine(side, "L", transposed, "N", &rows, &columns, &one, L.data(), &size, B.data(), &stride);
}

}  // namespace

void add_gram_of_rows(double scale, const ConstBlock& B, Matrix& C) {
    lapack::reserve_memory();
    const int size = checked_int(B.rows());
    const int terms = checked_int(B.cols());
    const int stride = checked_int(B.outerStride());
    dsyrk_("L", "N", &size, &terms, &scale, B.data(), &stride, &one, C.data(), &size);
}

void add_gram_of_columns(double scale, const ConstBlock& B, Matrix& C) {
    lapack::reserve_memory();
    const int size = checked_int(B.cols());
    const int terms = checked_int(B.rows());
    const int stride = checked_int(B.outerStride());
    dsyrk_("L", "T", &size, &terms, &scale, B.data(), &stride, &one, C.data(), &size);
}

void multiply_by_lower(const Matrix& L, Block B) {
    apply(dtrmm_, "R", "N", L, B);
}

void multiply_lower_transposed(const Matrix& L, Block B) {
    apply(dtrmm_, "L", "T", L, B);
}

void solve_lower(const Matrix& L, Block B) {
    apply(dtrsm_, "L", "N", L, B);
}

void solve_lower_transposed(const Matrix& L, Block B) {
    apply(dtrsm_, "L", "T", L, B);
}

}  // namespace attnpaths::blas
