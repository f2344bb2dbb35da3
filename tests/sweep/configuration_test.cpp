#include "sweep/configuration.hpp"

#include "analyses/analysis.hpp"
#include "base/error.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

TEST(SweepKeys, AreNamedOnceAndDescribed) {
    std::set<std::string> names;
    for (const SettingKey& key : sweep_keys()) {
        EXPECT_TRUE(names.insert(key.name).second) << key.name;
        EXPECT_FALSE(key.description.empty()) << key.name;
        EXPECT_EQ(std::count(key.name.begin(), key.name.end(), '.'), 1) << key.name;
    }
}

TEST(Configuration, NeedsOnlyWidths) {
    Settings settings;
    EXPECT_THAT([&] { read_configuration(settings); },
                ThrowsMessage<UsageError>(HasSubstr("grid.width is missing")));
    settings.set("grid.width", {"30", "command line"});
    const Configuration configuration = read_configuration(settings);
    EXPECT_EQ(configuration.task_name, "hidden-markov");
    EXPECT_EQ(configuration.store, "attnpaths.h5");
    EXPECT_THAT(configuration.grid.temperatures, ElementsAre(0.01));
    EXPECT_THAT(configuration.grid.seeds, ElementsAre(1));
    EXPECT_EQ(configuration.memory_per_rank, 4.0 * 1024 * 1024 * 1024);
    std::vector<std::string> names;
    for (const Analysis* analysis : configuration.analyses) names.push_back(analysis->name);
    EXPECT_THAT(names, ElementsAre("saddle-point", "order-parameter-samples", "gaussian-process", "predictor",
                                   "alignment", "scores", "sub-networks", "next-order", "evidence"));
}

TEST(Configuration, EachWrongValueIsNamedWithItsKey) {
    struct Case {
        const char* key;
        const char* text;
        const char* words;
    };
    const Case cases[] = {
        {"task.name", "hidden_markov", "there is no task \"hidden_markov\""},
        {"task.feature_width", "0", "out of range"},
        {"task.tokens", "thirty", "\"thirty\" is not a whole number"},
        {"task.test_examples", "1", "out of range"},
        {"task.stay_probability_plus", "1.2", "out of range"},
        {"task.stay_probability_minus", "-0.1", "out of range"},
        {"task.noise_sum", "-1", "out of range"},
        {"task.beta", "inf", "is not a number"},
        {"task.sequence_start_score", "high", "is not a number"},
        {"task.file", "data.h5", "is not a key of the hidden-markov task"},
        {"task.seconds", "1", "is not a key of the hidden-markov task"},
        {"grid.width", "", "empty list"},
        {"grid.width", "ten", "\"ten\" is not a whole number"},
        {"grid.width", "10.5", "\"10.5\" is not a whole number"},
        {"grid.width", "1e20", "1e20 is too large; widths are whole numbers up to 2^53"},
        {"grid.width", "9223372036854775806", "is too large"},
        {"grid.width", "9007199254740994", "is too large"},
        {"grid.width", "10,30", "\"10,30\" is not a number; write 10 30"},
        {"grid.temperature", "1,5", "\"1,5\" is not a number; write 1.5 or 1 5"},
        {"grid.temperature", "0.01:1:log5", "a range is written with dots, 0.01..1..log5"},
        {"grid.width", "10:1000:log5", "a range is written with dots, 10..1000..log5"},
        {"grid.heads", "2,3", "\"2,3\" is not a number; write 2 3"},
        {"grid.width", "10 -30", "-30 is not a width"},
        {"grid.width", "0", "0 is not a width"},
        {"grid.width", "20:-1:30", "-1 is not a width"},
        {"grid.width", ":", "nothing before or after a colon"},
        {"grid.width", "20:", "nothing before or after a colon"},
        {"grid.width", "20::30", "nothing before or after a colon"},
        {"theory.variance_layers", "1:", "nothing before or after a colon"},
        {"grid.examples", "20 forty", "\"forty\" is not a whole number"},
        {"grid.examples", "0", "out of range"},
        {"grid.examples", ",", "has nothing before a comma"},
        {"grid.heads", "two", "is not a list of head counts"},
        {"grid.heads", "2:", "is not a list of head counts"},
        {"grid.heads", "0", "is not a list of head counts"},
        {"grid.depth", "0", "out of range"},
        {"grid.temperature", "0", "out of range"},
        {"grid.temperature", "0.1 -0.01", "-0.01 is out of range"},
        {"grid.temperature", "cold", "\"cold\" is not a number"},
        {"grid.seed", "-1", "out of range"},
        {"grid.seed", "1.5", "is not a whole number"},
        {"theory.tolerance", "1e-20", "out of range"},
        {"theory.second_start", "perhaps", "is not true or false"},
        {"theory.spectrum", "-1", "out of range"},
        {"theory.variance_input", "0", "out of range"},
        {"theory.variance_layers", "1:-1", "\"-1\" is not a positive number"},
        {"theory.variance_layers", "1:big", "\"big\" is not a positive number"},
        {"theory.variance_readout", "-1", "out of range"},
        {"analyses.run", "guessing", "there is no analysis \"guessing\"; there are default, saddle-point"},
        {"analyses.run", "default predictors",
         "there is no analysis \"predictors\"; did you mean predictor?"},
        {"analyses.run", " ", "is an empty list"},
        {"sampling.weights_warmup", "-1", "out of range"},
        {"sampling.method", "gibbs", "\"gibbs\" is not independent, auto or nuts"},
        {"store.draws", "some", "\"some\" is not order-parameters, weights or none"},
        {"store.thin", "0", "out of range"},
        {"run.checkpoint_period", "soon", "is not a time"},
        {"run.point_limit", "soon", "is not a time"},
        {"run.point_limit", "0", "is not a time"},
        {"sampling.chains", "0", "out of range"},
        {"sampling.draws", "many", "is not a whole number"},
        {"sampling.target_rhat", "0.9", "out of range"},
        {"store.predictions", "some", "is not true or false"},
        {"store.file", " ", "has no value"},
        {"run.memory_per_rank", "lots", "is not a size"},
        {"run.memory_per_rank", "0", "is not a size"},
        {"run.memory_per_rank", "1e308T", "is not a size"},
        {"run.time_limit", "1e300", "is not a time"},
        {"run.time_limit", "36526d", "is not a time"},
        {"run.point_limit", "1e308d", "is not a time"},
        {"run.time_limit", "soon", "is not a time"},
    };
    for (const Case& wrong : cases)
        EXPECT_THAT(
            [&] {
                small_configuration({{wrong.key, wrong.text}});
            },
            ThrowsMessage<UsageError>(
                AllOf(HasSubstr(std::string("--") + wrong.key), HasSubstr(wrong.words))))
            << wrong.key << " = " << wrong.text;
}

TEST(Configuration, KeysOfTheOtherTaskAreRefused) {
    EXPECT_THAT(
        [] {
            read_configuration(dataset_settings({{"task.tokens", "8"}}));
        },
        ThrowsMessage<UsageError>(StartsWith("--task.tokens: is not a key of the dataset task")));
    Settings settings;
    settings.set("grid.width", {"10", "command line"});
    settings.set("task.name", {"dataset", "command line"});
    EXPECT_THAT([&] { read_configuration(settings); },
                ThrowsMessage<UsageError>(HasSubstr("task.file is missing")));
}

TEST(Configuration, SamplingMustBeAbleToShowThatItGetsOn) {
    const Texts sampled = {{"sampling.method", "auto"}, {"run.point_limit", "5m"}};
    EXPECT_THAT(
        [&] { small_configuration(sampled); },
        ThrowsMessage<UsageError>(HasSubstr("--run.point_limit: must be longer than run.checkpoint_period")));
    Texts often = sampled;
    often["run.checkpoint_period"] = "1m";
    EXPECT_EQ(small_configuration(often).run.point_limit, 300);
    EXPECT_EQ(small_configuration({{"run.point_limit", "5m"}}).run.point_limit, 300);
}

TEST(KernelStorage, KernelsAreHeldWhereTheyFitHalfOfTheBudget) {
    const GridPoint point = small_grid({{"grid.examples", "40"}}).front();
    const Index N0 = small_configuration().task->input_width();
    EXPECT_EQ(N0, 20 + 8 + 1);
    PointConfiguration configuration;
    configuration.memory_per_rank = 2 * PathKernels::bytes(40, N0, 4, KernelStorage::kernels);
    EXPECT_EQ(kernel_storage(configuration, point, N0), KernelStorage::kernels);
    configuration.memory_per_rank *= 0.99;
    EXPECT_EQ(kernel_storage(configuration, point, N0), KernelStorage::features);
}

}  // namespace
}  // namespace attnpaths
