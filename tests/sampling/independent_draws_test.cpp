#include "sampling/independent_draws.hpp"

#include "base/error.hpp"
#include "sampling/control_variates.hpp"
#include "sampling/controlled_mean.hpp"
#include "sampling/importance_weights.hpp"
#include "sampling/lower_triangle.hpp"
#include "sampling/pareto_tail.hpp"
#include "theory/next_order.hpp"
#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::normal_matrix;
using testing::RandomProblem;
using testing::ReferenceTask;
using testing::uneven_architecture;

TEST(NormalScores, AreInvertibleWithTheSlopesOfDifferences) {
    const NormalScores scores(uneven_architecture({2, 3}, 1));
    for (const double size : {0.3, 1.0, 3.0}) {
        const Vector z = size * normal_matrix(scores.size(), 1, 4);
        const Vector unknowns = scores.unknowns(z);
        EXPECT_LT((scores.scores(unknowns) - z).cwiseAbs().maxCoeff(), 1e-9);
        const NormalScores::Slopes slopes = scores.slopes(z, unknowns);
        constexpr double h = 1e-4;
        const Vector up = scores.unknowns(z + Vector::Constant(z.size(), h));
        const Vector down = scores.unknowns(z - Vector::Constant(z.size(), h));
        EXPECT_LT(((up - down) / (2 * h) - slopes.first).cwiseAbs().maxCoeff(), 1e-7);
        EXPECT_LT(((up - 2 * unknowns + down) / (h * h) - slopes.second).cwiseAbs().maxCoeff(), 1e-5);
    }
}

TEST(NormalScores, KeepTheirDigitsInTheTails) {
    const NormalScores scores(even_architecture({2}, 1000));
    for (const double z : {-30.0, -8.0, 8.0, 30.0}) {
        const Vector all = Vector::Constant(scores.size(), z);
        EXPECT_LT((scores.scores(scores.unknowns(all)) - all).cwiseAbs().maxCoeff(), 1e-8);
    }
    EXPECT_FALSE(scores.unknowns(Vector::Constant(scores.size(), 40)).allFinite());
}

TEST(NormalScores, RefuseWidthsBelowTheNumberOfPaths) {
    EXPECT_THROW(NormalScores(even_architecture({2, 2}, 3)), NumericalError);
}

/// Log weights of the first blocks.
Vector log_weights_of(const IndependentDraws& draws, Index blocks) {
    Vector weights(IndependentDraws::block_size * blocks);
    for (Index number = 0; number < blocks; ++number)
        weights.segment(number * IndependentDraws::block_size, IndependentDraws::block_size) =
            draws.log_weights(draws.block(static_cast<std::uint64_t>(number)));
    return weights;
}

/// Lower triangles of U_1 of one block, [elements, draws].
Matrix triangles_of(const IndependentDraws& draws, Index number) {
    Matrix triangles;
    Index draw = 0;
    for (const Matrix& U : draws.block(static_cast<std::uint64_t>(number)).U) {
        const Vector triangle = lower_triangle(U);
        if (draw == 0) triangles.resize(triangle.size(), IndependentDraws::block_size);
        triangles.col(draw++) = triangle;
    }
    return triangles;
}

ControlledMean::Estimate mean_of_U(const IndependentDraws& draws, const Vector& log_weights,
                                   const ControlVariates* controls = nullptr) {
    const Vector weights = relative_weights(log_weights);
    ControlledMean mean(triangles_of(draws, 0).col(0), controls == nullptr ? 0 : controls->count());
    for (Index number = 0; number < weights.size() / IndependentDraws::block_size; ++number)
        mean.add(number, triangles_of(draws, number),
                 weights.segment(number * IndependentDraws::block_size, IndependentDraws::block_size),
                 controls == nullptr
                     ? Matrix()
                     : controls->of_pairs(draws.block(static_cast<std::uint64_t>(number)).normals));
    return mean.estimate();
}

double log_evidence_of(const ControlledMean::Estimate& mean, const Vector& log_weights, Index targets,
                       const DataTerm& data_term) {
    return IndependentDraws::log_evidence(log_weights.maxCoeff() + std::log(mean.mean_weight), targets,
                                          data_term.constant());
}

/// Without data the proposal is the posterior: all weights are equal, and the evidence is that of the noise.
TEST(IndependentDraws, AreExactWithoutData) {
    const RandomProblem problem{6, 4, uneven_architecture({2, 2}, 2)};
    const PathKernels kernels = problem.kernels();
    const Matrix y = Matrix::Zero(6, 2);
    DataTerm data_term(kernels, y, 1e12);
    const SaddlePoint saddle = solve_saddle_point(problem.architecture, data_term, {});
    const IndependentDraws draws(problem.architecture, data_term, saddle.unknowns, 1, 1);
    EXPECT_LT(draws.mode().cwiseAbs().maxCoeff(), 1e-6);
    const Vector log_weights = log_weights_of(draws, 30);
    EXPECT_NEAR(effective_draws(log_weights), 960, 1e-3);
    const double noise = -6 * std::log(2 * M_PI * 1e12);
    EXPECT_NEAR(log_evidence_of(mean_of_U(draws, log_weights), log_weights, 12, data_term), noise, 1e-6);
}

/// Means of U by 160,000 draws of an independent no-U-turn sampler, and log evidences of an independent
/// implementation: N = 10, 100, 1000.
TEST(IndependentDraws, AgreeWithOtherSamplers) {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    const Matrix y = task.targets("train");
    struct Reference {
        double width, U_11, U_11_error, log_evidence, evidence_error, least_efficiency, largest_shape;
    };
    for (const Reference& reference : {Reference{10, 14.878375, 0.0083, -103.868, 0.003, 0.1, 0.7},
                                       Reference{100, 2.931717, 0.002, -136.3736, 0.0002, 0.9, 0.5},
                                       Reference{1000, 1.268287351, 1e-5, -159.03770, 0.00001, 0.99, 0.5}}) {
        const Architecture architecture = even_architecture({2, 2}, reference.width);
        DataTerm data_term(kernels, y, 0.01);
        const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
        const IndependentDraws draws(architecture, data_term, saddle.unknowns, 1,
                                     proposal_widening(architecture));
        const Vector log_weights = log_weights_of(draws, 250);
        const ControlledMean::Estimate U = mean_of_U(draws, log_weights);
        EXPECT_LT(std::abs(U.mean(0) - reference.U_11), 4 * std::hypot(U.error(0), reference.U_11_error));
        EXPECT_GT(effective_draws(log_weights),
                  reference.least_efficiency * static_cast<double>(log_weights.size()));
        EXPECT_LT(pareto_shape(log_weights), reference.largest_shape);
        const double value = log_evidence_of(U, log_weights, y.size(), data_term);
        const double error = U.mean_weight_error / U.mean_weight;
        EXPECT_LT(std::abs(value - reference.log_evidence), 4 * std::hypot(error, reference.evidence_error));
    }
}

/// Where both hold, means and spreads are those of the next order in 1/N.
TEST(IndependentDraws, AgreeWithTheNextOrder) {
    const RandomProblem problem{20, 6, even_architecture({2, 2}, 400)};
    const PathKernels kernels = problem.kernels();
    const Matrix y = problem.targets();
    DataTerm data_term(kernels, y, 0.1);
    const SaddlePoint saddle = solve_saddle_point(problem.architecture, data_term, {});
    const NextOrder next(problem.architecture, data_term, y, 0.1, saddle);
    const IndependentDraws draws(problem.architecture, data_term, saddle.unknowns, 1, 1);
    const ControlledMean::Estimate U = mean_of_U(draws, log_weights_of(draws, 600));
    const Vector expected = lower_triangle(next.order_parameter());
    const Vector sd = lower_triangle(next.standard_deviation());
    for (Index i = 0; i < expected.size(); ++i) {
        EXPECT_LT(std::abs(U.mean(i) - expected(i)), 4 * U.error(i) + 1e-4);
        EXPECT_NEAR(U.sd(i) / sd(i), 1, 0.05);
    }
}

/// Where errors of plain means are of the order 1/N, controls leave those of the order 1/N^2. Means agree
/// with plain ones within the errors of these, and with the next order in 1/N up to its own, which is far
/// below.
TEST(ControlVariates, BringErrorsBelowThoseOfTheNextOrder) {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    const Matrix y = task.targets("train");
    struct Case {
        double width, least_gain;
    };
    for (const Case& c : {Case{100, 5}, Case{1000, 50}}) {
        const Architecture architecture = even_architecture({2, 2}, c.width);
        DataTerm data_term(kernels, y, 0.01);
        const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
        const IndependentDraws draws(architecture, data_term, saddle.unknowns, 1,
                                     proposal_widening(architecture));
        const ControlVariates controls(draws.third_derivatives());
        const Vector log_weights = log_weights_of(draws, 250);
        const ControlledMean::Estimate plain = mean_of_U(draws, log_weights);
        const ControlledMean::Estimate controlled = mean_of_U(draws, log_weights, &controls);
        const NextOrder next(architecture, data_term, y, 0.01, saddle);
        const Vector next_U = lower_triangle(next.order_parameter());
        const Vector saddle_U = lower_triangle(saddle.order_parameters.U.front());
        for (Index i = 0; i < next_U.size(); ++i)
            EXPECT_LT(std::abs(controlled.mean(i) - plain.mean(i)), 4 * plain.error(i));
        EXPECT_GT(controlled.gain, c.least_gain);
        EXPECT_LT(controlled.error.norm(), (controlled.mean - next_U).norm());
        EXPECT_LT(10 * (controlled.mean - next_U).norm(), (controlled.mean - saddle_U).norm());
        EXPECT_LT(controlled.mean_weight_error, plain.mean_weight_error);
    }
}

/// As is assumed: the controls have the mean 0 under the proposal, whatever the third derivatives.
TEST(ControlVariates, HaveNoMean) {
    constexpr Index unknowns = 3;
    constexpr Index pairs = 200000;
    Matrix T = Matrix::Zero(unknowns * unknowns, unknowns);
    const Matrix a = normal_matrix(unknowns, 2, 5);
    for (Index k = 0; k < 2; ++k)  // symmetric
        for (Index c = 0; c < unknowns; ++c)
            T.col(c) += a(c, k) * (a.col(k) * a.col(k).transpose()).reshaped();
    const ControlVariates variates(T);
    const Matrix controls = variates.of_pairs(normal_matrix(unknowns, pairs, 6));
    ASSERT_EQ(controls.rows(), variates.count());
    const Vector mean = controls.rowwise().mean();
    const Vector error = (controls.rowwise().squaredNorm() / pairs / pairs).cwiseSqrt();
    EXPECT_LT(mean.cwiseQuotient(error).cwiseAbs().maxCoeff(), 4);
}

/// Any draw can be made alone.
TEST(IndependentDraws, AreNumbered) {
    for (const KernelStorage storage : {KernelStorage::kernels, KernelStorage::features}) {
        const RandomProblem problem{70, 40, uneven_architecture({4, 2}, 1), 1, storage};
        const PathKernels kernels = problem.kernels();
        DataTerm data_term(kernels, problem.targets(), 0.2);
        const SaddlePoint saddle = solve_saddle_point(problem.architecture, data_term, {});
        const IndependentDraws draws(problem.architecture, data_term, saddle.unknowns, 7, 1);
        static_cast<void>(draws.log_weights(draws.block(2)));
        const IndependentDraws::Block one = draws.block(5);
        const IndependentDraws again(problem.architecture, data_term, saddle.unknowns, 7, 1);
        const IndependentDraws::Block same = again.block(5);
        EXPECT_EQ(one.U, same.U);
        EXPECT_EQ(draws.log_weights(one), again.log_weights(same));
        EXPECT_NE(one.U, again.block(6).U);
    }
}

/// Exponentials of normal and of exponential variates: no heavy tail, and a tail of known shape.
TEST(ParetoShape, IsThatOfTheTail) {
    constexpr Index draws = 20000;
    RandomStream random(1, "test", 0);
    Vector light(draws);
    Vector heavy(draws);
    for (Index i = 0; i < draws; ++i) {
        light(i) = 0.1 * random.normal();
        heavy(i) = -0.8 * std::log(random.uniform());
    }
    EXPECT_LT(pareto_shape(light), 0.2);
    EXPECT_NEAR(pareto_shape(heavy), 0.8, 0.15);
    EXPECT_EQ(pareto_shape(Vector::Zero(1000)), -std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isnan(pareto_shape(Vector::Zero(10))));
}

}  // namespace
}  // namespace attnpaths
