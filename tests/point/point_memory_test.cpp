#include "point/point_memory.hpp"

#include "analyses/registry.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

TEST(PointMemory, CountsDataFeaturesAndKernels) {
    // 48 tokens of width 192, 2600 examples, 64 paths, P = 600: 192 MB of tokens, 256 MB of features, 59 MB
    // of the training set's that the kernels are evaluated from, twice that at work; no Hessian of so many
    // paths.
    Dataset dataset = small_dataset();
    dataset.input_width = 192;
    dataset.train.tokens = 48;
    dataset.train.x.resize(192, 600 * 48);
    dataset.train.y.resize(600, 1);
    dataset.tests = {dataset.train};
    dataset.tests[0].x.resize(192, 2000 * 48);
    dataset.tests[0].y.resize(2000, 1);
    Configuration configuration = read_configuration(dataset_settings({{"run.memory_per_rank", "1G"}}));
    configuration.task = task_of(std::make_shared<const Dataset>(dataset), "data.h5");
    GridPoint point = dataset_grid(small_dataset()).front();
    point.architecture.heads = {8, 8};
    point.examples = 600;
    const double bytes = analysis_bytes(configuration, point, *find_analysis("saddle-point"));
    EXPECT_GT(bytes, 0.6e9);
    EXPECT_LT(bytes, 0.8e9);
    EXPECT_EQ(memory_refusal(configuration, point), "");
    EXPECT_EQ(memory_refusal(configuration, point, *find_analysis("saddle-point")), "");
    EXPECT_GE(point_bytes(configuration, point), bytes);
    // What an analysis takes that does not fit does not count: it is left out.
    configuration.memory_per_rank = (bytes + problem_bytes(configuration, point)) / 2;
    EXPECT_LE(point_bytes(configuration, point), configuration.memory_per_rank);
    EXPECT_GE(point_bytes(configuration, point), problem_bytes(configuration, point));
    configuration.memory_per_rank = 0.5e9;
    EXPECT_NE(memory_refusal(configuration, point), "");
}

/// An eigendecomposition stays for the points that share it, with the points that it has seen.
TEST(PointMemory, CountsEigendecompositionsThatAreKept) {
    const auto bytes = [](const std::string& networks) {
        const Configuration configuration = small_configuration(
            {{"grid.examples", "40"}, {"grid.heads", "2"}, {"theory.sub_networks", networks}});
        return problem_bytes(configuration, grid_points(configuration).front());
    };
    const Configuration configuration = small_configuration({{"grid.examples", "40"}});
    const auto width = static_cast<double>(configuration.task->input_width());
    const double rows = 40;
    const double one = 8 * rows * (rows + width + configuration.task->data_size(40).examples);
    EXPECT_NEAR(bytes("good=1.1 other=2.2") - bytes("good=1.1"), one, 1e-6 * one);
}

/// Of examples that are handed out in blocks a rank holds their targets and numbers, and what passes over
/// them find.
TEST(PointMemory, HardlyGrowsWithStreamedExamples) {
    const auto bytes = [](const std::string& examples) {
        const Configuration configuration = small_configuration({{"grid.examples", examples},
                                                                 {"task.feature_width", "200"},
                                                                 {"task.tokens", "30"},
                                                                 {"run.memory_per_rank", "1G"}});
        const GridPoint point = grid_points(configuration).front();
        EXPECT_EQ(memory_refusal(configuration, point), "");
        return problem_bytes(configuration, point);
    };
    EXPECT_NEAR(bytes("1000000") - bytes("100000"), 900'000 * 8 * (8 + 18), 1);
}

TEST(PointMemory, SaysWhatIsNeededAndWhatToDo) {
    const Configuration configuration =
        small_configuration({{"grid.examples", "20 40000000"}, {"run.memory_per_rank", "1G"}});
    const std::vector<GridPoint> points = grid_points(configuration);
    for (const GridPoint& point : points) {
        if (point.examples == 20) {
            EXPECT_EQ(memory_refusal(configuration, point), "");
            continue;
        }
        EXPECT_THAT(memory_refusal(configuration, point),
                    testing::ContainsRegex("needs about .* of memory .40000000 examples, 4 paths.; "
                                           "the budget is 1.0 GiB: raise run.memory_per_rank"));
    }
}

TEST(PointMemory, TheMachineIsALimitToo) {
    const Configuration configuration =
        small_configuration({{"grid.examples", "1000000000"}, {"run.memory_per_rank", "1000000G"}});
    EXPECT_THAT(memory_refusal(configuration, grid_points(configuration).front()),
                testing::ContainsRegex("this machine has .*: choose smaller grid.examples"));
}

TEST(PointMemory, MakingRoomOnceIsEnough) {
    const Configuration configuration = small_configuration(
        {{"grid.heads", "12:12"}, {"grid.examples", "600"}, {"run.memory_per_rank", "32M"}});
    const GridPoint point = grid_points(configuration).front();
    const auto needs = [](const std::string& refusal) { return refusal.substr(0, refusal.find(';')); };
    EXPECT_EQ(needs(memory_refusal(configuration, point)),
              needs(memory_refusal(configuration, point, *configuration.analyses.front())));
}

TEST(PointMemory, NamesHeadsThatFit) {
    const Configuration configuration = small_configuration(
        {{"grid.heads", "12:12"}, {"grid.examples", "600"}, {"run.memory_per_rank", "32M"}});
    GridPoint point = grid_points(configuration).front();
    const std::string refusal = memory_refusal(configuration, point);
    const std::string::size_type end = refusal.find(" fit)");
    ASSERT_NE(end, std::string::npos) << refusal;
    const Index most = std::stoll(refusal.substr(refusal.rfind(':', end) + 1, end));
    point.architecture.heads = {most, most};
    EXPECT_EQ(memory_refusal(configuration, point), "");
    point.architecture.heads = {most + 1, most + 1};
    EXPECT_NE(memory_refusal(configuration, point), "");
}

}  // namespace
}  // namespace attnpaths
