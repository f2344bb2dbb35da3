#include "run/cost_model.hpp"

#include "sweep/small_sweep.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

std::vector<GridPoint> costed_points() {
    return small_grid({{"grid.width", "10 1000"},
                       {"grid.examples", "20 200"},
                       {"grid.temperature", "0.01 0.0101 1"},
                       {"sampling.method", "nuts"}});
}

const GridPoint& find(const std::vector<GridPoint>& some, double width, Index examples, double temperature) {
    for (const GridPoint& point : some)
        if (point.architecture.readout_width == width && point.examples == examples &&
            point.temperature == temperature)
            return point;
    throw std::out_of_range("no such point");
}

/// A record of a point that took `factor` times its nominal theory and `chains` times its nominal sampling.
Record done(const GridPoint& point, double factor, double chains) {
    Record record = describe_point(point);
    record["sampling/order-parameter/seconds"] = chains * point.cost.sampling;
    record["point/seconds"] = factor * point.cost.theory + chains * point.cost.sampling;
    return record;
}

TEST(CostModel, KnowsNominalCostsOnly) {
    const CostModel costs;
    for (const GridPoint& point : costed_points()) {
        EXPECT_GT(point.cost.theory, 0);
        EXPECT_GT(point.cost.sampling, point.cost.theory);
        EXPECT_DOUBLE_EQ(costs.indivisible_seconds(point), point.cost.theory);
        EXPECT_DOUBLE_EQ(costs.seconds(point), point.cost.theory + point.cost.sampling);
    }
}

TEST(CostModel, NominalCostsGrowWithTheProblem) {
    const std::vector<GridPoint> grid = costed_points();
    EXPECT_GT(find(grid, 10, 200, 1).cost.theory, 2 * find(grid, 10, 20, 1).cost.theory);
    EXPECT_DOUBLE_EQ(find(grid, 10, 200, 1).cost.sampling, find(grid, 1000, 200, 1).cost.sampling);
}

TEST(CostModel, TheNearestPointsSpeakFirst) {
    const std::vector<GridPoint> grid = costed_points();
    CostModel costs;
    costs.learn(done(find(grid, 10, 200, 0.01), 8, 3));
    costs.learn(done(find(grid, 1000, 200, 1), 2, 1));
    const auto factor = [&](double width, Index examples, double temperature) {
        const GridPoint& point = find(grid, width, examples, temperature);
        return costs.indivisible_seconds(point) / point.cost.theory;
    };
    EXPECT_NEAR(factor(10, 200, 0.0101), 8, 1e-9);  // the same octave in everything
    EXPECT_NEAR(factor(10, 200, 1), 8, 1e-9);       // the same width
    EXPECT_NEAR(factor(1000, 200, 0.01), 2, 1e-9);
    EXPECT_NEAR(factor(10, 20, 1), 4, 1e-9);  // the geometric mean of all
    const GridPoint& near = find(grid, 10, 200, 0.0101);
    EXPECT_NEAR(costs.seconds(near), 8 * near.cost.theory + 3 * near.cost.sampling,
                1e-9 * costs.seconds(near));
}

TEST(CostModel, RecordsWithoutCostsSayNothing) {
    CostModel costs;
    Record record = describe_point(costed_points().front());
    record.erase("point/nominal_theory");
    record.erase("point/nominal_sampling");
    record["point/seconds"] = 1000.0;
    costs.learn(record);
    EXPECT_DOUBLE_EQ(costs.indivisible_seconds(costed_points().front()), costed_points().front().cost.theory);
}

}  // namespace
}  // namespace attnpaths
