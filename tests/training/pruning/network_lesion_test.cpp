#include "training/pruning/network_lesion.hpp"

#include "h5/whole_file.hpp"
#include "training/small_network.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <unistd.h>

namespace attnpaths {
namespace {

TrainedNetwork network_of(const SmallProblem& problem) {
    OneShotNotes notes = describe_one_shot(problem.images, problem.tokens.patch(),
                                           draw_label_vectors(3, problem.tokens.input_width()), 1);
    return {problem.shape, problem.weights.cast<float>(), std::move(notes)};
}

/// What a network answers token by token.
Vector plain_outputs(const SmallProblem& problem, const TrainedNetwork& network) {
    const WeightLayout layout(network.shape);
    Vector outputs(static_cast<Index>(problem.episodes.size()));
    for (Index i = 0; i < outputs.size(); ++i)
        outputs(i) = plain_output(layout, network.weights.cast<double>(), problem.tokens,
                                  problem.episodes[static_cast<std::size_t>(i)]);
    return outputs;
}

void expect_near(const Vector& values, const Vector& expected) {
    ASSERT_EQ(values.size(), expected.size());
    EXPECT_GT(expected.norm(), 0.01);
    EXPECT_LT((values - expected).lpNorm<Eigen::Infinity>(), 1e-6 * (1 + expected.lpNorm<Eigen::Infinity>()));
}

TEST(NetworkLesion, PathsAddUpToTheWholeNetwork) {
    for (const std::vector<Index>& heads : {std::vector<Index>{3}, {2, 3}, {2, 1, 2}}) {
        const SmallProblem problem(heads);
        const TrainedNetwork network = network_of(problem);
        const Matrix outputs = path_outputs(network, problem.tokens, problem.episodes);
        EXPECT_EQ(outputs.cols(), path_count(heads));
        expect_near(outputs.rowwise().sum(), plain_outputs(problem, network));
    }
}

TEST(NetworkLesion, SumsOfPathsAreASmallerNetworksAnswers) {
    const std::vector<Index> heads = {3, 2, 3};
    const SmallProblem problem(heads);
    const TrainedNetwork network = network_of(problem);
    const Matrix outputs = path_outputs(network, problem.tokens, problem.episodes);
    for (const std::vector<Index>& removed :
         {std::vector<Index>{}, {1}, {0, 2}, {4}, {2, 3, 7}, {0, 1, 4, 5, 6}}) {
        const Lesion lesion = lesion_of(removed, heads);
        const TrainedNetwork smaller = without_heads(network, lesion);
        EXPECT_EQ(smaller.shape.heads, heads_left(lesion, heads));
        expect_near(lesioned_outputs(outputs, heads, lesion), plain_outputs(problem, smaller));
    }
}

TEST(NetworkLesion, ASmallerNetworkSurvivesItsFile) {
    const SmallProblem problem({3, 2});
    const std::string path =
        (std::filesystem::temp_directory_path() / ("attnpaths-pruned-" + std::to_string(getpid()) + ".h5"))
            .string();
    const TrainedNetwork smaller = without_heads(network_of(problem), lesion_of({0, 4}, {3, 2}));
    h5::write_whole_file(path, [&](h5::File& file) { write_network(file, smaller); });
    const TrainedNetwork read = read_network(path);
    std::filesystem::remove(path);
    EXPECT_EQ(read.shape, smaller.shape);
    EXPECT_EQ(read.weights, smaller.weights);
    EXPECT_EQ(read.notes.label_vectors, smaller.notes.label_vectors);
}

}  // namespace
}  // namespace attnpaths
