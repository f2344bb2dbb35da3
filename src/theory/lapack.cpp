#include "theory/lapack.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
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
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dpotri_(const char* uplo, const int* n, double* a, const int* lda, int* info);
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w,
             double* work, const int* lwork, int* iwork, const int* liwork, int* info);
}

namespace attnpaths::lapack {

bool cholesky(Matrix& matrix) {
    const int n = static_cast<int>(matrix.rows());
    int info = 0;
    dpotrf_("L", &n, matrix.data(), &n, &info);
    return info == 0 && matrix.diagonal().allFinite();
}

void inverse_from_cholesky(Matrix& factor) {
    const int n = static_cast<int>(factor.rows());
    int info = 0;
    dpotri_("L", &n, factor.data(), &n, &info);
    if (info != 0) throw NumericalError("dpotri: the Cholesky factor is singular");
    factor.triangularView<Eigen::StrictlyUpper>() = factor.transpose();
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

Vector symmetric_eigenvalues(Matrix& matrix, bool eigenvectors) {
    const int n = static_cast<int>(matrix.rows());
    const char* job = eigenvectors ? "V" : "N";
    Vector values(n);
    int info = 0;
    int query = -1;
    double work_size = 0;
    int integer_work_size = 0;
    dsyevd_(job, "L", &n, matrix.data(), &n, values.data(), &work_size, &query, &integer_work_size, &query,
            &info);
    Vector work(static_cast<Index>(work_size));
    std::vector<int> integer_work(static_cast<std::size_t>(integer_work_size));
    const int size = static_cast<int>(work.size());
    dsyevd_(job, "L", &n, matrix.data(), &n, values.data(), work.data(), &size, integer_work.data(),
            &integer_work_size, &info);
    if (info != 0 || !values.allFinite())
        throw NumericalError(fmt::format("dsyevd: no convergence (info = {})", info));
    return values;
}

}  // namespace attnpaths::lapack
