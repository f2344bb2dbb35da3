#include "theory/whitened_data_term.hpp"

#include "theory/data_term.hpp"
#include "theory/gradient_bound.hpp"
#include "theory/random_problem.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;

constexpr double noise_variance = 0.2;

/// One output, fewer examples than features and more.
std::vector<RandomProblem> single_output_problems() {
    std::vector<RandomProblem> list;
    for (const Index examples : {7, 40})
        for (const std::vector<Index>& heads : std::vector<std::vector<Index>>{{1}, {4}, {2, 3}, {3, 1, 2}})
            list.push_back({examples, 5, uneven_architecture(heads, 1)});
    return list;
}

Matrix lower_triangle(Index size, std::uint64_t seed) {
    return normal_matrix(size, size, seed).triangularView<Eigen::Lower>();
}

/// By U itself: assembled, inverted, contracted.
TEST(WhitenedDataTerm, IsTheDataTerm) {
    for (const RandomProblem& problem : single_output_problems()) {
        const PathKernels kernels = problem.kernels();
        DataTerm by_U(kernels, problem.targets(), noise_variance);
        WhitenedDataTerm whitened(kernels, problem.targets().col(0), noise_variance);
        const Matrix A = lower_triangle(kernels.paths(), 4);
        Matrix expected;
        Matrix gradient;
        const double value = by_U.varying_value_and_gradient(A * A.transpose(), expected);
        EXPECT_NEAR(whitened.value_and_gradient(A, gradient), value, 1e-13 * std::abs(value));
        EXPECT_EQ(gradient, gradient.transpose());
        EXPECT_LT((gradient - expected).cwiseAbs().maxCoeff(), 1e-12 * expected.cwiseAbs().maxCoeff());
    }
}

/// Products are those with the whole second derivative, however long the change is.
TEST(WhitenedDataTerm, ProductsAreThoseOfTheHessian) {
    for (const RandomProblem& problem : single_output_problems()) {
        const PathKernels kernels = problem.kernels();
        const Index n = kernels.paths();
        const Matrix A = lower_triangle(n, 4);
        const Matrix hessian =
            DataTerm(kernels, problem.targets(), noise_variance).hessian(A * A.transpose());
        WhitenedDataTerm whitened(kernels, problem.targets().col(0), noise_variance);
        for (const double length : {1e-9, 1.0, 1e9}) {
            const Matrix change = length * lower_triangle(n, 5);
            const Matrix half = change * A.transpose();
            const Matrix U_change = half + half.transpose();
            const Matrix product = whitened.hessian_times(A, change);
            EXPECT_EQ(product, product.transpose());
            Vector moved(n * (n + 1) / 2);
            Vector changed(moved.size());
            Index entry = 0;
            for (Index j = 0; j < n; ++j)
                for (Index i = j; i < n; ++i, ++entry) {
                    moved(entry) = U_change(i, j);
                    changed(entry) = (i == j ? 1 : 2) * product(i, j);
                }
            EXPECT_LT((changed - hessian * moved).norm(), 1e-12 * hessian.norm() * moved.norm());
        }
        EXPECT_EQ(whitened.hessian_times(A, Matrix::Zero(n, n)), Matrix::Zero(n, n));
    }
}

/// |M_a| and |e o M_a| of M = (K + T I)^{-1} xi are at least those of the inverse, and little more.
TEST(WhitenedDataTerm, KnowsTheNormsOfTheInverse) {
    for (const RandomProblem& problem : single_output_problems()) {
        const PathKernels kernels = problem.kernels();
        const Matrix A = lower_triangle(kernels.paths(), 4);
        Matrix kernel;
        kernels.assemble(A * A.transpose(), kernel);
        kernel.diagonal().array() += noise_variance;
        const Matrix inverse = kernel.selfadjointView<Eigen::Lower>().llt().solve(
            Matrix::Identity(kernels.examples(), kernels.examples()));
        const Vector e = normal_matrix(kernels.examples(), 1, 6).cwiseAbs();
        const SolvedNorms expected = solved_norms(kernels, inverse, e);
        WhitenedDataTerm whitened(kernels, problem.targets().col(0), noise_variance);
        const SolvedNorms norms = whitened.solved_norms(A, e);
        EXPECT_LT((norms.inverse_diagonal - expected.inverse_diagonal).norm(), 1e-12 * inverse.norm());
        // Either way errs by the rounding of the inverse, which grows with the condition of the kernel.
        const double rounding = 1e-12 + 1e-15 * kernel.norm() * inverse.norm();
        EXPECT_LT((norms.plain - expected.plain).norm(), rounding * expected.plain.norm());
        EXPECT_GE((norms.weighted - expected.weighted).minCoeff(), 0);
        EXPECT_LT((whitened.solved_targets() - inverse * problem.targets()).norm(), 1e-12 * inverse.norm());
        // What is kept of the features was used up; the next gradient must not see that.
        Matrix gradient;
        Matrix fresh;
        whitened.value_and_gradient(A, gradient);
        WhitenedDataTerm(kernels, problem.targets().col(0), noise_variance).value_and_gradient(A, fresh);
        EXPECT_EQ(gradient, fresh);
    }
}

TEST(WhitenedDataTerm, IsInfiniteWhereTheKernelIsNotPositiveDefinite) {
    const RandomProblem problem{7, 5, uneven_architecture({2}, 1)};
    const PathKernels kernels = problem.kernels();
    WhitenedDataTerm whitened(kernels, problem.targets().col(0), -100);
    Matrix gradient;
    EXPECT_TRUE(std::isinf(whitened.value_and_gradient(Matrix::Identity(2, 2), gradient)));
    EXPECT_EQ(gradient.size(), 0);
}

}  // namespace
}  // namespace attnpaths
