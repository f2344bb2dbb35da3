// How the posterior over the order parameters is sampled at a point, by each of the methods.

#include "point/columns.hpp"
#include "point/solve_point.hpp"
#include "store/compare.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const std::string group = "sampling/order-parameter/";

/// The paper's four paths on their first 40 examples.
Configuration configuration_of(const Texts& changes) {
    Texts texts = {{"task.file", ATTNPATHS_TEST_DATA "/markov-4paths-small.h5"},
                   {"grid.examples", "40"},
                   {"grid.temperature", "0.01"},
                   {"analyses.run", "order-parameter-samples next-order evidence"}};
    for (const auto& [key, text] : changes) texts[key] = text;
    Configuration configuration = read_configuration(dataset_settings(texts));
    configuration.task->load();
    return configuration;
}

Record sampled(const Texts& changes) {
    const Configuration configuration = configuration_of(changes);
    return solve(configuration, grid_points(configuration).front());
}

const ValueArray& array_in(const Record& record, const std::string& column) {
    return std::get<ValueArray>(record.at(column));
}

double number_in(const Record& record, const std::string& column) {
    return std::get<double>(record.at(column));
}

TEST(OrderParameterSamples, AreIndependentDrawsWhereTheseCanBeTrusted) {
    const Record record = sampled({{"grid.width", "100"}});
    EXPECT_EQ(text_of(record, group + "verdict"), "sampled");
    EXPECT_EQ(text_of(record, group + "method"), "independent");
    EXPECT_THAT(text_of(record, group + "reason"), StartsWith("Pareto k "));
    EXPECT_LT(number_in(record, group + "pareto_k"), 0.5);
    EXPECT_GE(number_in(record, group + "ess"), 400);
    for (const char* of_chains :
         {"rhat", "step_size", "chains", "divergences", "gradient_evaluations", "message"})
        EXPECT_FALSE(record.contains(group + of_chains)) << of_chains;
    // The next order is theirs to some errors, and the evidence's correction is small.
    const ValueArray& U = array_in(record, group + "order_parameter");
    const ValueArray& error = array_in(record, group + "order_parameter_mcse");
    const ValueArray& next = array_in(record, "next_order/order_parameter");
    for (std::size_t i = 0; i < U.values.size(); ++i)
        EXPECT_LT(std::abs(U.values[i] - next.values[i]), 5 * error.values[i] + 1e-3);
    EXPECT_NEAR(number_in(record, group + "bias"), number_in(record, "next_order/bias"), 0.01);
    EXPECT_NEAR(number_in(record, group + "variance"), number_in(record, "next_order/variance"), 0.01);
    EXPECT_NEAR(number_in(record, "evidence/sampled"), number_in(record, "evidence/ratio"), 0.05);
    EXPECT_LT(number_in(record, "evidence/sampled_error"), 0.02);
}

/// @param error  of what is expected
void expect_evidence(const Record& record, double expected, double error) {
    const double own = number_in(record, "evidence/sampled_error");
    EXPECT_LT(own, 0.1);
    EXPECT_LT(std::abs(number_in(record, "evidence/sampled") - expected), 4 * std::hypot(own, error))
        << number_in(record, "evidence/sampled") << " +- " << own << " for " << expected;
}

/// Chains and draws know nothing of each other.
TEST(OrderParameterSamples, AreTheSameByEitherMethod) {
    const Texts base = {
        {"grid.width", "20"}, {"sampling.target_ess", "1500"}, {"sampling.max_draws", "1500"}};
    const auto by = [&](const char* method) {
        Texts texts = base;
        texts["sampling.method"] = method;
        return sampled(texts);
    };
    const Record draws = by("auto");
    const Record chains = by("nuts");
    EXPECT_EQ(text_of(draws, group + "method"), "independent");
    EXPECT_EQ(text_of(chains, group + "method"), "nuts");
    EXPECT_EQ(text_of(chains, group + "reason"), "asked for");
    EXPECT_FALSE(chains.contains(group + "pareto_k"));
    const auto compare = [&](const std::string& value, const std::string& error) {
        const ValueArray& a = array_in(draws, group + value);
        const ValueArray& b = array_in(chains, group + value);
        for (std::size_t i = 0; i < a.values.size(); ++i)
            EXPECT_LT(std::abs(a.values[i] - b.values[i]),
                      5 * std::hypot(array_in(draws, group + error).values[i],
                                     array_in(chains, group + error).values[i]))
                << value << " " << i;
    };
    compare("order_parameter", "order_parameter_mcse");
    compare("predictor_mean", "predictor_mean_mcse");
    const ValueArray& a = array_in(draws, group + "order_parameter_sd");
    const ValueArray& b = array_in(chains, group + "order_parameter_sd");
    for (std::size_t i = 0; i < a.values.size(); ++i) EXPECT_NEAR(a.values[i] / b.values[i], 1, 0.15);
    // The evidence as the mean weight of draws, and by a bridge from the chains.
    expect_evidence(chains, number_in(draws, "evidence/sampled"), number_in(draws, "evidence/sampled_error"));
}

/// Where there are no weights chains give the evidence: below as many units as paths, on two examples.
/// Figures and their errors are means of the density over networks drawn from the prior, in numpy.
TEST(OrderParameterSamples, GiveTheEvidenceByABridgeFromChains) {
    struct Reference {
        const char* width;
        const char* temperature;
        double log_evidence, error;
    };
    for (const Reference& reference :
         {Reference{"2", "0.1", -4.53736, 0.00042}, Reference{"10", "0.5", -3.17356, 0.00004}}) {
        SCOPED_TRACE(reference.width);
        const Record record = sampled({{"grid.examples", "2"},
                                       {"grid.temperature", reference.temperature},
                                       {"grid.width", reference.width},
                                       {"sampling.method", "nuts"},
                                       // Where order parameters are singular, transitions after a short
                                       // one diverge more often than a verdict takes.
                                       {"sampling.warmup", "2000"},
                                       {"sampling.draws", "1000"},
                                       {"sampling.max_draws", "4000"}});
        ASSERT_EQ(text_of(record, group + "verdict"), "sampled") << text_of(record, group + "message");
        expect_evidence(record, reference.log_evidence, reference.error);
    }
}

TEST(OrderParameterSamples, SayWhyThereAreNoneAndWhatToDo) {
    const Record narrow = sampled({{"grid.width", "4"}});
    EXPECT_EQ(text_of(narrow, "order-parameter-samples/status"), "done");
    EXPECT_THAT(text_of(narrow, group + "verdict"), testing::AnyOf("unreliable", "too-few"));
    EXPECT_THAT(
        text_of(narrow, group + "message"),
        AllOf(HasSubstr("independent draws are not reliable here"), HasSubstr("sampling.method = auto")));
    EXPECT_FALSE(narrow.contains(group + "order_parameter"));
    EXPECT_FALSE(narrow.contains("evidence/sampled"));

    const Record singular = sampled({{"grid.width", "3"}});
    EXPECT_EQ(text_of(singular, group + "verdict"), "unreliable");
    EXPECT_THAT(text_of(singular, group + "reason"), HasSubstr("a width of 3 is below the 4 paths"));

    // Left out by default, a failure where it was asked for.
    const Texts limit = {{"grid.width", "100"}, {"sampling.limit", "1e-9"}};
    Texts by_default = limit;
    by_default["analyses.run"] = "default";
    const Record limited = sampled(by_default);
    EXPECT_EQ(text_of(limited, "order-parameter-samples/status"), "left out");
    EXPECT_EQ(text_of(sampled(limit), "order-parameter-samples/status"), "failed");
    EXPECT_THAT(text_of(limited, "order-parameter-samples/message"),
                AllOf(HasSubstr("by a count of operations"), HasSubstr("sampling.limit"),
                      HasSubstr("sampling.method = auto")));
    EXPECT_FALSE(limited.contains(group + "draws"));
}

TEST(OrderParameterSamples, ComeFromChainsWhereDrawsFailAndThisIsAskedFor) {
    const Record record = sampled({{"grid.width", "3"},
                                   {"sampling.method", "auto"},
                                   {"sampling.warmup", "50"},
                                   {"sampling.draws", "50"},
                                   {"sampling.max_draws", "50"},
                                   {"sampling.limit", "1e-9"}});
    EXPECT_EQ(text_of(record, group + "method"), "nuts");
    EXPECT_THAT(text_of(record, group + "reason"), HasSubstr("a width of 3 is below the 4 paths"));
    EXPECT_TRUE(record.contains(group + "rhat"));
    EXPECT_TRUE(record.contains(group + "order_parameter"));
}

/// Stored draws have equal weights: as many as the weighted ones are worth, and their mean within the errors.
TEST(OrderParameterSamples, AreStoredWithEqualWeights) {
    const Texts base = {{"grid.width", "30"}};
    Texts kept = base;
    kept.insert({{"store.draws", "weights"}, {"store.thin", "2"}, {"store.predictions", "false"}});
    const Record plain = sampled(base);
    const Record stored = sampled(kept);
    for (const char* column : {"order_parameter", "order_parameter_mcse", "mse", "accuracy_mcse", "ess"})
        EXPECT_EQ(plain.at(group + column), stored.at(group + column)) << column;
    const ValueArray& draws = array_in(stored, group + "draws_order_parameter");
    const double worth = number_in(stored, group + "ess");
    ASSERT_EQ(draws.shape.size(), 4U);
    EXPECT_EQ(draws.shape[0], 1U);
    EXPECT_EQ(draws.shape[1], static_cast<std::uint64_t>(worth / 2));
    EXPECT_EQ(array_in(stored, group + "draws_log_density").values.size(), draws.shape[1]);
    EXPECT_EQ(array_in(stored, group + "draws_a").shape[1], draws.shape[1]);
    const ValueArray& mean = array_in(stored, group + "order_parameter");
    const ValueArray& sd = array_in(stored, group + "order_parameter_sd");
    const std::size_t size = mean.values.size();
    for (std::size_t element = 0; element < size; ++element) {
        double sum = 0;
        for (std::uint64_t draw = 0; draw < draws.shape[1]; ++draw)
            sum += draws.values[draw * size + element];
        const auto count = static_cast<double>(draws.shape[1]);
        EXPECT_LT(std::abs(sum / count - mean.values[element]), 5 * sd.values[element] / std::sqrt(count));
    }
}

/// How often the work on some of a point's draws polls: more if theory and mode are computed first.
int polls_of(PointSolver& solver, const PointTask& task, Checkpoint& checkpoint) {
    int polls = 0;
    PointHooks hooks;
    hooks.poll = [&] { ++polls; };
    EXPECT_FALSE(solver.solve(task, hooks, checkpoint));
    return polls;
}

TEST(OrderParameterSamples, TasksOfOnePointShareItsTheoryAndItsMode) {
    const Configuration configuration =
        configuration_of({{"grid.width", "100"}, {"sampling.target_ess", "2000"}});
    const GridPoint point = grid_points(configuration).front();
    PointSolver solver(configuration);
    Checkpoint checkpoint;
    std::optional<Record> record;
    int rounds = 0;
    while (!(record = solver.solve({point, checkpoint, std::nullopt, true}, {}, checkpoint))) {
        ++rounds;
        for (const int first : {0, 4}) {
            const PointPart strands{checkpoint.methods.begin()->first,
                                    {first, first + 1, first + 2, first + 3}};
            const PointTask task{point, checkpoint, strands, false};
            PointSolver other(configuration);
            Checkpoint of_other = checkpoint;
            const int polls = polls_of(solver, task, checkpoint);
            EXPECT_LT(polls, polls_of(other, task, of_other));
            EXPECT_EQ(polls_of(solver, task, checkpoint), polls);
        }
    }
    EXPECT_GT(rounds, 1);
    EXPECT_THAT(record_differences(solve(configuration, point), *record), testing::IsEmpty());
}

}  // namespace
}  // namespace attnpaths
