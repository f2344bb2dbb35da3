#include "theory/lapack.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <vector>

extern "C" {
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
