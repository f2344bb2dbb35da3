#include "run/compute_point.hpp"

#include "base/error.hpp"
#include "point/columns.hpp"
#include "point/solve_point.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::HasSubstr;

TEST(ComputePoint, AFailureIsAResultWithItsMessage) {
    const Configuration configuration =
        small_configuration({{"run.memory_per_rank", "1M"}, {"grid.examples", "20 1000"}});
    const std::vector<GridPoint> points = grid_points(configuration);
    ASSERT_EQ(points.size(), 2U);
    PartsSolver solver({configuration});
    const PointResult good = compute_point(solver, whole(points[0]), {});
    EXPECT_EQ(good.outcome, Outcome::done);
    EXPECT_EQ(std::get<std::string>(good.record.at("point/status")), "done");
    EXPECT_EQ(std::get<std::string>(good.record.at("point/message")), "");
    EXPECT_GT(std::get<double>(good.record.at("point/seconds")), 0);
    const PointResult bad = compute_point(solver, whole(points[1]), {});
    EXPECT_EQ(bad.outcome, Outcome::failed);
    EXPECT_EQ(std::get<std::string>(bad.record.at("point/status")), "failed");
    EXPECT_THAT(std::get<std::string>(bad.record.at("point/message")), HasSubstr("run.memory_per_rank"));
    EXPECT_EQ(point_from_record(bad.record).key, points[1].key);
    EXPECT_EQ(compute_point(solver, whole(points[0]), {}).outcome, Outcome::done)
        << "the next point is none the worse";
}

TEST(ComputePoint, AnAnalysisThatFailsLeavesTheOthersTheirResults) {
    // The third poll is the solver's own; those before it are between analyses.
    PointHooks hooks;
    int polls = 0;
    hooks.poll = [&] {
        if (++polls == 3) throw NumericalError("it diverged");
    };
    const Configuration configuration = small_configuration();
    PartsSolver solver({configuration});
    const PointResult result = compute_point(solver, whole(grid_points(configuration).front()), hooks);
    EXPECT_EQ(result.outcome, Outcome::failed);
    const auto text = [&](const char* column) { return std::get<std::string>(result.record.at(column)); };
    EXPECT_EQ(text("saddle-point/status"), "failed");
    EXPECT_EQ(text("saddle-point/message"), "it diverged");
    EXPECT_EQ(text("point/message"), "saddle-point: it diverged");
    EXPECT_EQ(text("predictor/status"), "failed");
    EXPECT_EQ(text("predictor/message"), "needs saddle-point, which has no result");
    EXPECT_EQ(result.record.count("theory/mse"), 0U);
    EXPECT_EQ(text("gaussian-process/status"), "done");
    EXPECT_EQ(text("sub-networks/status"), "done");
    EXPECT_EQ(result.record.count("gp/mse"), 1U);
    EXPECT_EQ(result.record.count("gp-good/mse"), 1U);
}

TEST(ComputePoint, APointGivenUpIsNeitherDoneNorFailed) {
    PartsSolver solver({small_configuration()});
    PointHooks hooks;
    hooks.poll = [] { throw Interrupted(); };
    const PointResult result = compute_point(solver, whole(small_grid().front()), hooks);
    EXPECT_EQ(result.outcome, Outcome::interrupted);
    EXPECT_TRUE(result.record.empty());
}

}  // namespace
}  // namespace attnpaths
