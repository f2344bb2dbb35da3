#include "sampling/independent_draws.hpp"

#include "base/error.hpp"
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

struct Sample {
    Matrix triangles;  ///< of U_1 [elements, draws]
    Vector log_weights;
};

Sample sample_of(const IndependentDraws& draws, std::size_t blocks) {
    const auto size = static_cast<Index>(IndependentDraws::block_size);
    Sample sample;
    sample.log_weights.resize(size * static_cast<Index>(blocks));
    for (std::size_t number = 0; number < blocks; ++number) {
        const IndependentDraws::Block block = draws.draw(number);
        const Index start = static_cast<Index>(number) * size;
        sample.log_weights.segment(start, size) = block.log_weights;
        for (Index i = 0; i < size; ++i) {
            const Vector triangle = lower_triangle(block.U[static_cast<std::size_t>(i)]);
            if (sample.triangles.size() == 0)
                sample.triangles.resize(triangle.size(), sample.log_weights.size());
            sample.triangles.col(start + i) = triangle;
        }
    }
    return sample;
}

/// Without data the proposal is the posterior: all weights are equal, and the evidence is that of the noise.
TEST(IndependentDraws, AreExactWithoutData) {
    const RandomProblem problem{6, 4, uneven_architecture({2, 2}, 2)};
    const PathKernels kernels = problem.kernels();
    const Matrix y = Matrix::Zero(6, 2);
    DataTerm data_term(kernels, y, 1e12);
    const SaddlePoint saddle = solve_saddle_point(problem.architecture, data_term, {});
    const IndependentDraws draws(problem.architecture, data_term, saddle.unknowns, 1);
    EXPECT_LT(draws.mode().cwiseAbs().maxCoeff(), 1e-6);
    const Sample sample = sample_of(draws, 30);
    EXPECT_NEAR(effective_draws(sample.log_weights), 960, 1e-3);
    const double noise = -6 * std::log(2 * M_PI * 1e12);
    EXPECT_NEAR(IndependentDraws::log_evidence(sample.log_weights, 12, data_term.constant()).log_evidence,
                noise, 1e-6);
}

/// Means of U by 160,000 draws of an independent no-U-turn sampler, and log evidences of an independent
/// implementation: N = 10, 100, 1000.
TEST(IndependentDraws, AgreeWithOtherSamplers) {
    const ReferenceTask task;
    const PathKernels kernels = task.kernels();
    const Matrix y = task.targets("train");
    struct Reference {
        double width, widening, U_11, U_11_error, log_evidence, evidence_error, least_efficiency,
            largest_shape;
    };
    for (const Reference& reference :
         {Reference{10, 1.15, 14.878375, 0.0083, -103.868, 0.003, 0.1, 0.7},
          Reference{100, 1, 2.931717, 0.002, -136.3736, 0.0002, 0.9, 0.5},
          Reference{1000, 1, 1.268287351, 1e-5, -159.03770, 0.00001, 0.99, 0.5}}) {
        const Architecture architecture = even_architecture({2, 2}, reference.width);
        DataTerm data_term(kernels, y, 0.01);
        const SaddlePoint saddle = solve_saddle_point(architecture, data_term, {});
        const IndependentDraws draws(architecture, data_term, saddle.unknowns, 1, reference.widening);
        constexpr std::size_t blocks = 250;
        const Sample sample = sample_of(draws, blocks);
        const WeightedMean U = weighted_mean(sample.triangles, sample.log_weights);
        EXPECT_LT(std::abs(U.mean(0) - reference.U_11), 4 * std::hypot(U.error(0), reference.U_11_error));
        EXPECT_GT(effective_draws(sample.log_weights),
                  reference.least_efficiency * static_cast<double>(sample.log_weights.size()));
        EXPECT_LT(pareto_shape(sample.log_weights), reference.largest_shape);
        const auto [value, error] =
            IndependentDraws::log_evidence(sample.log_weights, y.size(), data_term.constant());
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
    const IndependentDraws draws(problem.architecture, data_term, saddle.unknowns, 1);
    const Sample sample = sample_of(draws, 600);
    const WeightedMean U = weighted_mean(sample.triangles, sample.log_weights);
    const Vector expected = lower_triangle(next.order_parameter());
    const Vector sd = lower_triangle(next.standard_deviation());
    for (Index i = 0; i < expected.size(); ++i) {
        EXPECT_LT(std::abs(U.mean(i) - expected(i)), 4 * U.error(i) + 1e-4);
        EXPECT_NEAR(U.sd(i) / sd(i), 1, 0.05);
    }
}

/// Any draw can be made alone.
TEST(IndependentDraws, AreNumbered) {
    for (const KernelStorage storage : {KernelStorage::kernels, KernelStorage::features}) {
        const RandomProblem problem{70, 40, uneven_architecture({4, 2}, 1), 1, storage};
        const PathKernels kernels = problem.kernels();
        DataTerm data_term(kernels, problem.targets(), 0.2);
        const SaddlePoint saddle = solve_saddle_point(problem.architecture, data_term, {});
        const IndependentDraws draws(problem.architecture, data_term, saddle.unknowns, 7);
        static_cast<void>(draws.draw(2));
        const IndependentDraws::Block one = draws.draw(5);
        const IndependentDraws again(problem.architecture, data_term, saddle.unknowns, 7);
        const IndependentDraws::Block same = again.draw(5);
        EXPECT_EQ(one.U, same.U);
        EXPECT_EQ(one.log_weights, same.log_weights);
        EXPECT_NE(one.log_weights, again.draw(6).log_weights);
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
