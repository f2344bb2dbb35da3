#include "point/keys.hpp"

#include "analyses/registry.hpp"
#include "sweep/small_sweep.hpp"
#include "tasks/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

/// What decides whether a store has all that is wanted of a point: its problem, and its plan.
std::string key_with(const Texts& changes) {
    const std::vector<GridPoint> points = small_grid(changes);
    EXPECT_EQ(points.size(), 1U);
    return points.at(0).key + plan_text(*points.at(0).plan);
}

/// One change of each key that determines results, on top of small_settings.
const Texts changes_of_results = {
    {"evidence.two_loop", "true"},
    {"task.feature_width", "22"},
    {"task.tokens", "9"},
    {"task.test_examples", "22"},
    {"task.stay_probability_plus", "0.71"},
    {"task.stay_probability_minus", "0.31"},
    {"task.noise_difference", "1.5"},
    {"task.noise_sum", "1.5"},
    {"task.noise_perpendicular", "1.5"},
    {"task.beta", "9"},
    {"task.random_strength", "0.5"},
    {"task.sequence_start_score", "1"},
    {"grid.width", "31"},
    {"grid.examples", "40"},
    {"grid.heads", "3"},
    {"grid.depth", "1"},
    {"grid.temperature", "0.010000000000000002"},
    {"grid.variance_readout", "3"},
    {"grid.seed", "2"},
    {"theory.tolerance", "1e-9"},
    {"theory.second_start", "true"},
    {"theory.spectrum", "29"},
    {"theory.sub_networks", "good=1.1"},
    {"theory.variance_input", "2"},
    {"theory.variance_layers", "2"},
    {"theory.variance_readout", "2"},
    {"store.predictions", "false"},
    {"next_order.covariance", "true"},
    {"evidence.two_loop", "true"},
};

/// Keys of the samplers, which matter only where something is sampled.
const Texts changes_of_sampling = {
    {"sampling.method", "auto"},
    {"sampling.independent_draws", "1024"},
    {"sampling.limit", "6"},
    {"sampling.chains", "3"},
    {"sampling.warmup", "301"},
    {"sampling.draws", "501"},
    {"sampling.max_draws", "4001"},
    {"sampling.target_ess", "401"},
    {"sampling.target_rhat", "1.02"},
    {"sampling.predictor_draws", "201"},
    {"store.draws", "order-parameters"},
};

/// Keys that matter only where all weights are sampled.
const Texts changes_of_weight_sampling = {
    {"sampling.weights_warmup", "301"},
    {"sampling.weights_draws", "501"},
    {"sampling.weights_max_draws", "4001"},
};

/// Keys of analyses that are not made by default.
const Texts changes_on_request = {
    {"learning_curve.examples", "10 20"}, {"learning_curve.pool", "false"},
    {"self_training.labels", "soft"},     {"self_training.predictor", "gaussian-process"},
    {"self_training.rounds", "3"},        {"self_training.temperature", "0.5"},
    {"self_training.tolerance", "0.01"},  {"self_training.unlabelled", "100"},
};

/// Keys that say where and how a sweep runs, not what comes out.
const Texts changes_of_the_run = {{"store.file", "elsewhere.h5"},
                                  {"run.time_limit", "50m"},
                                  {"run.memory_per_rank", "8G"},
                                  {"run.checkpoint_period", "1m"},
                                  {"run.point_limit", "1h"},
                                  {"run.time_margin", "90s"},
                                  {"run.shard", "1/2"}};

TEST(PointKey, ChangesWithEverySettingThatChangesResults) {
    std::set<std::string> keys = {key_with({})};
    for (const auto& [key, text] : changes_of_results)
        EXPECT_TRUE(keys.insert(key_with({{key, text}})).second) << key << " = " << text;
    EXPECT_TRUE(keys.insert(key_with({{"grid.width", "30:30:31"}})).second);
    EXPECT_TRUE(keys.insert(key_with({{"grid.width", "31:30:30"}})).second);
    EXPECT_TRUE(keys.insert(key_with({{"grid.heads", "2:1"}})).second);
    EXPECT_TRUE(keys.insert(key_with({{"grid.heads", "1:2"}})).second);
    EXPECT_TRUE(keys.insert(key_with({{"theory.variance_layers", "1:2"}})).second);
    EXPECT_TRUE(keys.insert(key_with({{"theory.sub_networks", "none"}})).second);
}

TEST(PointKey, ChangesWithAnalysesThatAreAskedFor) {
    const Texts theory = {{"analyses.samples", "false"}};
    const std::string order_parameters = "default";
    const std::string weights = "predictor weight-samples";
    std::set<std::string> keys = {key_with(theory)};
    for (const std::string& analyses : {order_parameters, weights, order_parameters + " weight-samples"})
        EXPECT_TRUE(keys.insert(key_with({{"analyses.run", analyses}})).second) << analyses;
    EXPECT_EQ(key_with({{"analyses.run", "weight-samples default"}}),
              key_with({{"analyses.run", order_parameters + " weight-samples"}}));
    const auto check = [&](const std::string& analyses, const Texts& changes, const Texts& base) {
        for (const auto& [key, text] : changes) {
            Texts texts = base;
            texts["analyses.run"] = analyses;
            texts[key] = text;
            EXPECT_TRUE(keys.insert(key_with(texts)).second) << key;
            Texts without = theory;
            without[key] = text;
            EXPECT_EQ(key_with(without), key_with(theory)) << key << " where it is not asked for";
        }
    };
    check(order_parameters, changes_of_sampling, {});
    check(weights, changes_of_weight_sampling, {});
    check("default learning-curve self-training", changes_on_request, {});
    check(order_parameters, {{"store.thin", "3"}}, {{"store.draws", "weights"}});
    for (const auto& [key, text] : changes_of_weight_sampling)
        EXPECT_EQ(key_with({{"analyses.run", order_parameters}, {key, text}}),
                  key_with({{"analyses.run", order_parameters}}))
            << key;
    EXPECT_EQ(key_with({{"analyses.run", weights}, {"sampling.predictor_draws", "201"}}),
              key_with({{"analyses.run", weights}}));
}

/// Keys of the analyses of a point with some settings, by name.
std::map<std::string, std::string> analysis_keys(const Texts& changes) {
    const Configuration configuration = small_configuration(changes);
    const GridPoint point = grid_points(configuration).at(0);
    std::map<std::string, std::string> keys;
    for (const Analysis& analysis : analyses())
        keys[analysis.name] =
            analysis_key(analysis, analysis_inputs(configuration, point.architecture.heads));
    return keys;
}

/// Names of the analyses whose keys a change of settings changes.
std::vector<std::string> changed_by(const Texts& changes) {
    const std::map<std::string, std::string> before = analysis_keys({});
    std::vector<std::string> changed;
    for (const auto& [name, key] : analysis_keys(changes))
        if (key != before.at(name)) changed.push_back(name);
    return changed;
}

std::string problem_key_with(const Texts& changes) {
    const Configuration configuration = small_configuration(changes);
    return problem_key(configuration, grid_points(configuration).at(0), configuration.task->input_width());
}

TEST(AnalysisKey, ChangesWithItsOwnSettingsAndThoseOfWhatItNeeds) {
    using testing::ElementsAre;
    EXPECT_THAT(changed_by({{"sampling.warmup", "301"}}), ElementsAre("order-parameter-samples"));
    EXPECT_THAT(changed_by({{"sampling.weights_warmup", "301"}}), ElementsAre("weight-samples"));
    EXPECT_THAT(changed_by({{"sampling.chains", "3"}}),
                ElementsAre("order-parameter-samples", "weight-samples"));
    EXPECT_THAT(changed_by({{"theory.sub_networks", "none"}}), ElementsAre("sub-networks"));
    EXPECT_THAT(changed_by({{"theory.tolerance", "1e-9"}}),
                ElementsAre("alignment", "best-temperature", "evidence", "head-evidence", "learning-curve",
                            "next-order", "order-parameter-samples", "predictor", "saddle-point", "scores",
                            "self-training", "target-alignment", "weight-samples"));
    EXPECT_THAT(changed_by({{"learning_curve.pool", "false"}}), ElementsAre("learning-curve"));
    EXPECT_THAT(changed_by({{"theory.tolerance", "1.0E-10"}, {"theory.second_start", "no"}}),
                testing::IsEmpty());
    EXPECT_THAT(changed_by({{"grid.seed", "2"}, {"grid.width", "31"}}), testing::IsEmpty())
        << "problems are told apart by their own key";
}

TEST(AnalysisKey, DoesNotChangeWithWhatIsKept) {
    const Texts kept = {
        {"store.predictions", "false"}, {"store.draws", "weights"},        {"store.thin", "3"},
        {"theory.spectrum", "5"},       {"next_order.covariance", "true"}, {"evidence.two_loop", "true"},
        {"analyses.run", "predictor"}};
    EXPECT_THAT(changed_by(kept), testing::IsEmpty());
    EXPECT_EQ(problem_key_with(kept), problem_key_with({}));
}

/// The leading eigenpairs at the saddle point are found by another solver than all of them.
TEST(AnalysisKey, OfTheAlignmentHasTheSolver) {
    EXPECT_THAT(changed_by({{"theory.spectrum", "32"}}), testing::IsEmpty());
    EXPECT_THAT(changed_by({{"theory.spectrum", "33"}}), testing::ElementsAre("alignment"));
}

TEST(AnalysisKey, EverySettingOfAnAnalysisIsInItsKeyOrKept) {
    for (const Analysis& analysis : analyses())
        for (const SettingKey& setting : analysis.settings) {
            const auto change = [&](const Texts& changes) { return changes.count(setting.name); };
            EXPECT_EQ(change(changes_of_results) + change(changes_of_sampling) +
                          change(changes_of_weight_sampling) + change(changes_on_request),
                      1U)
                << setting.name;
        }
}

TEST(ProblemKey, ChangesWithTheProblemAlone) {
    EXPECT_EQ(problem_key_with({{"theory.tolerance", "1e-9"}, {"sampling.chains", "3"}}),
              problem_key_with({}));
    for (const char* key :
         {"grid.width", "grid.seed", "grid.examples", "grid.temperature", "theory.variance_layers"})
        EXPECT_NE(problem_key_with({{key, changes_of_results.at(key)}}), problem_key_with({})) << key;
}

TEST(ProblemKey, WithoutTheWidthsIsTheSameForAllOfThem) {
    const auto kernels = [](const Texts& changes) {
        const Configuration configuration = small_configuration(changes);
        return kernels_key(configuration, grid_points(configuration).at(0),
                           configuration.task->input_width());
    };
    EXPECT_EQ(kernels({{"grid.width", "31:32:33"}}), kernels({}));
    EXPECT_NE(kernels({{"grid.temperature", "0.1"}}), kernels({}));
}

TEST(PointKey, DoesNotChangeWithTheRun) {
    EXPECT_EQ(key_with(changes_of_the_run), key_with({}));
    EXPECT_EQ(small_grid().at(0).key.size(), 32U);
}

/// Whether a key belongs to another task than that of small_settings.
bool is_foreign(const SettingKey& key) {
    const TaskDeclaration& own = tasks().front();
    return key.name.starts_with("task.") && key.name != "task.name" &&
           std::none_of(own.settings.begin(), own.settings.end(),
                        [&](const SettingKey& setting) { return setting.name == key.name; });
}

TEST(PointKey, EverySettingIsOnOneSide) {
    for (const SettingKey& key : sweep_keys())
        EXPECT_EQ(changes_of_results.count(key.name) + changes_of_sampling.count(key.name) +
                      changes_of_weight_sampling.count(key.name) + changes_on_request.count(key.name) +
                      changes_of_the_run.count(key.name),
                  key.name == "task.name" || is_foreign(key) || key.name == "analyses.run" ||
                          key.name == "analyses.samples" || key.name == "store.thin"
                      ? 0U
                      : 1U)
            << key.name;
}

TEST(PointKey, DefaultsSpeltOutChangeNothing) {
    Texts defaults;
    for (const SettingKey& key : sweep_keys())
        if (!key.default_value.empty() && !is_foreign(key) && small_settings().values().count(key.name) == 0)
            defaults[key.name] = key.default_value;
    defaults["grid.examples"] = "100";
    defaults["grid.heads"] = "2";
    defaults["grid.depth"] = "2";
    EXPECT_EQ(key_with(defaults), key_with({}));
}

TEST(PointKey, DoesNotDependOnTheRestOfTheGridNorItsOrder) {
    const auto keys = [](const char* width, const char* examples, const char* heads, const char* temperature,
                         const char* seed) {
        return keys_of(small_grid({{"grid.width", width},
                                   {"grid.examples", examples},
                                   {"grid.heads", heads},
                                   {"grid.temperature", temperature},
                                   {"grid.seed", seed}}));
    };
    const auto all = keys("10 30", "20 40", "2 2:1", "0.01 0.1", "1 2");
    EXPECT_EQ(keys("30 10", "40 20", "2:1 2", "0.1 0.01", "2 1"), all);
    EXPECT_EQ(all.count(*keys("30", "20", "2:1", "0.1", "2").begin()), 1U);
}

TEST(PointKey, KernelStorageCountsBecauseItChangesTheLastBits) {
    EXPECT_NE(key_with({{"run.memory_per_rank", "100K"}}), key_with({}));
}

TEST(PointKey, OfADataSetFollowsItsContentNotItsName) {
    const Dataset dataset = small_dataset();
    const std::string key = dataset_grid(dataset).at(0).key;
    EXPECT_EQ(dataset_grid(dataset, {{"task.file", "renamed.h5"}}).at(0).key, key);
    Dataset renamed = dataset;
    renamed.layers[0][0].name = "another name";
    EXPECT_EQ(dataset_grid(renamed).at(0).key, key);
    Dataset changed = dataset;
    changed.train.x(0, 0) += 1e-12;
    EXPECT_NE(dataset_grid(changed).at(0).key, key);
    changed = dataset;
    changed.tests[0].y(0, 0) = -changed.tests[0].y(0, 0);
    EXPECT_NE(dataset_grid(changed).at(0).key, key);
    changed = dataset;
    changed.layers[0][1].W(0, 0) += 1e-12;
    EXPECT_NE(dataset_grid(changed).at(0).key, key);
}

}  // namespace
}  // namespace attnpaths
