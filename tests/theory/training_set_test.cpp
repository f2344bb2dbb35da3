#include "theory/training_set.hpp"

#include "theory/data_term.hpp"
#include "theory/predictor.hpp"
#include "theory/random_problem.hpp"
#include "theory/saddle_point.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::normal_matrix;
using testing::RandomProblem;
using testing::uneven_architecture;

PathKernels kernels_of(const Matrix& features, const Architecture& architecture) {
    return {features, architecture.paths(), architecture.outputs, 0.05, KernelStorage::kernels};
}

TEST(TrainingSet, FewExamplesStayAsTheyAre) {
    const RandomProblem problem{6, 4, uneven_architecture({2}, 1)};
    const TrainingSet set = make_training_set(problem.features(), problem.targets());
    EXPECT_FALSE(set.is_reduced());
    EXPECT_EQ(set.features, problem.features());
    EXPECT_EQ(set.y, problem.targets());
    EXPECT_EQ(set.data_term_constant(0.1), 0);
}

/// More examples than features: energy, gradient and predictor are those of the examples themselves.
TEST(TrainingSet, ReductionIsExact) {
    for (const Index outputs : {1, 2}) {
        const RandomProblem problem{40, 4, uneven_architecture({2, 2}, outputs)};
        const TrainingSet set = make_training_set(problem.features(), problem.targets());
        EXPECT_TRUE(set.is_reduced());
        EXPECT_EQ(set.features.rows(), 16);
        const PathKernels whole = kernels_of(problem.features(), problem.architecture);
        const PathKernels reduced = kernels_of(set.features, problem.architecture);
        const double T = 0.3;
        const Matrix half = normal_matrix(4 * outputs, 4 * outputs, 3);
        const Matrix U = half * half.transpose();
        Matrix gradient;
        Matrix reduced_gradient;
        const double data_term = DataTerm(whole, problem.targets(), T).value_and_gradient(U, gradient);
        const double reduced_energy = DataTerm(reduced, set, T).value_and_gradient(U, reduced_gradient);
        EXPECT_NEAR(reduced_energy, data_term, 1e-10 * std::abs(data_term));
        EXPECT_LT((reduced_gradient - gradient).cwiseAbs().maxCoeff(), 1e-9 * gradient.cwiseAbs().maxCoeff());

        const Matrix test = normal_matrix(5, 16, 7);
        const Prediction expected = Predictor(whole, problem.targets(), T, U).predict(test);
        const Prediction prediction = Predictor(reduced, set.y, T, U).predict(test);
        EXPECT_LT((prediction.mean - expected.mean).cwiseAbs().maxCoeff(), 1e-9);
        EXPECT_LT((prediction.variance - expected.variance).cwiseAbs().maxCoeff(), 1e-9);
    }
}

/// Many more examples than features at low temperature: 1/T of the directions without features would drown
/// the gradient.
TEST(TrainingSet, ReductionReachesTheToleranceWhereExamplesDoNot) {
    const Architecture architecture = even_architecture({2, 2}, 100);
    const Matrix features = normal_matrix(600, 4 * 6, 1);
    const Matrix y = normal_matrix(600, 1, 2).cwiseSign();
    const TrainingSet set = make_training_set(features, y);
    const PathKernels kernels = kernels_of(set.features, architecture);
    DataTerm data_term(kernels, set, 1e-4);
    EXPECT_LE(solve_saddle_point(architecture, data_term, {}).gradient.norm_U, 1e-10);
}

}  // namespace
}  // namespace attnpaths
