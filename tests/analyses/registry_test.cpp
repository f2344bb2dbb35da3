#include "analyses/registry.hpp"

#include "analyses/selection.hpp"
#include "base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

// Laws that every analysis obeys.
namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Settings with(const std::string& run) {
    Settings settings;
    settings.set(run_setting().name, {run, "command line"});
    settings.fill_defaults(analysis_settings());
    settings.fill_defaults({samples_setting()});
    return settings;
}

std::vector<std::string> names_of(const std::vector<const Analysis*>& selected) {
    std::vector<std::string> names;
    for (const Analysis* analysis : selected) names.push_back(analysis->name);
    return names;
}

TEST(Registry, EveryAnalysisSaysWhatItIs) {
    std::set<std::string> names;
    std::set<std::string> columns;
    std::set<std::string> samplers;
    for (const Analysis& analysis : analyses()) {
        EXPECT_TRUE(names.insert(analysis.name).second) << analysis.name;
        EXPECT_FALSE(analysis.summary.empty()) << analysis.name;
        EXPECT_FALSE(analysis.source.empty()) << analysis.name;
        EXPECT_FALSE(analysis.columns.empty()) << analysis.name;
        EXPECT_NE(analysis.run, nullptr) << analysis.name;
        EXPECT_GE(analysis.revision, 1) << analysis.name;
        for (const Column& column : analysis.columns) {
            EXPECT_TRUE(columns.insert(column.name).second) << column.name;
            EXPECT_FALSE(column.description.empty()) << column.name;
        }
        for (const TableColumn& shown : analysis.table)
            EXPECT_TRUE(columns.contains(shown.column)) << shown.column;
        const bool is_sampler = analysis.advance_chains != nullptr;
        EXPECT_EQ(is_sampler, !analysis.chains.empty()) << analysis.name;
        EXPECT_EQ(is_sampler, !analysis.chain_seconds.empty()) << analysis.name;
        if (is_sampler) {
            for (const std::string& chains : analysis.chains)
                EXPECT_TRUE(samplers.insert(chains).second) << analysis.name << ": " << chains;
            EXPECT_TRUE(columns.contains(analysis.chain_seconds)) << analysis.name;
        }
    }
}

TEST(Registry, WhatAnAnalysisNeedsComesBeforeItAndDependsOnNoMore) {
    std::set<std::string> before;
    for (const Analysis& analysis : analyses()) {
        for (const std::string& need : analysis.needs) {
            EXPECT_TRUE(before.contains(need)) << analysis.name << " needs " << need;
            if (analysis.scope == Scope::kernels) {
                EXPECT_EQ(find_analysis(need)->scope, Scope::kernels) << analysis.name;
            }
        }
        before.insert(analysis.name);
    }
}

TEST(Registry, SettingsHaveOneDefaultThatIsRight) {
    const Settings defaults = with("default");
    for (const Analysis& analysis : analyses()) {
        if (analysis.check_settings != nullptr) {
            EXPECT_NO_THROW(analysis.check_settings(defaults)) << analysis.name;
        }
        for (const SettingKey& setting : analysis.settings)
            EXPECT_EQ(defaults.text(setting.name), setting.default_value) << setting.name;
        for (const auto& [setting, covers, matters] : analysis.outputs) {
            EXPECT_EQ(defaults.text(setting.name), setting.default_value) << setting.name;
            const std::string value = canonical_text(defaults, setting.name);
            EXPECT_TRUE(covers(value, value)) << setting.name;
            EXPECT_FALSE(covers("", value) && covers(value, "")) << setting.name;
        }
    }
}

TEST(Registry, CostsGrowWithTheProblem) {
    const Settings defaults = with("default");
    Architecture architecture;
    architecture.heads = {2, 2};
    architecture.widths = {100, 100};
    architecture.readout_width = 100;
    architecture.variances.layers = {1, 1};
    architecture.outputs = 1;
    for (const Analysis& analysis : analyses()) {
        const auto seconds = [&](Index examples) {
            const NominalCost cost =
                analysis.cost({architecture, examples, 200, examples, KernelStorage::kernels}, defaults);
            return cost.theory + cost.sampling;
        };
        EXPECT_GE(seconds(200), seconds(20)) << analysis.name;
        if (analysis.bytes != nullptr) {
            EXPECT_GT(analysis.bytes({architecture, 20, 200, 20, KernelStorage::kernels}), 0)
                << analysis.name;
        }
    }
}

TEST(Selection, HasWhatIsNeededInTheOrderOfTheRegistry) {
    EXPECT_THAT(names_of(selected_analyses(with("scores predictor scores"))),
                ElementsAre("saddle-point", "predictor", "scores"));
    EXPECT_THAT(names_of(selected_analyses(with("gaussian-process"))), ElementsAre("gaussian-process"));
    const std::vector<std::string> more = names_of(selected_analyses(with("weight-samples default")));
    EXPECT_EQ(more.size(), selected_analyses(with("default")).size() + 1);
    EXPECT_EQ(more[2], "weight-samples");
}

TEST(Selection, LeavesOutWhatIsSampled) {
    const auto selected = [](const std::string& run) {
        Settings settings = with(run);
        settings.set(samples_setting().name, {"false", "command line"});
        return names_of(selected_analyses(settings));
    };
    const std::vector<std::string> theory = selected("default weight-samples");
    EXPECT_EQ(theory.size(), selected_analyses(with("default")).size() - 1);
    EXPECT_THAT(theory, testing::Not(testing::Contains("order-parameter-samples")));
    EXPECT_THAT(selected("weight-samples predictor"), ElementsAre("saddle-point", "predictor"));
    EXPECT_THAT([&] { static_cast<void>(selected("weight-samples")); },
                testing::ThrowsMessage<UsageError>(
                    testing::HasSubstr("--analyses.run: nothing is left to run without samples")));
}

TEST(Selection, RequiresWhatIsNamedAndWhatThatNeeds) {
    const auto required = [&](const char* words) {
        const std::set<const Analysis*> analyses = required_analyses(with(words));
        return names_of({analyses.begin(), analyses.end()});
    };
    EXPECT_THAT(required("default"), IsEmpty());
    EXPECT_THAT(required("scores default"), UnorderedElementsAre("saddle-point", "scores"));
}

TEST(Selection, NamesTheNearestAnalysis) {
    EXPECT_THAT([] { static_cast<void>(selected_analyses(with("sadle-point"))); },
                testing::ThrowsMessage<UsageError>(testing::HasSubstr(
                    "--analyses.run: there is no analysis \"sadle-point\"; did you mean saddle-point?")));
}

}  // namespace
}  // namespace attnpaths
