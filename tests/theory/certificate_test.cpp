// Certificates of rank-deficient problems: identical heads, heads that attend to nothing in particular, one
// token, examples that are there twice, at temperatures where the kernel without the temperature is singular.

#include "network/path_feature_error.hpp"
#include "network/path_features.hpp"
#include "tasks/hidden_markov/hidden_markov.hpp"
#include "theory/random_problem.hpp"
#include "theory/saddle_point.hpp"

#include <Eigen/LU>
#include <gtest/gtest.h>

#include <numeric>

namespace attnpaths {
namespace {

using testing::normal_matrix;
using testing::uneven_architecture;

constexpr Index P = 6;
constexpr Index N0 = 5;

struct Case {
    const char* name;
    Index tokens;
    HeadLayers layers;
    bool repeats_examples;
};

AttentionHead head_of(const Matrix& W) {
    AttentionHead head;
    head.W = W;
    return head;
}

std::vector<Case> deficient_cases() {
    const AttentionHead some = head_of(normal_matrix(N0, N0, 1));
    const AttentionHead other = head_of(normal_matrix(N0, N0, 2));
    const AttentionHead zero = head_of(Matrix::Zero(N0, N0));
    return {{"identical heads", 4, {{some, some}}, false},
            {"zero heads", 4, {{zero, zero}, {zero, some}}, false},
            {"one token", 1, {{some, other}}, false},
            {"examples twice", 4, {{some, other}}, true}};
}

/// The gradient of the data term in the other form: with push-through, xi'w = (1 + xi'xi U c/T)^{-1} xi'y / T
/// needs no basis of examples; in long double it keeps digits enough for T = 1e-8.
using Wide = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

Wide data_term_gradient(const Matrix& features, const Matrix& y, Index paths, long double c, long double T,
                        const Matrix& U) {
    const Index width = features.cols() / paths;
    const Wide xi = features.cast<long double>();
    Wide weights = Wide::Zero(features.cols(), features.cols());
    for (Index a = 0; a < paths; ++a)
        for (Index b = 0; b < paths; ++b)
            weights.block(a * width, b * width, width, width).diagonal().array() =
                c * static_cast<long double>(U(a, b));
    const Wide system = T * Wide::Identity(features.cols(), features.cols()) + xi.transpose() * xi * weights;
    const Eigen::FullPivLU<Wide> solver(system);
    const Wide projected = solver.solve(xi.transpose() * y.cast<long double>());
    const Wide resolvent = solver.solve(xi.transpose() * xi);
    Wide gradient(paths, paths);
    for (Index a = 0; a < paths; ++a)
        for (Index b = 0; b < paths; ++b)
            gradient(a, b) =
                c *
                (resolvent.block(a * width, b * width, width, width).trace() -
                 (projected.middleRows(a * width, width).transpose() * projected.middleRows(b * width, width))
                     .trace());
    return gradient;
}

TEST(Certificate, HoldsForDeficientFeaturesAtAnyTemperature) {
    for (const Case& one : deficient_cases()) {
        SCOPED_TRACE(one.name);
        Matrix x = normal_matrix(N0, P * one.tokens, 7);
        if (one.repeats_examples) x.rightCols(one.tokens * P / 2) = x.leftCols(one.tokens * P / 2);
        Matrix y = normal_matrix(P, 1, 8).cwiseSign();
        const Matrix features =
            path_features({x, one.tokens}, one.layers, AttentionKind::softmax, Readout::average);
        std::vector<Index> heads;
        for (const auto& layer : one.layers) heads.push_back(static_cast<Index>(layer.size()));
        Architecture architecture = uneven_architecture(heads, 1);
        const Index paths = architecture.paths();
        const double c = 1.0 / static_cast<double>(N0 * paths);
        std::vector<Index> examples(P);
        std::iota(examples.begin(), examples.end(), Index{0});
        const TrainingSet set =
            make_training_set(features, y,
                              largest_token({x, one.tokens}, examples) *
                                  path_feature_error({x, one.tokens}, one.layers, AttentionKind::softmax,
                                                     Readout::average, examples));
        const PathKernels kernels(set.features, paths, 1, c, KernelStorage::kernels);
        for (const double T : {1e-12, 1e-10, 1e-8, 1e-4, 1.0, 1e6}) {
            SCOPED_TRACE(T);
            DataTerm data_term(kernels, set, T);
            const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
            EXPECT_LT(saddle.gradient.norm_U, 1e-6);
            EXPECT_GE(saddle.gradient.bound_U, 0);
            EXPECT_TRUE(std::isfinite(saddle.gradient.bound_relative));
            EXPECT_TRUE(saddle.is_certified || T < 1);
            if (T >= 1e-4) {
                EXPECT_LT(saddle.gradient.bound_U, 1e-8);
            }
            EXPECT_GT(saddle.hessian_min, 0);
            // The true gradient at this U: the entropy's part has no such cancellation.
            Matrix computed;
            data_term.value_and_gradient(saddle.order_parameters.U[0], computed);
            const Wide truth = data_term_gradient(features, y, paths, c, T, saddle.order_parameters.U[0]);
            const Matrix bound =
                data_term.gradient_bound(WhitenedCoordinates(architecture).expand(saddle.unknowns).A.back());
            EXPECT_LE(
                ((truth - computed.cast<long double>()).cwiseAbs() - bound.cast<long double>()).maxCoeff(),
                0);
        }
    }
}

/// Where the labels say nothing against it, the order parameter must move off the prior: it stayed at U = 1.
TEST(Certificate, DeficientProblemsLeaveThePrior) {
    const Case one = deficient_cases().front();
    const Matrix x = normal_matrix(N0, P * one.tokens, 7);
    const Matrix y = normal_matrix(P, 1, 8).cwiseSign();
    const Matrix features =
        path_features({x, one.tokens}, one.layers, AttentionKind::softmax, Readout::average);
    const Architecture architecture = testing::even_architecture({2}, 1);
    const TrainingSet set = make_training_set(features, y);
    const PathKernels kernels(set.features, 2, 1, 0.1, KernelStorage::kernels);
    std::vector<Matrix> U;
    for (const double T : {1e-12, 1e-6}) {
        DataTerm data_term(kernels, set, T);
        U.push_back(solve_saddle_point(architecture, data_term, {}).order_parameters.U[0]);
    }
    EXPECT_GT((U[0] - Matrix::Identity(2, 2)).norm(), 0.1);
    EXPECT_LT((U[0] - U[1]).norm(), 1e-3 * U[1].norm());
}

/// The paper's task, with scores of a hundred that sum terms of thousands: the roundings of its features are
/// those of its features, not those of the terms.
TEST(Certificate, ReferenceTaskIsCertified) {
    HiddenMarkovTask task;
    task.test_examples = 2;
    const Dataset dataset = make_hidden_markov(task);
    const Matrix features = path_features(dataset.train, dataset.layers, dataset.attention, dataset.readout);
    std::vector<Index> examples(static_cast<std::size_t>(features.rows()));
    std::iota(examples.begin(), examples.end(), Index{0});
    const TrainingSet set = make_training_set(
        features, dataset.train.y,
        largest_token(dataset.train, examples) *
            path_feature_error(dataset.train, dataset.layers, dataset.attention, dataset.readout, examples));
    const PathKernels kernels(set.features, 4, 1, 1 / static_cast<double>(features.cols()),
                              KernelStorage::kernels);
    for (const double T : {1e-6, 1e-4, 1e-2})
        for (const double width : {10.0, 100.0, 1000.0}) {
            SCOPED_TRACE(::testing::Message() << "T = " << T << ", N = " << width);
            DataTerm data_term(kernels, set, T);
            const SaddlePoint saddle =
                solve_saddle_point(testing::even_architecture({2, 2}, width), data_term, {});
            EXPECT_TRUE(saddle.is_certified) << saddle.gradient.norm_U << " +- " << saddle.gradient.bound_U;
        }
}

/// What the minimiser leaves is what rounding explains, and is small in units of U.
void expect_solved(const Architecture& architecture, const TrainingSet& set, double T, double remainder) {
    const auto width = static_cast<double>(set.features.cols());
    const PathKernels kernels(set.features, architecture.paths(), 1, 1 / width, KernelStorage::kernels);
    DataTerm data_term(kernels, set, T);
    const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
    EXPECT_LE(saddle.gradient.norm_U, 10 * saddle.gradient.bound_U + 1e-10);
    EXPECT_LE(saddle.gradient.norm_relative, remainder);
    EXPECT_GT(saddle.hessian_min, 0);
}

/// With fewer units than paths U collapses to the order of T along directions that the labels can spare: the
/// minimiser must follow a narrow, curved valley over many orders of magnitude.
TEST(Certificate, OrderParametersThatCollapseAreSolved) {
    for (const std::uint64_t seed : {1, 2, 3})
        for (const double T : {1e-12, 1e-10, 1e-7, 1e-4}) {
            SCOPED_TRACE(T);
            const TrainingSet set = make_training_set(normal_matrix(8, 8, seed), normal_matrix(8, 1, 8));
            expect_solved(testing::even_architecture({2, 2}, 1), set, T, 1e-2);
        }
}

/// As many examples as features, and two more and less, where the kernel's smallest eigenvalue is anything.
TEST(Certificate, HoldsAroundAsManyExamplesAsFeatures) {
    constexpr Index columns = 40;
    for (Index examples = columns - 2; examples <= columns + 2; ++examples)
        for (const double T : {1e-12, 1e-8, 1e-4, 1.0, 1e6}) {
            SCOPED_TRACE(T);
            const TrainingSet set =
                make_training_set(normal_matrix(examples, columns, 5), normal_matrix(examples, 1, 6));
            expect_solved(testing::even_architecture({2, 2}, 20), set, T, 1e-3);
        }
}

/// P = 60 examples of 80 features that span 10 dimensions.
TEST(Certificate, HoldsForFeaturesOfLowRank) {
    const Matrix features = normal_matrix(60, 10, 3) * normal_matrix(10, 80, 4) / std::sqrt(10.0);
    const Matrix y = normal_matrix(60, 1, 6).cwiseSign();
    for (double T = 1e-12; T < 1e7; T *= 1e3) {
        SCOPED_TRACE(T);
        const TrainingSet set = make_training_set(features, y);
        EXPECT_EQ(set.features.rows(), 10);
        expect_solved(testing::even_architecture({2, 2}, 20), set, T, 1e-3);
    }
}

}  // namespace
}  // namespace attnpaths
