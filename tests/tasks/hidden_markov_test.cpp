#include "tasks/hidden_markov/hidden_markov.hpp"

#include "base/error.hpp"
#include "datasets/balanced_subset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

HiddenMarkovTask small_task() {
    HiddenMarkovTask task;
    task.feature_width = 6;
    task.tokens = 5;
    task.examples = 20;
    task.test_examples = 8;
    return task;
}

Vector example_of(const ExampleSet& set, Index example) {
    return set.x.middleCols(example * set.tokens, set.tokens).reshaped();
}

TEST(HiddenMarkov, HasTheShapeOfThePaper) {
    const Dataset data = make_hidden_markov({});
    EXPECT_EQ(data.input_width, 231);
    EXPECT_EQ(data.train.tokens, 31);
    EXPECT_EQ(data.train.x.rows(), 231);
    EXPECT_EQ(data.train.x.cols(), 100 * 31);
    EXPECT_EQ(data.tests[0].examples(), 1000);
    EXPECT_EQ(data.readout, Readout::last);
    EXPECT_EQ(data.train.y.topRows(50).sum(), 50);
    EXPECT_EQ(data.train.y.bottomRows(50).sum(), -50);
    const std::vector<std::string> names{data.layers[0][0].name, data.layers[0][1].name,
                                         data.layers[1][0].name, data.layers[1][1].name};
    EXPECT_THAT(names, testing::ElementsAre("same-token", "random", "uniform", "random"));
    // The first token has no features; positions are one-hot.
    EXPECT_TRUE(data.train.x.col(31).head(200).isZero(0));
    EXPECT_TRUE(data.train.x.block(200, 31, 31, 31).isIdentity(0));
}

/// Projections of all tokens on v+ - v- and v+ + v-, normalised to unit vectors.
struct Plane {
    Matrix features;  // [width, tokens], all examples
    Vector difference;
    Vector sum;

    explicit Plane(const Dataset& data, Index width) {
        const Index tokens = data.train.tokens;
        const Index examples = data.train.examples();
        features.resize(width, examples * (tokens - 1));
        for (Index example = 0; example < examples; ++example)
            features.middleCols(example * (tokens - 1), tokens - 1) =
                data.train.x.block(0, example * tokens + 1, width, tokens - 1);
        Vector direction = Vector::Constant(width, 1 / std::sqrt(static_cast<double>(width)));
        sum = features.transpose() * direction;
        direction.tail(width / 2) *= -1;
        difference = features.transpose() * direction;
    }
};

TEST(HiddenMarkov, NoiseHasItsStrengthInEachDirection) {
    HiddenMarkovTask task;
    task.examples = 200;
    task.test_examples = 2;
    task.noise_difference = 0.5;
    task.noise_sum = 2;
    task.noise_perpendicular = 3;
    const Plane plane(make_hidden_markov(task), 200);
    // v+- lies at sqrt(2) sqrt(width)/2 = 10 along the sum and +-10 along the difference.
    const auto count = static_cast<double>(plane.sum.size());
    const auto deviation = [&](const Vector& values) { return std::sqrt(values.squaredNorm() / count); };
    EXPECT_NEAR(deviation(plane.sum.array() - 10), 2, 2 * 5 / std::sqrt(2 * count));
    EXPECT_NEAR(deviation(plane.difference.array().abs() - 10), 0.5, 0.5 * 5 / std::sqrt(2 * count));
    const double perpendicular =
        plane.features.squaredNorm() - plane.sum.squaredNorm() - plane.difference.squaredNorm();
    EXPECT_NEAR(std::sqrt(perpendicular / (198 * count)), 3, 3 * 5 / std::sqrt(2 * 198 * count));
}

TEST(HiddenMarkov, StatesStayWithTheProbabilityOfTheClass) {
    HiddenMarkovTask task = small_task();
    task.feature_width = 200;
    task.tokens = 30;
    task.examples = 1000;
    const Dataset data = make_hidden_markov(task);
    const Plane plane(data, 200);
    const Matrix state = plane.difference.array().sign().matrix().reshaped(30, 1000);
    const Matrix stays = (state.topRows(29).array() * state.bottomRows(29).array() > 0).cast<double>();
    const double error = 5 * std::sqrt(0.21 / (29 * 500));
    EXPECT_NEAR(stays.leftCols(500).mean(), 0.7, error);
    EXPECT_NEAR(stays.rightCols(500).mean(), 0.3, error);
    EXPECT_NEAR(state.row(0).mean(), 0, 5 / std::sqrt(1000.));
}

TEST(HiddenMarkov, WithoutNoiseTokensAreTheFeatureVectors) {
    HiddenMarkovTask task = small_task();
    task.noise_difference = task.noise_sum = task.noise_perpendicular = 0;
    task.stay_probability_plus = 1;
    task.stay_probability_minus = 0;
    const Dataset data = make_hidden_markov(task);
    for (Index example = 0; example < 20; ++example) {
        const Matrix x = data.train.x.middleCols(example * 6, 6).topRows(6);
        for (Index token = 1; token < 6; ++token) {
            EXPECT_DOUBLE_EQ(x.col(token).sum(), 3 * std::numbers::sqrt2);
            EXPECT_EQ(x(0, token), x(2, token));
            if (token == 1) continue;
            EXPECT_EQ(x(0, token) == x(0, token - 1), data.train.y(example, 0) > 0);
        }
    }
}

TEST(HiddenMarkov, AnExampleDoesNotDependOnHowManyThereAre) {
    HiddenMarkovTask task = small_task();
    const Dataset large = make_hidden_markov(task);
    task.examples = 10;
    task.test_examples = 4;
    task.heads = {4, 1, 2};
    const Dataset small = make_hidden_markov(task);
    const std::vector<Index> chosen = balanced_subset(large.train.y, 10, "task");
    for (Index example = 0; example < 10; ++example) {
        const Index other = chosen[static_cast<std::size_t>(example)];
        EXPECT_EQ(example_of(small.train, example), example_of(large.train, other));
        EXPECT_EQ(small.train.y(example, 0), large.train.y(other, 0));
    }
    EXPECT_NE(example_of(large.train, 0), example_of(large.tests[0], 0));
    EXPECT_NE(example_of(large.train, 0), example_of(large.train, 1));
}

TEST(HiddenMarkov, AHeadDoesNotDependOnHowManyThereAre) {
    HiddenMarkovTask task = small_task();
    task.heads = {3, 2, 4};
    const Dataset large = make_hidden_markov(task);
    task.heads = {2, 2};
    const Dataset small = make_hidden_markov(task);
    for (std::size_t layer = 0; layer < 2; ++layer)
        for (std::size_t head = 0; head < 2; ++head)
            EXPECT_EQ(small.layers[layer][head].W, large.layers[layer][head].W);
    EXPECT_EQ(large.layers[0][2].name, "random-2");
    EXPECT_EQ(large.layers[2][0].name, "uniform");
    EXPECT_NE(large.layers[0][1].W, large.layers[0][2].W);
    EXPECT_NE(large.layers[0][1].W, large.layers[1][1].W);
}

TEST(HiddenMarkov, NoiseStrengthScalesTheSameNumbers) {
    HiddenMarkovTask task = small_task();
    task.noise_difference = task.noise_sum = task.noise_perpendicular = 0;
    const Matrix clean = make_hidden_markov(task).train.x;
    task.noise_difference = task.noise_sum = task.noise_perpendicular = 1;
    const Matrix noisy = make_hidden_markov(task).train.x;
    task.noise_difference = task.noise_sum = task.noise_perpendicular = 3;
    EXPECT_LT((make_hidden_markov(task).train.x - clean - 3 * (noisy - clean)).cwiseAbs().maxCoeff(), 1e-13);
}

TEST(HiddenMarkov, TheSeedChangesEverythingRandom) {
    HiddenMarkovTask task = small_task();
    const Dataset first = make_hidden_markov(task);
    task.seed = 2;
    const Dataset second = make_hidden_markov(task);
    EXPECT_NE(first.train.x, second.train.x);
    EXPECT_NE(first.layers[0][1].W, second.layers[0][1].W);
    EXPECT_EQ(first.layers[0][0].W, second.layers[0][0].W);
}

TEST(HiddenMarkov, RandomHeadsHaveTheirScalesAndCanBeSwitchedOff) {
    HiddenMarkovTask task;
    task.examples = task.test_examples = 2;
    const Matrix weights = make_hidden_markov(task).layers[0][1].W;
    const auto deviation = [](const auto& block) { return std::sqrt(block.array().square().mean()); };
    EXPECT_NEAR(deviation(weights.topLeftCorner(200, 200)), 10. / 200, 0.001);
    EXPECT_NEAR(deviation(weights.topRightCorner(200, 31)), 10 / std::sqrt(200.), 0.04);
    EXPECT_NEAR(deviation(weights.bottomLeftCorner(31, 200)), 10 / std::sqrt(200.), 0.04);
    EXPECT_NEAR(deviation(weights.bottomRightCorner(31, 31)), 10, 1.2);
    task.random_strength = 0;
    EXPECT_TRUE(make_hidden_markov(task).layers[0][1].W.isZero(0));
}

TEST(HiddenMarkov, ParametersOutOfRangeAreNamed) {
    using Change = void (*)(HiddenMarkovTask&);
    const std::pair<Change, const char*> cases[] = {
        {[](HiddenMarkovTask& task) { task.feature_width = 7; }, "task.feature_width = 7"},
        {[](HiddenMarkovTask& task) { task.feature_width = 0; }, "task.feature_width = 0"},
        {[](HiddenMarkovTask& task) { task.tokens = 0; }, "task.tokens = 0"},
        {[](HiddenMarkovTask& task) { task.examples = 5; }, "examples = 5"},
        {[](HiddenMarkovTask& task) { task.test_examples = 0; }, "task.test_examples = 0"},
        {[](HiddenMarkovTask& task) { task.stay_probability_plus = 1.5; },
         "task.stay_probability_plus = 1.5"},
        {[](HiddenMarkovTask& task) { task.stay_probability_minus = -0.1; },
         "task.stay_probability_minus = -0.1"},
        {[](HiddenMarkovTask& task) { task.noise_difference = -1; }, "task.noise_difference = -1"},
        {[](HiddenMarkovTask& task) { task.noise_sum = std::numeric_limits<double>::infinity(); },
         "task.noise_sum = inf"},
        {[](HiddenMarkovTask& task) { task.noise_perpendicular = std::nan(""); },
         "task.noise_perpendicular = nan"},
        {[](HiddenMarkovTask& task) { task.beta = std::nan(""); }, "task.beta = nan"},
        {[](HiddenMarkovTask& task) { task.random_strength = -1; }, "task.random_strength = -1"},
        {[](HiddenMarkovTask& task) {
             task.heads = {2, 0};
         },
         "heads = 0"},
        {[](HiddenMarkovTask& task) { task.heads = {}; }, "heads"},
    };
    for (const auto& [change, message] : cases) {
        HiddenMarkovTask task = small_task();
        change(task);
        EXPECT_THAT([&] { make_hidden_markov(task); }, ThrowsMessage<UsageError>(HasSubstr(message)));
    }
}

TEST(HiddenMarkov, DescriptionHoldsEveryParameterOnce) {
    const std::string original = describe(HiddenMarkovTask{});
    HiddenMarkovTask task;
    task.examples = 10;
    task.heads = {1};
    task.seed = 9;
    EXPECT_EQ(describe(task), original);
    using Change = void (*)(HiddenMarkovTask&);
    const Change changes[] = {
        [](HiddenMarkovTask& t) { t.feature_width = 7; },
        [](HiddenMarkovTask& t) { t.tokens = 7; },
        [](HiddenMarkovTask& t) { t.test_examples = 7; },
        [](HiddenMarkovTask& t) { t.stay_probability_plus = 0.7000000000000001; },
        [](HiddenMarkovTask& t) { t.stay_probability_minus = 7; },
        [](HiddenMarkovTask& t) { t.noise_difference = 7; },
        [](HiddenMarkovTask& t) { t.noise_sum = 7; },
        [](HiddenMarkovTask& t) { t.noise_perpendicular = 7; },
        [](HiddenMarkovTask& t) { t.beta = 7; },
        [](HiddenMarkovTask& t) { t.random_strength = 7; },
        [](HiddenMarkovTask& t) { t.sequence_start_score = 7; },
    };
    for (const Change change : changes) {
        HiddenMarkovTask changed;
        change(changed);
        EXPECT_NE(describe(changed), original);
    }
}

}  // namespace
}  // namespace attnpaths
