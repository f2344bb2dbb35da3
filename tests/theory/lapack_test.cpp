#include "theory/lapack.hpp"

#include "base/error.hpp"
#include "theory/random_problem.hpp"

#include <Eigen/QR>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace attnpaths {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(Lapack, RefusesWorkspacesBeyondItsIntegers) {
    EXPECT_GE(lapack::eigen_work_size(10, true), 1 + 6 * 10 + 2 * 10 * 10);
    EXPECT_GT(lapack::eigen_work_size(32766, true), 0);  // 1 + 6 n + 2 n^2 is just below 2^31
    EXPECT_THAT([] { lapack::eigen_work_size(32767, true); },
                ThrowsMessage<NumericalError>(HasSubstr("dsyevd: a size of 2147549181")));
    EXPECT_GT(lapack::eigen_work_size(32767, false), 0);
    EXPECT_THROW(lapack::eigen_work_size(Index{1} << 31, false), NumericalError);
}

/// K times its inverse is the identity at sizes on both sides of every border of the recursion, whatever the
/// upper triangle of the factor holds.
TEST(Lapack, InvertsFromTheCholeskyFactor) {
    for (const Index size : {1, 2, 31, 32, 33, 63, 64, 65, 66, 100, 129, 257, 600, 601}) {
        const Matrix A = testing::normal_matrix(size, 2 * size + 3, 1);
        const Matrix K = A * A.transpose() / static_cast<double>(size) + 0.01 * Matrix::Identity(size, size);
        Matrix inverse = K;
        ASSERT_TRUE(lapack::cholesky(inverse));
        inverse.triangularView<Eigen::StrictlyUpper>().setConstant(1e300);
        lapack::inverse_from_cholesky(inverse);
        EXPECT_EQ(inverse, inverse.transpose()) << size;
        EXPECT_LT((K * inverse - Matrix::Identity(size, size)).cwiseAbs().maxCoeff(), 1e-13) << size;
    }
    Matrix singular = Matrix::Zero(2, 2);
    EXPECT_THROW(lapack::inverse_from_cholesky(singular), NumericalError);
}

TEST(Lapack, EigenvaluesOfASmallMatrix) {
    Matrix matrix(2, 2);
    matrix << 2, 1, 1, 2;
    for (const bool eigenvectors : {false, true}) {
        Matrix copy = matrix;
        const Vector values = lapack::symmetric_eigenvalues(copy, eigenvectors);
        EXPECT_NEAR(values(0), 1, 1e-15);
        EXPECT_NEAR(values(1), 3, 1e-15);
    }
}

/// Eigenvalues n to 1 and, for the others, 0: A = sum_k k q_k q_k' with q_k orthonormal.
TEST(Lapack, LeadingEigenpairsAreTheSameBySomeAndByAll) {
    const Index n = 230;
    const Matrix Q = Eigen::HouseholderQR<Matrix>(testing::normal_matrix(n, n, 3)).householderQ();
    Vector spectrum = Vector::LinSpaced(n, static_cast<double>(n), 1);
    spectrum.tail(130).setZero();
    const Matrix A = Q * spectrum.asDiagonal() * Q.transpose();
    for (const Index count : {1, 7, 32, 33, 230}) {
        EXPECT_EQ(lapack::is_partial(n, count), count <= 32);
        const lapack::Eigenpairs pairs = lapack::leading_eigenpairs(A, count);
        ASSERT_EQ(pairs.values.size(), count);
        EXPECT_LT((pairs.values - spectrum.head(count)).cwiseAbs().maxCoeff(), 1e-11);
        EXPECT_LT((A * pairs.vectors - pairs.vectors * pairs.values.asDiagonal()).norm(), 1e-11);
        EXPECT_LT((pairs.vectors.transpose() * pairs.vectors - Matrix::Identity(count, count)).norm(), 1e-12);
    }
}

TEST(Lapack, LeadingEigenpairsAreTheSameBitsHoweverManyAreAskedFor) {
    const Matrix half = testing::normal_matrix(230, 230, 3);
    const Matrix A = half * half.transpose();
    const lapack::Eigenpairs most = lapack::leading_eigenpairs(A, lapack::leading_pairs);
    for (const Index count : {1, 9}) {
        const lapack::Eigenpairs few = lapack::leading_eigenpairs(A, count);
        EXPECT_EQ(few.values, most.values.head(count));
        EXPECT_EQ(few.vectors, most.vectors.leftCols(count));
    }
    EXPECT_FALSE(lapack::is_partial(7 * lapack::leading_pairs - 1, 1));
}

/// Eigenvalues of several outputs come in groups of D, equal but for rounding.
TEST(Lapack, LeadingEigenpairsOfDegenerateEigenvaluesAreOrthonormal) {
    const Index n = 230;
    const Matrix Q = Eigen::HouseholderQR<Matrix>(testing::normal_matrix(n, n, 3)).householderQ();
    Vector spectrum(n);
    for (Index k = 0; k < n; ++k) spectrum(k) = 1.0 / static_cast<double>(1 + k / 10);
    const Matrix A = Q * spectrum.asDiagonal() * Q.transpose();
    ASSERT_TRUE(lapack::is_partial(n, 30));
    const lapack::Eigenpairs pairs = lapack::leading_eigenpairs(A, 30);
    EXPECT_LT((pairs.values - spectrum.head(30)).cwiseAbs().maxCoeff(), 1e-14);
    EXPECT_LT((pairs.vectors.transpose() * pairs.vectors - Matrix::Identity(30, 30)).norm(), 1e-13);
    // They span the same spaces, whatever the basis.
    const Matrix share = pairs.vectors.leftCols(10).transpose() * Q.leftCols(10);
    EXPECT_NEAR(share.squaredNorm(), 10, 1e-12);
}

#if !defined(__SANITIZE_ADDRESS__)  // takes terabytes of address space itself

/// Bytes of address space that this process has taken.
std::size_t address_space() {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * 4096;
}

/// Ends the process, with little memory left, as the program would.
void factorise_with_little_memory() {
    alarm(60);
    const rlimit limit = {address_space() + (std::size_t{64} << 20U), RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &limit);
    try {
        Matrix one = Matrix::Identity(2, 2);
        lapack::cholesky(one);
    } catch (const Error& error) {
        std::fputs(error.what(), stderr);
        std::exit(static_cast<int>(error.code()));
    }
}

// OpenBLAS would ask for its buffer for ever.
TEST(LapackDeathTest, SaysSoWhenThereIsNoMemoryToComputeIn) {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    EXPECT_EXIT(factorise_with_little_memory(), ::testing::ExitedWithCode(70),
                "refuses the 129 MiB of memory that OpenBLAS computes in.*ulimit -v");
}

#endif

}  // namespace
}  // namespace attnpaths
