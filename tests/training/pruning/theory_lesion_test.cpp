#include "training/pruning/theory_lesion.hpp"

#include "base/random_stream.hpp"
#include "datasets/balanced_subset.hpp"
#include "network/path_features.hpp"
#include "tasks/one_shot/random_heads.hpp"
#include "theory/predictor.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

constexpr Index input_width = 5;
constexpr Index tokens = 4;
const std::vector<Index> lesion_heads = {3, 2};

ExampleSet random_examples(const std::string& name, Index examples, std::uint64_t index) {
    RandomStream stream(11, "test/theory-lesion", index);
    ExampleSet set;
    set.name = name;
    set.tokens = tokens;
    set.x.resize(input_width, examples * tokens);
    set.y.resize(examples, 1);
    for (double& value : set.x.reshaped()) value = stream.normal();
    for (Index i = 0; i < examples; ++i) set.y(i, 0) = i % 2 == 0 ? 1 : -1;
    return set;
}

struct Problem {
    explicit Problem(Index examples) {
        dataset.train = random_examples("train", examples + 6, 0);
        dataset.tests = {random_examples("test", 9, 1), random_examples("other", 7, 2)};
        dataset.layers = make_random_heads(lesion_heads, 4, input_width, 1);
        dataset.input_width = input_width;
        RandomStream stream(11, "test/theory-lesion", 3);
        Matrix root(6, 6);
        for (double& value : root.reshaped()) value = stream.normal();
        point = {lesion_heads, examples, 0.3, 1.7, root * root.transpose()};
    }

    Dataset dataset;
    SolvedPoint point;
};

/// Predictor means with all paths and zeros in U.
Vector silenced_means(const Problem& problem, const ExampleSet& test, const Lesion& lesion) {
    const Dataset& data = problem.dataset;
    const auto features = [&](const ExampleSet& set) {
        return path_features(set, data.layers, data.attention, data.readout);
    };
    Matrix U = problem.point.U;
    for (Index path = 0; path < U.rows(); ++path) {
        const std::vector<Index> through = path_heads(path, lesion_heads);
        for (std::size_t layer = 0; layer < lesion_heads.size(); ++layer) {
            if (!lesion[static_cast<std::size_t>(head_number({layer, through[layer]}, lesion_heads))])
                continue;
            U.row(path).setZero();
            U.col(path).setZero();
        }
    }
    const std::vector<Index> chosen = balanced_subset(data.train.y, problem.point.examples, "test");
    const PathKernels kernels(features(data.train)(chosen, Eigen::all), 6, 1,
                              problem.point.input_variance / (6 * input_width), KernelStorage::kernels);
    const Matrix y = data.train.y(chosen, Eigen::all);
    return Predictor(kernels, y, problem.point.temperature, U).predict(features(test)).mean.col(0);
}

TEST(TheoryLesion, SilencesRowsAndColumnsOfU) {
    for (const Index examples : {Index{20}, Index{60}}) {  // fewer and more than the 30 features
        const Problem problem(examples);
        TheoryLesion theory(std::make_shared<const Dataset>(problem.dataset), problem.point);
        for (const std::vector<Index>& removed : {std::vector<Index>{}, {1}, {4}, {0, 2}, {0, 1, 3}}) {
            const Lesion lesion = lesion_of(removed, lesion_heads);
            const std::vector<Matrix> means = theory.predict(lesion);
            ASSERT_EQ(means.size(), 2U);
            for (std::size_t set = 0; set < 2; ++set) {
                const Vector expected = silenced_means(problem, problem.dataset.tests[set], lesion);
                EXPECT_LT((means[set] - expected).norm(), 1e-9 * (1 + expected.norm()));
            }
        }
    }
}

}  // namespace
}  // namespace attnpaths
