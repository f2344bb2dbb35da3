#include "theory/self_training.hpp"

#include "theory/random_problem.hpp"
#include "theory/saddle_point.hpp"

#include <Eigen/LU>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::normal_matrix;

constexpr Index input_width = 6;
constexpr Index labelled = 8;
constexpr Index points = 5;
constexpr Index without_labels = 12;

/// A problem of given path features, two classes, and examples without labels.
struct Case {
    explicit Case(std::vector<Index> heads, double width = 12)
        : architecture(even_architecture(std::move(heads), width)) {
        const Index columns = input_width * architecture.paths();
        Dataset data;
        data.input_width = input_width;
        for (const Index count : architecture.heads)
            data.layers.emplace_back(static_cast<std::size_t>(count), AttentionHead{});
        const auto fill = [&](ExampleSet& set, const std::string& name, Index examples, std::uint64_t seed) {
            set.name = name;
            set.xi = normal_matrix(examples, columns, seed);
            set.y = Matrix::Ones(examples, 1);
            for (Index example = 0; example < examples; example += 2) set.y(example) = -1;
        };
        fill(data.train, "train", labelled, 1);
        data.tests.emplace_back();
        fill(data.tests.front(), "test", points, 2);
        features.unlabelled = normal_matrix(without_labels, columns, 3);
        const auto path_data =
            std::make_shared<PathData>(std::make_shared<const Dataset>(data), architecture.heads);
        training = std::make_shared<TrainingKernels>(path_data, labelled, 1, KernelStorage::features, "test");
        // Class by class, as the problem has them.
        for (const double y : {1.0, -1.0})
            for (Index example = 0; example < labelled; ++example)
                if (data.train.y(example) == y) order.push_back(example);
        features.labelled = data.train.xi(order, Eigen::all);
    }

    [[nodiscard]] Problem problem() const { return {architecture, 0.3, training}; }
    [[nodiscard]] Matrix solve(DataTerm& data_term) const {
        return solve_saddle_point(architecture, data_term, {}).order_parameters.U.front();
    }
    [[nodiscard]] Matrix teacher() const {
        DataTerm data_term = problem().data_term();
        return solve(data_term);
    }
    [[nodiscard]] std::vector<SelfTrainingRound> rounds(const SelfTrainingOptions& options) const {
        return self_train(problem(), teacher(), features, options,
                          [&](DataTerm& data_term) { return solve(data_term); });
    }

    Architecture architecture;
    SelfTrainingFeatures features;
    std::shared_ptr<TrainingKernels> training;
    std::vector<Index> order;
};

/// k'(K + D)^{-1} y with a noise for each example, all of it dense.
TEST(SelfTraining, ScaledExamplesAreAProblemOfTwoTemperatures) {
    const Case task({2, 1});
    const Index paths = 2;
    const double T = 0.3;
    const double T_u = 1.7;
    const Matrix labels = normal_matrix(without_labels, 1, 4);
    Matrix U = normal_matrix(paths, paths, 5);
    U = U * U.transpose() + Matrix::Identity(paths, paths);
    const double prefactor = task.training->prefactor();

    const TrainingSet set = joint_training_set(task.features.labelled, task.training->targets(),
                                               task.features.unlabelled, labels, T_u / T);
    const PathKernels kernels(set.features, paths, 1, prefactor, KernelStorage::features);
    const Matrix& test = task.problem().test_features().front();
    const Prediction found = Predictor(kernels, set.y, T, U).predict(test);

    Matrix all(labelled + without_labels, test.cols());
    all << task.features.labelled, task.features.unlabelled;
    Vector y(all.rows());
    y << task.training->targets(), labels;
    Vector noise(all.rows());
    noise << Vector::Constant(labelled, T), Vector::Constant(without_labels, T_u);
    const auto kernel = [&](const Matrix& a, const Matrix& b) {
        Matrix sum = Matrix::Zero(a.rows(), b.rows());
        for (Index p = 0; p < paths; ++p)
            for (Index q = 0; q < paths; ++q)
                sum += prefactor * U(p, q) * a.middleCols(p * input_width, input_width) *
                       b.middleCols(q * input_width, input_width).transpose();
        return sum;
    };
    Matrix inverse = kernel(all, all);
    inverse.diagonal() += noise;
    inverse = inverse.inverse().eval();
    const Matrix cross = kernel(test, all);
    EXPECT_LT((found.mean - cross * inverse * y).cwiseAbs().maxCoeff(), 1e-12);
    const Matrix variance = kernel(test, test) - cross * inverse * cross.transpose();
    EXPECT_LT((found.variance - variance.diagonal()).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(SelfTraining, NoisyEnoughPseudoLabelsLeaveTheTeacher) {
    const Case task({2, 2});
    for (const PseudoLabels labels : {PseudoLabels::soft, PseudoLabels::sign}) {
        const auto rounds = task.rounds({labels, 1e14, 1, 0});
        ASSERT_EQ(rounds.size(), 2U);
        EXPECT_LT(rounds[1].change, 1e-9);
        EXPECT_LT((rounds[1].U - rounds[0].U).cwiseAbs().maxCoeff(), 1e-8 * rounds[0].U.norm());
    }
    EXPECT_GT(task.rounds({PseudoLabels::sign, 1, 1, 0})[1].change, 1e-2) << "the test can fail";
}

TEST(SelfTraining, NoExamplesWithoutLabelsAreThePlainPredictor) {
    Case task({1});
    task.features.unlabelled.resize(0, input_width);
    const auto rounds = task.rounds({PseudoLabels::soft, 1, 5, 1e-3});
    ASSERT_EQ(rounds.size(), 2U) << "nothing changes, so nothing goes on";
    EXPECT_LT((rounds[1].test.mean - rounds[0].test.mean).cwiseAbs().maxCoeff(), 1e-10);
    EXPECT_NEAR(rounds[1].U(0, 0), rounds[0].U(0, 0), 1e-9 * rounds[0].U(0, 0));
}

TEST(SelfTraining, AGaussianProcessIsItsOwnStudent) {
    const Case task({2, 2});
    const Matrix U = Matrix::Identity(4, 4);
    for (const double relative_noise : {0.01, 1.0, 30.0}) {
        const auto rounds =
            self_train(task.problem(), U, task.features, {PseudoLabels::soft, relative_noise, 1, 0},
                       [&](DataTerm& /*data_term*/) { return U; });
        EXPECT_LT((rounds[1].test.mean - rounds[0].test.mean).cwiseAbs().maxCoeff(), 1e-10) << relative_noise;
        EXPECT_GT((rounds[0].test.variance - rounds[1].test.variance).minCoeff(), 0)
            << "it is surer of itself all the same";
    }
}

TEST(SelfTraining, RoundsEndWhereNothingChanges) {
    const Case task({2, 2});
    const SelfTrainingOptions options{PseudoLabels::sign, 1, 50, 1e-6};
    const auto rounds = task.rounds(options);
    ASSERT_LT(rounds.size(), 51U);
    EXPECT_LT(rounds.back().change, options.tolerance);
    for (std::size_t round = 1; round + 1 < rounds.size(); ++round)
        EXPECT_GE(rounds[round].change, options.tolerance);
    const auto again = task.rounds(options);
    EXPECT_EQ(again.back().unlabelled, rounds.back().unlabelled) << "to the bit";
}

TEST(SelfTraining, SignsAreTheClassThatAMeanSays) {
    const Matrix two = (Matrix(2, 1) << 1, -1).finished();
    const Matrix mean = (Matrix(3, 1) << 0.2, -3, 1e-9).finished();
    EXPECT_EQ(pseudo_labels(mean, PseudoLabels::sign, two), (Matrix(3, 1) << 1, -1, 1).finished());
    EXPECT_EQ(pseudo_labels(mean, PseudoLabels::soft, two), mean);
    const Matrix one_hot = distinct_targets((Matrix(4, 3) << 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1).finished());
    EXPECT_EQ(one_hot, Matrix::Identity(3, 3));
    const Matrix means = (Matrix(2, 3) << 0.1, 0.4, 0.3, -2, -3, -1).finished();
    EXPECT_EQ(pseudo_labels(means, PseudoLabels::sign, one_hot),
              (Matrix(2, 3) << 0, 1, 0, 0, 0, 1).finished());
}

}  // namespace
}  // namespace attnpaths
