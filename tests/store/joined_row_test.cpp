#include "store/joined_row.hpp"

#include "analyses/registry.hpp"
#include "point/columns.hpp"
#include "store/sample_store.hpp"
#include "store/store_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::HasSubstr;

/// A row with answers of these analyses: name, key, and the message of those that failed.
Record row_of(int point, const std::vector<std::array<std::string, 3>>& answers) {
    Record row = {{"point/key", sample_key(point)}, {"point/status", std::string("done")}};
    for (const auto& [name, key, message] : answers)
        enter_answer(row, {find_analysis(name), key, ""},
                     message.empty() ? AnswerStatus::done : AnswerStatus::failed, message, 1);
    set_status(row);
    return row;
}

Record with(Record row, const Record& columns) {
    for (const auto& [column, value] : columns) row[column] = value;
    return row;
}

TEST(JoinedRow, ReplacesWhatIsAnsweredAnewAndKeepsTheRest) {
    const Record old = with(row_of(0, {{"saddle-point", "a", ""}, {"predictor", "a", ""}}),
                            {{"theory/action", 1.0},
                             {"theory/hessian_min", 2.0},
                             {"theory/mse", 3.0},
                             {"theory/mse-mnist", 4.0},
                             {"predictor/mean", ValueArray{{1, 1}, {5.0}}},
                             {"point/seconds", 1.5},
                             {"point/asked_by", std::string("first@host")}});
    const Record newer =
        with(row_of(0, {{"predictor", "b", ""}}),
             {{"theory/mse", 6.0}, {"point/seconds", 0.5}, {"point/asked_by", std::string("second@host")}});
    const Record row = joined_row(old, newer);
    EXPECT_EQ(row.at("theory/action"), Value(1.0));
    EXPECT_EQ(row.at("saddle-point/key"), Value(std::string("a")));
    EXPECT_EQ(row.at("predictor/key"), Value(std::string("b")));
    EXPECT_EQ(row.at("theory/mse"), Value(6.0));
    EXPECT_EQ(row.count("theory/mse-mnist"), 0U) << "of the earlier answer";
    EXPECT_EQ(row.count("predictor/mean"), 0U) << "of the earlier answer";
    EXPECT_EQ(row.at("point/seconds"), Value(2.0));
    EXPECT_EQ(row.at("point/asked_by"), Value(std::string("first@host")));
    EXPECT_EQ(text_of(row, "point/status"), "done");
}

TEST(JoinedRow, DropsWhatNeedsAnAnswerOfOtherSettings) {
    const Record old =
        with(row_of(0, {{"saddle-point", "a", ""}, {"gaussian-process", "a", ""}, {"predictor", "a", ""}}),
             {{"theory/action", 1.0}, {"theory/mse", 3.0}, {"gp/mse", 4.0}});
    const Record same = joined_row(old, row_of(0, {{"saddle-point", "a", ""}}));
    EXPECT_EQ(answers_of(same).size(), 3U) << "made again with the same settings";
    const Record row =
        joined_row(old, with(row_of(0, {{"saddle-point", "b", ""}}), {{"theory/action", 1.5}}));
    EXPECT_EQ(row.at("theory/action"), Value(1.5));
    EXPECT_EQ(row.count("theory/mse"), 0U) << "of the earlier saddle point";
    EXPECT_EQ(row.count("predictor/key"), 0U) << "of the earlier saddle point";
    EXPECT_EQ(row.at("gp/mse"), Value(4.0)) << "does not need it";
    EXPECT_EQ(text_of(row, "point/status"), "done");
    const Record both = joined_row(old, row_of(0, {{"saddle-point", "b", ""}, {"predictor", "b", ""}}));
    EXPECT_EQ(answers_of(both).size(), 3U);
}

TEST(JoinedRow, IsDoneIfAllItsAnalysesAre) {
    const Record done = row_of(0, {{"saddle-point", "a", ""}});
    const Record row = joined_row(done, row_of(0, {{"scores", "a", "no heads"}}));
    EXPECT_EQ(text_of(row, "point/status"), "failed");
    EXPECT_EQ(text_of(row, "point/message"), "scores: no heads");
    const Record mended = joined_row(row, row_of(0, {{"scores", "a", ""}}));
    EXPECT_EQ(text_of(mended, "point/status"), "done");
    EXPECT_EQ(text_of(mended, "point/message"), "");
}

TEST(Kept, FitsItsColumn) {
    Settings settings;
    settings.fill_defaults(analysis_settings());
    settings.set("store.draws", {"order-parameters", "test"});
    for (const char* setting : {"store.thin", "theory.spectrum"}) settings.set(setting, {"1000000", "test"});
    for (const Analysis& analysis : analyses())
        EXPECT_LE(kept_text(analysis, settings).size(), text_length(analysis.name + "/kept"))
            << analysis.name;
}

TEST(Union, HasTheAnalysesOfBoth) {
    const Record a = with(row_of(0, {{"saddle-point", "a", ""}}), {{"theory/action", 1.0}});
    const Record b = with(row_of(0, {{"saddle-point", "a", ""}, {"predictor", "a", ""}}),
                          {{"theory/action", 1.0}, {"theory/mse", 2.0}});
    for (const Union& both : {union_of(a, b), union_of(b, a)}) {
        EXPECT_EQ(both.disagreement, "");
        EXPECT_EQ(both.row.at("theory/action"), Value(1.0));
        EXPECT_EQ(both.row.at("theory/mse"), Value(2.0));
        EXPECT_EQ(answers_of(both.row).size(), 2U);
    }
    const Record other = with(a, {{"theory/action", 1.5}});
    EXPECT_EQ(union_of(b, other).disagreement, "theory/action: 1 vs 1.5");
    EXPECT_THAT(union_of(b, row_of(0, {{"predictor", "b", ""}})).disagreement,
                HasSubstr("predictor was computed with different settings"));
    const Record failed = row_of(0, {{"predictor", "b", "out of memory"}});
    EXPECT_EQ(union_of(failed, b).row.at("theory/mse"), Value(2.0)) << "done beats failed";
    EXPECT_EQ(union_of(b, failed).row.at("theory/mse"), Value(2.0)) << "done beats failed";
}

class GrowingStore : public testing::Test {
  protected:
    [[nodiscard]] std::string path() const { return folder_.file("s.h5"); }

    TemporaryFolder folder_;
};

TEST_F(GrowingStore, JoinsRowsOfJournalAndFile) {
    for (const bool compacted : {false, true}) {
        std::filesystem::remove(path());
        std::filesystem::remove(path() + ".journal");
        Store store = Store::open(path(), sample_plan(2));
        store.finish(with(row_of(0, {{"saddle-point", "a", ""}}), {{"theory/action", 1.0}}));
        store.finish(with(row_of(1, {{"saddle-point", "a", ""}}), {{"theory/action", 2.0}}));
        if (compacted) store.compact();
        ASSERT_EQ(store.find(sample_key(1))->answers->size(), 1U);
        store.reopen({sample_key(1)});
        EXPECT_EQ(store.find(sample_key(1))->status, PointState::Status::unfinished);
        EXPECT_TRUE(store.find(sample_key(1))->has_row);
        EXPECT_EQ(store.done(), 1);
        EXPECT_EQ(store.planned(), 2);
        EXPECT_EQ(store.row(sample_key(1)).at("theory/action"), Value(2.0));
        store.sync();
        EXPECT_THAT(read_store(path()).reopened(), testing::ElementsAre(sample_key(1)));
        store.compact();
        EXPECT_THAT(read_store(path()).reopened(), testing::ElementsAre(sample_key(1))) << "after compaction";
        store.finish(with(row_of(1, {{"predictor", "a", ""}}), {{"theory/mse", 3.0}}));
        EXPECT_EQ(store.done(), 2);
        EXPECT_EQ(store.find(sample_key(1))->answers->size(), 2U);
        store.compact();
        const StoreView view = read_store(path());
        ASSERT_EQ(view.points(), 2U);
        EXPECT_TRUE(view.reopened().empty());
        EXPECT_EQ(view.record(1).at("theory/action"), Value(2.0));
        EXPECT_EQ(view.record(1).at("theory/mse"), Value(3.0));
    }
}

TEST_F(GrowingStore, ARunThatWantsNoMoreFindsItsRowsFinished) {
    {
        Store store = Store::open(path(), sample_plan(1));
        store.finish(row_of(0, {{"saddle-point", "a", ""}}));
        store.reopen({sample_key(0)});
        store.sync();
    }
    const Store store = Store::open(path(), sample_plan(1));
    EXPECT_EQ(store.done(), 1);
    EXPECT_TRUE(read_store(path()).reopened().empty());
}

TEST_F(GrowingStore, AnAnalysisThatFailsLeavesTheRowItsOthers) {
    Store store = Store::open(path(), sample_plan(1));
    store.finish(with(row_of(0, {{"saddle-point", "a", ""}}), {{"theory/action", 1.0}}));
    store.compact();
    store.reopen({sample_key(0)});
    store.finish(row_of(0, {{"scores", "a", "no heads"}}));
    EXPECT_EQ(store.failed(), 1);
    store.compact();
    const StoreView view = read_store(path());
    EXPECT_EQ(text_of(view.record(0), "point/status"), "failed");
    EXPECT_EQ(view.record(0).at("theory/action"), Value(1.0));
}

}  // namespace
}  // namespace attnpaths
