#include "theory/data_term.hpp"

#include "theory/random_problem.hpp"

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <vector>

namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;

Matrix positive_definite(Index size, std::uint64_t seed) {
    const Matrix half = normal_matrix(size, size, seed);
    return half * half.transpose() + 0.3 * Matrix::Identity(size, size);
}

/// K(U) straight from its definition: element ((d, mu), (e, nu)) = c sum U_{(pi d)(pi' e)} xi_pi(mu) .
/// xi_pi'(nu).
Matrix kernel_by_definition(const RandomProblem& problem, const Matrix& U) {
    const Architecture& a = problem.architecture;
    const Matrix xi = problem.features();
    const double c = a.variances.input / static_cast<double>(problem.input_width * a.paths());
    const Index P = problem.examples;
    Matrix K = Matrix::Zero(P * a.outputs, P * a.outputs);
    for (Index d = 0; d < a.outputs; ++d)
        for (Index e = 0; e < a.outputs; ++e)
            for (Index p = 0; p < a.paths(); ++p)
                for (Index q = 0; q < a.paths(); ++q)
                    K.block(d * P, e * P, P, P) +=
                        c * U(p * a.outputs + d, q * a.outputs + e) *
                        xi.middleCols(p * problem.input_width, problem.input_width) *
                        xi.middleCols(q * problem.input_width, problem.input_width).transpose();
    return K;
}

std::vector<RandomProblem> problems() {
    std::vector<RandomProblem> list;
    for (const Index outputs : {1, 3}) {
        list.push_back({7, 5, uneven_architecture({2, 2}, outputs)});  // more examples than features
        list.push_back({4, 9, uneven_architecture({3}, outputs)});     // fewer
        list.push_back({40, 6, uneven_architecture({3}, outputs)});    // several tiles of kernel entries
    }
    const std::size_t from_features = list.size();
    for (std::size_t i = 0; i < from_features; ++i) {
        list.push_back(list[i]);
        list.back().storage = KernelStorage::kernels;
    }
    return list;
}

TEST(DataTerm, MatchesItsDefinition) {
    for (const RandomProblem& problem : problems()) {
        const PathKernels kernels = problem.kernels();
        const Matrix U = positive_definite(problem.architecture.paths() * problem.architecture.outputs, 4);
        Matrix K = kernel_by_definition(problem, U);
        Matrix assembled;
        kernels.assemble(U, assembled);
        EXPECT_LT((assembled - K).triangularView<Eigen::Lower>().toDenseMatrix().cwiseAbs().maxCoeff(),
                  1e-12 * K.norm());

        K.diagonal().array() += 0.2;
        const Vector y = problem.targets().reshaped();
        Matrix gradient;
        const double value = DataTerm(kernels, problem.targets(), 0.2).value_and_gradient(U, gradient);
        EXPECT_NEAR(value, std::log(K.determinant()) + y.dot(K.inverse() * y), 1e-8 * std::abs(value));
    }
}

TEST(DataTerm, GradientAndHessianMatchFiniteDifferences) {
    constexpr double step = 1e-5;
    for (const RandomProblem& problem : problems()) {
        const PathKernels kernels = problem.kernels();
        DataTerm data_term(kernels, problem.targets(), 0.2);
        const Index size = problem.architecture.paths() * problem.architecture.outputs;
        const Matrix U = positive_definite(size, 4);
        Matrix gradient;
        data_term.value_and_gradient(U, gradient);
        EXPECT_EQ(gradient, gradient.transpose());
        const Matrix hessian = data_term.hessian(U);
        Index column = 0;
        for (Index j = 0; j < size; ++j) {
            for (Index i = j; i < size; ++i, ++column) {
                Matrix moved = Matrix::Zero(size, size);
                moved(i, j) = step;
                moved(j, i) = step;
                Matrix above;
                Matrix below;
                const double difference = (data_term.value_and_gradient(U + moved, above) -
                                           data_term.value_and_gradient(U - moved, below)) /
                                          (2 * step);
                const double derivative = i == j ? gradient(i, i) : 2 * gradient(i, j);
                EXPECT_NEAR(derivative, difference, 1e-6 * gradient.cwiseAbs().maxCoeff());
                const Matrix gradient_difference = (above - below) / (2 * step);
                Index row = 0;
                for (Index l = 0; l < size; ++l)
                    for (Index k = l; k < size; ++k, ++row)
                        EXPECT_NEAR(hessian(row, column), (k == l ? 1 : 2) * gradient_difference(k, l),
                                    1e-6 * hessian.cwiseAbs().maxCoeff());
            }
        }
    }
}

TEST(DataTerm, IsInfiniteWhereTheKernelIsNotPositiveDefinite) {
    RandomProblem problem{7, 5, uneven_architecture({2}, 1)};
    const PathKernels kernels = problem.kernels();
    Matrix gradient;
    EXPECT_TRUE(std::isinf(
        DataTerm(kernels, problem.targets(), 1e-6).value_and_gradient(-Matrix::Identity(2, 2), gradient)));
}

/// Values and gradients together are those one by one, and each has the same bits whichever others there are,
/// wherever it stands among them.
TEST(DataTerm, IsTheSameTogether) {
    std::vector<RandomProblem> all = problems();
    all.push_back({40, 6, uneven_architecture({2, 2}, 1), 1, KernelStorage::kernels});  // pairs in blocks
    for (const RandomProblem& problem : all) {
        const PathKernels kernels = problem.kernels();
        DataTerm data_term(kernels, problem.targets(), 0.2);
        const Index size = problem.architecture.paths() * problem.architecture.outputs;
        constexpr std::size_t most = 10;  // two passes
        std::vector<Matrix> U;
        for (std::size_t i = 0; i < most; ++i) U.push_back(positive_definite(size, 4 + i));
        U[5] = -Matrix::Identity(size, size);
        std::vector<Matrix> gradients(most);
        const Vector values = data_term.varying_values_and_gradients(U, gradients);
        EXPECT_TRUE(std::isinf(values(5)));
        EXPECT_EQ(gradients[5].size(), 0);
        Matrix gradient;
        for (std::size_t i = 0; i < most; ++i) {
            if (i == 5) continue;
            const double value = data_term.varying_value_and_gradient(U[i], gradient);
            EXPECT_NEAR(values(static_cast<Index>(i)), value, 1e-12 * std::abs(value));
            EXPECT_LT((gradients[i] - gradient).cwiseAbs().maxCoeff(), 1e-11 * gradient.norm());
            for (std::size_t count = 1; count + i <= most; ++count) {
                std::vector<Matrix> again(count);
                const Vector some =
                    data_term.varying_values_and_gradients(std::span(U).subspan(i, count), again);
                EXPECT_EQ(some(0), values(static_cast<Index>(i)));
                EXPECT_EQ(again[0], gradients[i]);
            }
        }
    }
}

}  // namespace
}  // namespace attnpaths
