// Points whose examples are handed out in blocks.
#include "base/error.hpp"
#include "point/columns.hpp"
#include "point/point_memory.hpp"
#include "point/solve_point.hpp"
#include "run/compute_point.hpp"
#include "store/compare.hpp"
#include "sweep/small_sweep.hpp"
#include "theory/held_tokens.hpp"
#include "theory/lapack.hpp"
#include "theory/learning_curve.hpp"
#include "theory/training_kernels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace attnpaths {
namespace {

using testing::IsEmpty;

constexpr double temperature = 0.1;

Configuration configuration_of(Dataset data, const char* analyses) {
    const std::string examples = std::to_string(data.train.examples());
    Configuration configuration =
        read_configuration(dataset_settings({{"grid.examples", examples},
                                             {"grid.width", "10"},
                                             {"grid.temperature", std::to_string(temperature)},
                                             {"analyses.run", analyses}}));
    configuration.task = task_of(std::make_shared<const Dataset>(std::move(data)), "data.h5");
    return configuration;
}

Configuration streamed_configuration(Index examples, const char* analyses) {
    Dataset data = small_features(examples, 40);
    stream(data.train);
    return configuration_of(std::move(data), analyses);
}

Record learning_curve_of(const Configuration& configuration) {
    Record record = solve(configuration, grid_points(configuration).front());
    std::erase_if(record, [](const auto& column) {
        return !column.first.starts_with("learning_curve/") && column.first != "theory/order_parameter";
    });
    return record;
}

double real_of(const Record& record, const char* column) {
    return std::get<double>(record.at(column));
}

/// Errors of the predictor of all examples but one, from the kernel of the examples themselves.
ErrorEstimate left_out(const Dataset& data, const Record& record) {
    const auto paths =
        std::make_shared<PathData>(std::make_shared<const Dataset>(data), std::vector<Index>{2, 2});
    const Matrix& features = paths->train();
    const PathKernels kernels(features, 4, 1, 1.0 / 32, KernelStorage::features);
    const auto& stored = std::get<ValueArray>(record.at("theory/order_parameter")).values;
    Matrix U(4, 4);
    std::copy(stored.begin(), stored.end(), U.data());
    Matrix inverse;
    kernels.assemble(U, inverse);
    inverse.diagonal().array() += temperature;
    EXPECT_TRUE(lapack::cholesky(inverse));
    lapack::inverse_from_cholesky(inverse);
    return leave_one_out(inverse, inverse * data.train.y, 1, temperature);
}

TEST(StreamedPoint, LeaveOneOutIsThatOfTheExamplesThemselves) {
    const Dataset data = small_features(200, 40);
    const Record streamed = learning_curve_of(streamed_configuration(200, "learning-curve"));
    const ErrorEstimate expected = left_out(data, streamed);
    EXPECT_NEAR(real_of(streamed, "learning_curve/leave_one_out_bias"), expected.bias, 1e-9 * expected.bias);
    EXPECT_NEAR(real_of(streamed, "learning_curve/leave_one_out_variance"), expected.variance,
                1e-9 * expected.variance);
}

TEST(StreamedPoint, HasTheLearningCurveOfTheHeldOneToTheBit) {
    for (const Index examples : {40, 9000}) {
        const Record held =
            learning_curve_of(configuration_of(small_features(examples, 40), "learning-curve"));
        const Record streamed = learning_curve_of(streamed_configuration(examples, "learning-curve"));
        EXPECT_GT(held.size(), 8U);
        EXPECT_THAT(record_differences(held, streamed), IsEmpty()) << examples;
    }
}

/// Blocks take long enough for others to be asked.
PointHooks slow_hooks() {
    PointHooks hooks;
    hooks.poll = [] { std::this_thread::sleep_for(std::chrono::milliseconds(60)); };
    return hooks;
}

/// What a master and workers do with a point, each task by the next of some workers in turn.
class SharedPoint {
  public:
    SharedPoint(const Configuration& configuration, int workers) {
        for (int i = 0; i < workers; ++i)
            workers_.push_back(std::make_unique<PartsSolver>(std::vector<Configuration>{configuration}));
    }

    Record solve(const GridPoint& point) {
        PointHooks first = slow_hooks();
        first.others_are_idle = [] { return true; };
        PointResult result = compute({point, {}, std::nullopt, false}, first);
        while (result.outcome == Outcome::handed_back) {
            checkpoint_.merge(std::move(result.checkpoint));
            for (const PointPart& part : parts_left()) {
                const PointTask task{point, checkpoint_.for_part(part.method, part.pieces), part, true};
                PointResult of_part = compute(task, {});
                EXPECT_EQ(of_part.outcome, Outcome::handed_back);
                EXPECT_EQ(of_part.checkpoint.methods.size(), 1U) << "what it rests on need not come back";
                checkpoint_.merge(std::move(of_part.checkpoint));
                ++parts;
            }
            EXPECT_THAT(parts_left(), IsEmpty());
            result = compute({point, checkpoint_, std::nullopt, true}, slow_hooks());
        }
        EXPECT_EQ(result.outcome, Outcome::done);
        return result.record;
    }

    int parts = 0;

  private:
    PointResult compute(const PointTask& task, const PointHooks& hooks) {
        return compute_point(*workers_[next_++ % workers_.size()], task, hooks);
    }

    [[nodiscard]] std::vector<PointPart> parts_left() const {
        std::vector<PointPart> left;
        for (const auto& [method, state] : checkpoint_.methods)
            for (std::size_t piece = 0; piece < state.chains.size(); ++piece)
                if (state.chains[piece].draws < state.goal)
                    left.push_back({method, {static_cast<int>(piece)}});
        return left;
    }

    std::vector<std::unique_ptr<PartsSolver>> workers_;
    std::size_t next_ = 0;
    Checkpoint checkpoint_;
};

/// Ten blocks in eight strands, in each of the passes of four analyses.
TEST(StreamedPoint, IsTheSameWhoeverTakesPartInIt) {
    const Configuration configuration =
        streamed_configuration(9 * 4096 + 2, "saddle-point gaussian-process predictor learning-curve");
    const GridPoint point = grid_points(configuration).front();
    const Record alone = solve(configuration, point);
    SharedPoint shared(configuration, 3);
    Record record = shared.solve(point);
    std::erase_if(record, [&](const auto& column) { return !alone.contains(column.first); });
    EXPECT_THAT(record_differences(alone, record), IsEmpty());
    EXPECT_GE(shared.parts, 4 * 7) << "all of its passes were shared";
}

/// A point that is given up in its folding goes on from the blocks that it has.
TEST(StreamedPoint, GoesOnFromTheBlocksThatWereFolded) {
    const Configuration configuration = streamed_configuration(9 * 4096 + 2, "saddle-point");
    const GridPoint point = grid_points(configuration).front();
    const Record alone = solve(configuration, point);
    PartsSolver solver({configuration});
    PointTask task = whole(point);
    int left = 10;
    for (const int blocks : {1, 4, 3}) {
        int seen = 0;
        PointHooks hooks;
        hooks.poll_chain = [&] {
            if (++seen == blocks) throw Interrupted();
        };
        PartsSolver interrupted({configuration});
        PointResult result = compute_point(interrupted, task, hooks);
        ASSERT_EQ(result.outcome, Outcome::interrupted);
        task.checkpoint = decode_checkpoint(encode_checkpoint(result.checkpoint.lasting()));
        left -= blocks;
    }
    int seen = 0;
    PointHooks hooks;
    hooks.poll_chain = [&] { ++seen; };
    const PointResult result = compute_point(solver, task, hooks);
    EXPECT_EQ(result.outcome, Outcome::done);
    EXPECT_EQ(seen, left);
    EXPECT_EQ(result.record.at("theory/action"), alone.at("theory/action"));
    EXPECT_EQ(result.record.at("theory/order_parameter"), alone.at("theory/order_parameter"));
}

TEST(StreamedPoint, BeginsStrandsAgainThatCannotBeUsed) {
    const Configuration configuration = streamed_configuration(9000, "saddle-point");
    const GridPoint point = grid_points(configuration).front();
    PointSolver solver(configuration);
    PointTask task = whole(point);
    Checkpoint& checkpoint = task.checkpoint;
    checkpoint.methods[folding_method] = {1, {{1, 0.1, "too short"}, {0, 0, ""}, {7, 0.1, "too far"}}};
    std::vector<std::string> said;
    PointHooks hooks;
    hooks.say = [&](const std::string& line) { said.push_back(line); };
    Checkpoint end;
    const Record record = solver.solve(task, hooks, end).value();
    EXPECT_EQ(said.size(), 2U);
    EXPECT_EQ(record.at("theory/action"), solve(configuration, point).at("theory/action"));
}

}  // namespace
}  // namespace attnpaths
