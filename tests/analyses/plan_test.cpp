#include "analyses/plan.hpp"

#include "analyses/registry.hpp"
#include "base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

Settings settings_with(const std::map<std::string, std::string>& changes) {
    Settings settings;
    settings.fill_defaults(analysis_settings());
    for (const auto& [key, text] : changes) settings.set(key, {text, "test"});
    return settings;
}

const Analysis& analysis(const char* name) {
    return *find_analysis(name);
}

std::string kept(const char* name, const std::map<std::string, std::string>& changes = {}) {
    return kept_text(analysis(name), settings_with(changes));
}

TEST(Plan, ComesBackFromItsText) {
    Plan plan;
    for (const Analysis& one : analyses())
        plan.push_back({&one, one.name + "'s key", kept_text(one, settings_with({})), !one.by_default});
    const Plan back = plan_of_text(plan_text(plan));
    ASSERT_EQ(back.size(), plan.size());
    for (std::size_t i = 0; i < plan.size(); ++i) {
        EXPECT_EQ(back[i].analysis, plan[i].analysis);
        EXPECT_EQ(back[i].key, plan[i].key);
        EXPECT_EQ(back[i].kept, plan[i].kept);
        EXPECT_EQ(back[i].is_required, plan[i].is_required);
    }
    EXPECT_TRUE(plan_of_text("").empty());
    EXPECT_THROW(plan_of_text("no-analysis\tkey\t\t\n"), DataError);
    EXPECT_THROW(plan_of_text("predictor\n"), DataError);
}

TEST(Plan, AnswersComeFromTheColumns) {
    Record row = {{"point/key", std::string("x")}};
    enter_answer(row, {&analysis("predictor"), "k1", "store.predictions=1"}, AnswerStatus::done, "", 2.5);
    enter_answer(row, {&analysis("saddle-point"), "k2", ""}, AnswerStatus::failed, "it diverged", 1);
    enter_answer(row, {&analysis("next-order"), "k3", ""}, AnswerStatus::left_out, "too large", 0);
    const Answers answers = answers_of(row);
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0].analysis->name, "saddle-point");
    EXPECT_EQ(answers[0].status, AnswerStatus::failed);
    EXPECT_EQ(answers[1].key, "k1");
    EXPECT_EQ(answers[1].kept, "store.predictions=1");
    EXPECT_TRUE(answers[1].is_done());
    EXPECT_EQ(answers[2].status, AnswerStatus::left_out);
    EXPECT_EQ(failure_text(row), "saddle-point: it diverged");
    EXPECT_THAT(left_out(row), testing::ElementsAre(testing::Pair("next-order", "too large")));
}

TEST(Plan, IsMissingWhatHasNoAnswerOrAnotherKey) {
    const PlannedAnalysis planned = {&analysis("saddle-point"), "key", ""};
    EXPECT_TRUE(is_missing(planned, {}, false));
    EXPECT_FALSE(is_missing(planned, {{planned.analysis, "key", "", AnswerStatus::done}}, false));
    EXPECT_TRUE(is_missing(planned, {{planned.analysis, "other", "", AnswerStatus::done}}, false));
    EXPECT_FALSE(is_missing(planned, {{planned.analysis, "key", "", AnswerStatus::failed}}, false))
        << "it failed";
    EXPECT_TRUE(is_missing(planned, {{planned.analysis, "key", "", AnswerStatus::failed}}, true));
}

TEST(Plan, WhatWasLeftOutIsMissingOnceItIsAskedForByName) {
    PlannedAnalysis planned = {&analysis("next-order"), "key", ""};
    const Answers answers = {{planned.analysis, "key", "", AnswerStatus::left_out}};
    EXPECT_FALSE(is_missing(planned, answers, false));
    EXPECT_TRUE(is_missing(planned, answers, true));
    planned.is_required = true;
    EXPECT_TRUE(is_missing(planned, answers, false));
}

TEST(Plan, IsMissingWhatWasNotKept) {
    const Analysis& predictor = analysis("predictor");
    const std::string all = kept("predictor");
    const std::string less = kept("predictor", {{"store.predictions", "false"}});
    EXPECT_FALSE(
        is_missing({&predictor, "key", less}, {{&predictor, "key", all, AnswerStatus::done}}, false));
    EXPECT_TRUE(is_missing({&predictor, "key", all}, {{&predictor, "key", less, AnswerStatus::done}}, false));
    EXPECT_TRUE(is_missing({&predictor, "key", all}, {{&predictor, "key", "", AnswerStatus::done}}, false));
}

TEST(Kept, ALargerSpectrumCoversASmallerOne) {
    const Analysis& alignment = analysis("alignment");
    const std::string few = kept("alignment", {{"theory.spectrum", "9"}});
    const std::string many = kept("alignment", {{"theory.spectrum", "10"}});
    EXPECT_TRUE(covers(alignment, many, few));
    EXPECT_FALSE(covers(alignment, few, many));
}

TEST(Kept, DrawsIncludeLesserOnesAndThinningMattersWithDrawsOnly) {
    const char* name = "weight-samples";
    const auto draws = [&](const char* what, const char* thin) {
        return kept(name, {{"store.draws", what}, {"store.thin", thin}});
    };
    EXPECT_EQ(draws("none", "10"), draws("none", "3"));
    EXPECT_TRUE(covers(analysis(name), draws("none", "10"), draws("false", "3")));
    EXPECT_TRUE(covers(analysis(name), draws("weights", "5"), draws("order-parameters", "5")));
    EXPECT_FALSE(covers(analysis(name), draws("order-parameters", "5"), draws("weights", "5")));
    EXPECT_TRUE(covers(analysis(name), draws("weights", "5"), draws("none", "3")));
    EXPECT_FALSE(covers(analysis(name), draws("weights", "5"), draws("weights", "3")));
}

TEST(Plan, IncludesAnotherOfTheSameSettings) {
    const Plan one = {{&analysis("saddle-point"), "k", ""}};
    const Plan both = {{&analysis("saddle-point"), "k", ""}, {&analysis("scores"), "k", ""}};
    const Plan other = {{&analysis("saddle-point"), "other", ""}};
    EXPECT_TRUE(includes(both, one));
    EXPECT_FALSE(includes(one, both));
    EXPECT_FALSE(includes(both, other));
}

}  // namespace
}  // namespace attnpaths
