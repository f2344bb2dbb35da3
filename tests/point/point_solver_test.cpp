#include "point/point_solver.hpp"

#include "analyses/registry.hpp"
#include "base/error.hpp"
#include "point/columns.hpp"
#include "point/point_memory.hpp"
#include "point/solve_point.hpp"
#include "run/compute_point.hpp"
#include "store/compare.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

/// Results of every point by a solver that has seen nothing else.
std::map<std::string, Record> solve_each_alone(const Configuration& configuration,
                                               const std::vector<GridPoint>& points) {
    std::map<std::string, Record> results;
    for (const GridPoint& point : points) results[point.key] = solve(configuration, point);
    return results;
}

void expect_same_in_any_order(const Configuration& configuration) {
    std::vector<GridPoint> points = grid_points(configuration);
    const std::map<std::string, Record> alone = solve_each_alone(configuration, points);
    const auto check = [&](const char* order) {
        PointSolver solver(configuration);
        for (const GridPoint& point : points)
            EXPECT_THAT(record_differences(alone.at(point.key), solve(solver, point)), IsEmpty())
                << order << ": " << point_text(point);
    };
    check("as the grid has them, neighbours share kernels");
    std::reverse(points.begin(), points.end());
    check("backwards");
    std::stable_sort(points.begin(), points.end(), [](const GridPoint& a, const GridPoint& b) {
        return a.architecture.largest_width() < b.architecture.largest_width();
    });
    check("by width, neighbours share nothing");
    std::shuffle(points.begin(), points.end(), std::mt19937(1));  // NOLINT(cert-msc51-cpp): a fixed order
    check("shuffled");
}

TEST(PointSolver, ResultsDoNotDependOnWhatWasSolvedBefore) {
    expect_same_in_any_order(small_configuration({{"grid.width", "10 1e3 20:50:30"},
                                                  {"grid.examples", "20 40"},
                                                  {"grid.heads", "2:2 2:1"},
                                                  {"grid.temperature", "0.01 0.1"},
                                                  {"grid.seed", "1 2"}}));
}

/// On request, too; samplers by chains have a test of their own.
TEST(PointSolver, NoAnalysisDependsOnWhatWasSolvedBefore) {
    std::string names;
    for (const Analysis& analysis : analyses())
        if (analysis.by_default || analysis.chains.empty()) names += analysis.name + " ";
    expect_same_in_any_order(
        small_configuration({{"grid.width", "10"}, {"grid.examples", "20 40 80"}, {"analyses.run", names}}));
}

/// Those that expand at the saddle point share a Hessian, whichever of them forms it.
TEST(PointSolver, NoExpansionDependsOnWhichOthersAreRun) {
    const auto results = [](const char* names, const char* prefix) {
        const Configuration configuration =
            small_configuration({{"grid.width", "10"}, {"grid.examples", "20"}, {"analyses.run", names}});
        Record columns = solve(configuration, grid_points(configuration).front());
        std::erase_if(columns, [&](const auto& column) { return !column.first.starts_with(prefix); });
        return columns;
    };
    for (const char* names : {"next-order", "next-order self-training"})
        EXPECT_THAT(
            record_differences(results(names, "next_order/"), results("next-order evidence", "next_order/")),
            IsEmpty())
            << names;
    for (const char* names : {"evidence", "predictor evidence"})
        EXPECT_THAT(
            record_differences(results(names, "evidence/"), results("next-order evidence", "evidence/")),
            IsEmpty())
            << names;
}

TEST(PointSolver, SamplesDoNotDependOnWhatWasSolvedBefore) {
    expect_same_in_any_order(small_configuration({{"grid.width", "10 1000"},
                                                  {"grid.examples", "20"},
                                                  {"grid.seed", "1 2"},
                                                  {"sampling.method", "nuts"},
                                                  {"sampling.chains", "2"},
                                                  {"sampling.warmup", "40"},
                                                  {"sampling.draws", "20"},
                                                  {"sampling.max_draws", "40"},
                                                  {"sampling.predictor_draws", "5"}}));
}

TEST(PointSolver, ResultsOnADataSetDoNotDependOnWhatWasSolvedBefore) {
    Configuration configuration =
        read_configuration(dataset_settings({{"task.file", ATTNPATHS_TEST_DATA "/markov-4paths-small.h5"},
                                             {"grid.width", "10 1000"},
                                             {"grid.examples", "40 100"},
                                             {"grid.temperature", "0.01 1"}}));
    configuration.task->load();
    expect_same_in_any_order(configuration);
}

TEST(PointSolver, ResultsDoNotDependOnTheRestOfTheGrid) {
    const GridPoint point = small_grid({{"grid.examples", "20"}}).front();
    const Record small = solve(small_configuration({{"grid.examples", "20"}}), point);
    const Record large = solve(small_configuration({{"grid.examples", "80 20 60"}}), point);
    EXPECT_THAT(record_differences(small, large), IsEmpty());
}

TEST(PointSolver, AnAnalysisThatDoesNotFitIntoMemoryIsRefusedAlone) {
    Configuration configuration =
        small_configuration({{"grid.examples", "20"}, {"theory.sub_networks", "none"}});
    const GridPoint point = grid_points(configuration).front();
    const double needed = analysis_bytes(configuration, point, *find_analysis("next-order"));
    configuration.memory_per_rank = 0.9 * needed;
    ASSERT_LT(analysis_bytes(configuration, point, *find_analysis("saddle-point")), 0.9 * needed);
    const Record record = solve(configuration, point);
    EXPECT_EQ(text_of(record, "next-order/status"), "left out");
    EXPECT_EQ(text_of(record, "point/message"), "") << "nothing failed";
    EXPECT_THAT(text_of(record, "next-order/message"),
                AllOf(HasSubstr("of memory (20 examples, 4 paths)"), HasSubstr("raise run.memory_per_rank"),
                      HasSubstr("or leave next-order out of analyses.run")));
    EXPECT_FALSE(record.contains("next_order/order_parameter"));
    for (const char* others : {"saddle-point", "gaussian-process", "predictor", "evidence"})
        EXPECT_EQ(text_of(record, std::string(others) + "/status"), "done") << others;
    configuration.required = {find_analysis("next-order")};
    EXPECT_EQ(text_of(solve(configuration, grid_points(configuration).front()), "next-order/status"),
              "failed")
        << "it was asked for";
}

TEST(PointSolver, APointGivenUpLeavesNoTrace) {
    const Configuration configuration =
        small_configuration({{"grid.width", "10 30"}, {"grid.examples", "20 40"}});
    const std::vector<GridPoint> points = grid_points(configuration);
    const std::map<std::string, Record> alone = solve_each_alone(configuration, points);
    PartsSolver parts({configuration});
    int given_up = 0;
    for (int allowed = 0; allowed < 12; ++allowed) {
        for (const GridPoint& point : points) {
            int polls = 0;
            PointHooks hooks;
            hooks.poll = [&] {
                if (++polls > allowed) throw Interrupted();
            };
            const PointResult result = compute_point(parts, whole(point), hooks);
            given_up += result.outcome == Outcome::interrupted ? 1 : 0;
            EXPECT_THAT(record_differences(alone.at(point.key), solve(parts.solver_for(point), point)),
                        IsEmpty());
        }
    }
    EXPECT_GT(given_up, 20);
}

TEST(PointSolver, AsksOftenWhetherToGoOn) {
    int polls = 0;
    PointHooks hooks;
    hooks.poll = [&] { ++polls; };
    PointSolver solver(small_configuration());
    solve(solver, small_grid().front(), hooks);
    EXPECT_GE(polls, 8);
}

/// Largest difference of two real or array columns, relative to the column's largest value.
double relative_difference(const Value& a, const Value& b) {
    if (const auto* real = std::get_if<double>(&a)) {
        const double other = std::get<double>(b);
        if (std::isnan(*real) && std::isnan(other)) return 0;
        return std::abs(*real - other) / std::max(1e-300, std::abs(*real));
    }
    const std::vector<double>& x = std::get<ValueArray>(a).values;
    const std::vector<double>& y = std::get<ValueArray>(b).values;
    if (x.size() != y.size()) return INFINITY;
    double scale = 0;
    double difference = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        scale = std::max(scale, std::abs(x[i]));
        difference = std::max(difference, std::abs(x[i] - y[i]));
    }
    return scale == 0 ? difference : difference / scale;
}

TEST(PointSolver, KernelsInMemoryAndFromFeaturesAgree) {
    const Texts grid = {{"grid.width", "10 1000"},   {"grid.examples", "200"},
                        {"grid.heads", "3"},         {"task.feature_width", "80"},
                        {"grid.temperature", "0.1"}, {"theory.tolerance", "1e-13"}};
    Texts narrow = grid;
    narrow["run.memory_per_rank"] = "14M";  // the kernels are 7.2 MB
    const Configuration in_memory = small_configuration(grid);
    const Configuration from_features = small_configuration(narrow);
    PointSolver one(in_memory);
    PointSolver other(from_features);
    const std::vector<GridPoint> points = grid_points(in_memory);
    const std::vector<GridPoint> same_points = grid_points(from_features);
    ASSERT_EQ(points.size(), same_points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Record a = solve(one, points[i]);
        const Record b = solve(other, same_points[i]);
        ASSERT_EQ(std::get<std::string>(a.at("point/evaluation")), "kernels");
        ASSERT_EQ(std::get<std::string>(b.at("point/evaluation")), "features");
        for (const char* column :
             {"theory/action", "theory/energy", "theory/entropy", "theory/order_parameter",
              "theory/order_parameter_above-layer2", "theory/accuracy", "theory/mse", "theory/head_scores",
              "theory/eigenvalues", "gp/mse", "gp/eigenvalues", "predictor/mean", "predictor/variance",
              "predictor/gp_mean", "theory-diagonal/mse", "gp-good/mse"})
            EXPECT_LT(relative_difference(a.at(column), b.at(column)), 1e-9)
                << column << " of " << point_text(points[i]);
        // The smallest eigenvalue of a matrix whose largest one is orders of magnitude larger.
        EXPECT_LT(relative_difference(a.at("theory/hessian_min"), b.at("theory/hessian_min")), 1e-6);
    }
}

TEST(PointSolver, APointThatDoesNotFitIsRefusedBeforeItStarts) {
    const Configuration configuration =
        small_configuration({{"run.memory_per_rank", "2M"}, {"grid.examples", "1000"}});
    EXPECT_THAT(
        [&] { solve(configuration, grid_points(configuration).front()); },
        ThrowsMessage<Error>(AllOf(HasSubstr("MiB of memory (1000 examples, 4 paths)"),
                                   HasSubstr("the budget is 2.0 MiB"), HasSubstr("run.memory_per_rank"))));
}

TEST(PointSolver, OnlyTheAnalysesAskedForAreRun) {
    const Configuration configuration = small_configuration({{"analyses.run", "predictor"}});
    const Record record = solve(configuration, grid_points(configuration).front());
    for (const char* column : {"saddle-point/status", "predictor/status", "theory/action", "theory/mse"})
        EXPECT_EQ(record.count(column), 1U) << column;
    for (const char* column :
         {"gaussian-process/status", "gp/mse", "theory/head_scores", "theory/eigenvalues"})
        EXPECT_EQ(record.count(column), 0U) << column;
    const Configuration all = small_configuration();
    const Record whole = solve(all, grid_points(all).front());
    for (const auto& [column, value] : record) {
        if (column.starts_with("point/") || column.ends_with("/seconds") || is_missing(value)) continue;
        EXPECT_EQ(whole.at(column), value) << column;
    }
}

TEST(PointSolver, WhatIsKeptDoesNotChangeWhatIsSampled) {
    const Texts sampled = {{"grid.width", "10"},
                           {"grid.examples", "20"},
                           {"sampling.chains", "2"},
                           {"sampling.warmup", "40"},
                           {"sampling.draws", "20"},
                           {"sampling.max_draws", "20"},
                           {"sampling.predictor_draws", "5"},
                           {"analyses.run", "order-parameter-samples"},
                           {"sampling.method", "nuts"}};
    Texts kept = sampled;
    kept.insert({{"store.predictions", "false"}, {"store.draws", "order-parameters"}, {"store.thin", "2"}});
    const auto solved = [](const Texts& texts) {
        const Configuration configuration = small_configuration(texts);
        return solve(configuration, grid_points(configuration).front());
    };
    const Record a = solved(sampled);
    const Record b = solved(kept);
    EXPECT_EQ(b.count("sampling/order-parameter/draws_order_parameter"), 1U);
    for (const char* column : {"order_parameter", "order_parameter_mcse", "mse", "accuracy_mcse", "rhat"})
        EXPECT_EQ(a.at(std::string("sampling/order-parameter/") + column),
                  b.at(std::string("sampling/order-parameter/") + column))
            << column;
    EXPECT_EQ(a.at("order-parameter-samples/key"), b.at("order-parameter-samples/key"));
}

}  // namespace
}  // namespace attnpaths
