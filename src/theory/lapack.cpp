#include "theory/lapack.hpp"

#include "base/error.hpp"
#include "theory/mirror.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <sys/mman.h>
#include <utility>
#include <vector>

extern "C" {
double dlansy_(const char* norm, const char* uplo, const int* n, const double* a, const int* lda,
               double* work);
void dpocon_(const char* uplo, const int* n, const double* a, const int* lda, const double* anorm,
             double* rcond, double* work, int* iwork, int* info);
void dtrcon_(const char* norm, const char* uplo, const char* diag, const int* n, const double* a,
             const int* lda, double* rcond, double* work, int* iwork, int* info);
void dtrtri_(const char* uplo, const char* diag, const int* n, double* a, const int* lda, int* info);
void dgeqp3_(const int* m, const int* n, double* a, const int* lda, int* jpvt, double* tau, double* work,
             const int* lwork, int* info);
void dormqr_(const char* side, const char* trans, const int* m, const int* n, const int* k, const double* a,
             const int* lda, const double* tau, double* c, const int* ldc, double* work, const int* lwork,
             int* info);
void dormtr_(const char* side, const char* uplo, const char* trans, const int* m, const int* n,
             const double* a, const int* lda, const double* tau, double* c, const int* ldc, double* work,
             const int* lwork, int* info);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dlauum_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dsytrd_(const char* uplo, const int* n, double* a, const int* lda, double* d, double* e, double* tau,
             double* work, const int* lwork, int* info);
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w,
             double* work, const int* lwork, int* iwork, const int* liwork, int* info);
void dtpqrt_(const int* m, const int* n, const int* l, const int* nb, double* a, const int* lda, double* b,
             const int* ldb, double* t, const int* ldt, double* work, int* info);
void dsyevr_(const char* jobz, const char* range, const char* uplo, const int* n, double* a, const int* lda,
             const double* vl, const double* vu, const int* il, const int* iu, const double* abstol, int* m,
             double* w, double* z, const int* ldz, int* isuppz, double* work, const int* lwork, int* iwork,
             const int* liwork, int* info);
}

namespace attnpaths::lapack {

namespace {

/// A size as LAPACK takes it.
int checked_int(Index size, const char* routine) {
    if (size > std::numeric_limits<int>::max())
        throw NumericalError(
            fmt::format("{}: a size of {} is beyond the 32 bits of LAPACK's integers", routine, size));
    return static_cast<int>(size);
}

/// Some of the eigenpairs by dsyevr; uses the matrix up.
Eigenpairs partial_eigenpairs(Matrix& matrix, Index count) {
    constexpr Index sought = leading_pairs;
    reserve_memory();
    const int n = checked_int(matrix.rows(), "dsyevr");
    const int first = n - static_cast<int>(sought) + 1;
    const double unused = 0;
    const double tolerance = 0;                                  // the library's own: rounding
    const int work_size = checked_int(Index{n} * 66, "dsyevr");  // blocks of 64 columns
    const int integer_work_size = checked_int(Index{n} * 10, "dsyevr");
    Vector work(work_size);
    std::vector<int> integer_work(static_cast<std::size_t>(integer_work_size));
    std::vector<int> support(2 * static_cast<std::size_t>(n));
    Vector values(n);
    Matrix vectors(n, sought);
    int found = 0;
    int info = 0;
    dsyevr_("V", "I", "L", &n, matrix.data(), &n, &unused, &unused, &first, &n, &tolerance, &found,
            values.data(), vectors.data(), &n, support.data(), work.data(), &work_size, integer_work.data(),
            &integer_work_size, &info);
    if (info != 0 || found != sought || !values.head(sought).allFinite())
        throw NumericalError(fmt::format("dsyevr: no convergence (info = {})", info));
    return {values.head(sought).tail(count).reverse(), vectors.rightCols(count).rowwise().reverse()};
}

/// L -> L^{-1} of a lower triangle in place, by halves: dtrtri itself is half as fast.
void invert_triangle(double* L, int size, int stride) {
    constexpr int small = 32;
    if (size <= small) {
        int info = 0;
        dtrtri_("L", "N", &size, L, &stride, &info);
        return;
    }
    const int half = size / 2;
    const int rest = size - half;
    double* const below = L + half;
    double* const second = below + static_cast<std::ptrdiff_t>(half) * stride;
    invert_triangle(L, half, stride);
    invert_triangle(second, rest, stride);
    constexpr double one = 1;
    constexpr double minus_one = -1;
    dtrmm_("L", "L", "N", "N", &rest, &half, &minus_one, second, &stride, below, &stride);
    dtrmm_("R", "L", "N", "N", &rest, &half, &one, L, &stride, below, &stride);
}

}  // namespace

void reserve_memory() {
    static const bool done = [] {
        // What OpenBLAS maps as one piece on x86-64 (BUFFER_SIZE), and a little for the tables of its first
        // call.
        constexpr std::size_t buffer = (std::size_t{32} << 22U) + (std::size_t{1} << 20U);
        void* const trial =
            ::mmap(nullptr, buffer, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (trial == MAP_FAILED)
            throw Error(
                ExitCode::internal,
                fmt::format("the system refuses the {} MiB of memory that OpenBLAS computes in ({}); raise "
                            "the limit of address space (ulimit -v) or of the job's memory",
                            buffer >> 20U, std::strerror(errno)));
        ::munmap(trial, buffer);
        const int n = 1;
        double one = 1;
        int info = 0;
        dpotrf_("L", &n, &one, &n, &info);
        return true;
    }();
    static_cast<void>(done);
}

int eigen_work_size(Index n, bool eigenvectors) {
    reserve_memory();
    checked_int(n, "dsyevd");
    // From 64 bits first: the library's own answer overflows.
    checked_int(eigenvectors ? 1 + 6 * n + 2 * n * n : 2 * n + 1, "dsyevd");
    const int size = static_cast<int>(n);
    const int lda = std::max(size, 1);
    const int query = -1;
    double work_size = 0;
    int integer_work_size = 0;
    int info = 0;
    dsyevd_(eigenvectors ? "V" : "N", "L", &size, nullptr, &lda, nullptr, &work_size, &query,
            &integer_work_size, &query, &info);
    return checked_int(static_cast<Index>(work_size), "dsyevd");
}

bool cholesky(Matrix& matrix) {
    reserve_memory();
    const int n = checked_int(matrix.rows(), "dpotrf");
    int info = 0;
    dpotrf_("L", &n, matrix.data(), &n, &info);
    return info == 0 && matrix.diagonal().allFinite();
}

void inverse_from_cholesky(Matrix& factor) {
    reserve_memory();
    const int n = checked_int(factor.rows(), "dlauum");
    if ((factor.diagonal().array() == 0).any()) throw NumericalError("the Cholesky factor is singular");
    int info = 0;
    invert_triangle(factor.data(), n, n);
    dlauum_("L", &n, factor.data(), &n, &info);
    mirror_lower(factor);
}

double reciprocal_condition(Matrix& matrix) {
    const int n = static_cast<int>(matrix.rows());
    Vector work(3 * n);
    std::vector<int> integer_work(static_cast<std::size_t>(n));
    const double norm = dlansy_("1", "L", &n, matrix.data(), &n, work.data());
    if (!cholesky(matrix)) return 0;
    double result = 0;
    int info = 0;
    dpocon_("L", &n, matrix.data(), &n, &norm, &result, work.data(), integer_work.data(), &info);
    return result;
}

double reciprocal_condition_upper(const Matrix& triangle) {
    const int n = static_cast<int>(triangle.rows());
    Vector work(3 * n);
    std::vector<int> integer_work(static_cast<std::size_t>(n));
    double result = 0;
    int info = 0;
    dtrcon_("1", "U", "N", &n, triangle.data(), &n, &result, work.data(), integer_work.data(), &info);
    return result;
}

double inverse_norm_upper(Matrix triangle) {
    const int n = static_cast<int>(triangle.rows());
    int info = 0;
    dtrtri_("U", "N", &n, triangle.data(), &n, &info);
    if (info != 0) return std::numeric_limits<double>::infinity();
    return Matrix(triangle.triangularView<Eigen::Upper>()).norm();
}

PivotedQr pivoted_qr(Matrix matrix, Matrix targets) {
    const int rows = static_cast<int>(matrix.rows());
    const int columns = static_cast<int>(matrix.cols());
    const int most = std::min(rows, columns);
    const int outputs = static_cast<int>(targets.cols());
    PivotedQr result;
    result.permutation = Eigen::VectorXi::Zero(columns);
    Vector tau(most);
    // Room for blocks of 64 columns, which is LAPACK's largest.
    const int size = 2 * columns + (columns + 1) * 64 + 64 * std::max(64, outputs);
    Vector work(size);
    int info = 0;
    dgeqp3_(&rows, &columns, matrix.data(), &rows, result.permutation.data(), tau.data(), work.data(), &size,
            &info);
    result.permutation.array() -= 1;
    dormqr_("L", "T", &rows, &outputs, &most, matrix.data(), &rows, tau.data(), targets.data(), &rows,
            work.data(), &size, &info);
    result.triangle = matrix.topRows(most).triangularView<Eigen::Upper>();
    result.rotated = std::move(targets);
    return result;
}

void fold_rows(Matrix& triangle, Matrix& rows, bool are_a_triangle) {
    reserve_memory();
    const int n = checked_int(triangle.cols(), "dtpqrt");
    const int m = checked_int(rows.rows(), "dtpqrt");
    // Columns that are reflected together: 32 to 64 are equally fast for 500 to 1500 columns.
    const int together = std::min(n, 48);
    const int triangle_rows = are_a_triangle ? m : 0;
    Matrix reflectors(together, n);
    Matrix work(together, n);
    int info = 0;
    dtpqrt_(&m, &n, &triangle_rows, &together, triangle.data(), &n, rows.data(), &m, reflectors.data(),
            &together, work.data(), &info);
}

Vector symmetric_eigenvalues(Matrix& matrix, bool eigenvectors) {
    const int work_size = eigen_work_size(matrix.rows(), eigenvectors);
    const int n = static_cast<int>(matrix.rows());
    Vector values(n);
    int info = 0;
    Vector work(work_size);
    std::vector<int> integer_work(eigenvectors ? static_cast<std::size_t>(3 + 5 * Index{n}) : 1);
    const int integer_work_size = checked_int(static_cast<Index>(integer_work.size()), "dsyevd");
    dsyevd_(eigenvectors ? "V" : "N", "L", &n, matrix.data(), &n, values.data(), work.data(), &work_size,
            integer_work.data(), &integer_work_size, &info);
    if (info != 0 || !values.allFinite())
        throw NumericalError(fmt::format("dsyevd: no convergence (info = {})", info));
    return values;
}

bool is_partial(Index n, Index count) {
    // A pair costs some 0.35 us n, and what the full solver does beyond the reduction 0.05 us n^2 (measured
    // for n = 50 to 2000).
    return count <= leading_pairs && 7 * leading_pairs <= n;
}

Eigenpairs leading_eigenpairs(Matrix matrix, Index count) {
    if (is_partial(matrix.rows(), count)) return partial_eigenpairs(matrix, count);
    const Vector ascending = symmetric_eigenvalues(matrix, true);
    return {ascending.tail(count).reverse(), matrix.rightCols(count).rowwise().reverse()};
}

Tridiagonal tridiagonal(Matrix matrix, Matrix targets) {
    reserve_memory();
    const int n = checked_int(matrix.rows(), "dsytrd");
    const int columns = checked_int(targets.cols(), "dormtr");
    const int work_size =
        checked_int(Index{64} * std::max<Index>(n, targets.cols()), "dsytrd");  // blocks of 64
    Tridiagonal result{Vector(n), Vector(std::max(n - 1, 0)), std::move(targets)};
    Vector reflectors(std::max(n - 1, 1));
    Vector work(work_size);
    int info = 0;
    dsytrd_("L", &n, matrix.data(), &n, result.diagonal.data(), result.beside.data(), reflectors.data(),
            work.data(), &work_size, &info);
    if (info == 0)
        dormtr_("L", "L", "T", &n, &columns, matrix.data(), &n, reflectors.data(), result.rotated.data(), &n,
                work.data(), &work_size, &info);
    if (info != 0 || !result.diagonal.allFinite() || !result.rotated.allFinite())
        throw NumericalError(fmt::format("dsytrd: failed (info = {})", info));
    return result;
}

double eigenpair_bytes(double n) {
    return sizeof(double) * 3 * n * n;  // dsyevd works in twice the matrix
}

}  // namespace attnpaths::lapack
