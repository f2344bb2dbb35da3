#include "network/blas.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <sys/mman.h>

extern "C" {
void dgemm_(const char* transpose_a, const char* transpose_b, const int* m, const int* n, const int* k,
            const double* alpha, const double* a, const int* lda, const double* b, const int* ldb,
            const double* beta, double* c, const int* ldc);
void dpotrf_(const char* uplo, const int* n, double* a, const int* lda, int* info);
}

namespace attnpaths::blas {

namespace {

enum class Form { as_is, transposed };

/// C = op(A) op(B) + beta C.
void product(const ConstBlock& A, Form form_a, const ConstBlock& B, Form form_b, double beta, Block C) {
    if (C.size() == 0) return;
    reserve_memory();
    const char a = form_a == Form::transposed ? 'T' : 'N';
    const char b = form_b == Form::transposed ? 'T' : 'N';
    const int m = checked_int(C.rows(), "dgemm");
    const int n = checked_int(C.cols(), "dgemm");
    const int k = checked_int(form_a == Form::transposed ? A.rows() : A.cols(), "dgemm");
    const auto stride = [](Index outer, int least) {
        return std::max(checked_int(outer, "dgemm"), std::max(least, 1));
    };
    const int lda = stride(A.outerStride(), 1);
    const int ldb = stride(B.outerStride(), 1);
    const int ldc = stride(C.outerStride(), 1);
    const double one = 1;
    dgemm_(&a, &b, &m, &n, &k, &one, A.data(), &lda, B.data(), &ldb, &beta, C.data(), &ldc);
}

/// Calls visit(first, count) for strips of columns that are few enough to be made by large products and many
/// enough to leave most of the triangle above them out.
template <class Visit>
void for_each_strip(Index size, const Visit& visit) {
    constexpr Index strips = 8;
    const Index step = std::max<Index>((size + strips - 1) / strips, 32);
    for (Index first = 0; first < size; first += step) visit(first, std::min(step, size - first));
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

int checked_int(Index size, const char* routine) {
    if (size > std::numeric_limits<int>::max())
        throw NumericalError(
            fmt::format("{}: a size of {} is beyond the 32 bits of LAPACK's integers", routine, size));
    return static_cast<int>(size);
}

void multiply(const ConstBlock& A, const ConstBlock& B, Block C) {
    product(A, Form::as_is, B, Form::as_is, 0, C);
}

void add_product_with_transpose(const ConstBlock& A, const ConstBlock& B, Block C) {
    product(A, Form::as_is, B, Form::transposed, 1, C);
}

void add_transpose_times(const ConstBlock& A, const ConstBlock& B, Block C) {
    product(A, Form::transposed, B, Form::as_is, 1, C);
}

void add_lower_of_product_with_transpose(const ConstBlock& A, const ConstBlock& B, Block C) {
    for_each_strip(C.cols(), [&](Index first, Index count) {
        const Index below = C.rows() - first;
        add_product_with_transpose(A.bottomRows(below), B.middleRows(first, count),
                                   C.block(first, first, below, count));
    });
}

void add_lower_of_transpose_times(const ConstBlock& A, const ConstBlock& B, Block C) {
    for_each_strip(C.cols(), [&](Index first, Index count) {
        const Index below = C.rows() - first;
        add_transpose_times(A.rightCols(below), B.middleCols(first, count),
                            C.block(first, first, below, count));
    });
}

}  // namespace attnpaths::blas
