#include "submit/submissions.hpp"

#include "base/error.hpp"
#include "base/this_user.hpp"
#include "datasets/dataset_file.hpp"
#include "store/sample_store.hpp"
#include "store/store_view.hpp"
#include "sweep/missing_points.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <sys/stat.h>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// All submissions that are there, read.
std::vector<AcceptedSubmission> look(Submissions& queue) {
    std::vector<AcceptedSubmission> accepted;
    do
        for (AcceptedSubmission& one : queue.look()) accepted.push_back(std::move(one));
    while (queue.is_reading());
    return accepted;
}

/// Ourselves as a submission names us.
std::string us_at(const std::string& host) {
    const std::string user = this_user();
    return user.substr(0, user.find('@')) + "@" + host;
}

class SubmissionsTest : public testing::Test {
  protected:
    std::string submit(const Texts& changes, const std::string& by = "ada@node1") {
        return box.put(by, encode_parts({{{"", small_settings(changes)}, ""}}), {});
    }

    void finish(Store& store, const GridPoint& point, const std::string& status = "done") {
        Record record = describe_point(point);
        record["point/status"] = status;
        for (const PlannedAnalysis& planned : *point.plan)
            enter_answer(record, planned, answer_status(status), status == "done" ? "" : "no", 0);
        store.finish(record);
    }

    Submissions submissions() {
        return {path, {"4G", "default"}, [this](const std::string& line) { said.push_back(line); }};
    }

    TemporaryFolder folder;
    std::string path = folder.file("s.h5");
    SubmissionBox box{path};
    std::vector<std::string> said;
};

TEST_F(SubmissionsTest, BringTheirPointsOnceWithWhoAsked) {
    Submissions queue = submissions();
    EXPECT_THAT(look(queue), IsEmpty());
    const std::string first = submit({{"grid.width", "10 20"}});
    const std::string second = submit({{"grid.width", "30"}}, "bob@node2");
    const std::vector<AcceptedSubmission> accepted = look(queue);
    ASSERT_THAT(accepted, SizeIs(2));
    EXPECT_EQ(accepted[0].id, first);
    EXPECT_EQ(accepted[0].requested_by, us_at("node1")) << "the file's owner, whatever it says";
    EXPECT_EQ(keys_of(accepted[0].points), keys_of(small_grid({{"grid.width", "10 20"}})));
    ASSERT_THAT(accepted[1].points, SizeIs(1));
    EXPECT_EQ(accepted[1].points[0].submission, second);
    EXPECT_EQ(accepted[1].points[0].requested_by, us_at("node2"));
    EXPECT_THAT(look(queue), IsEmpty());
    EXPECT_EQ(queue.open(), 2U);
    EXPECT_THAT(said, IsEmpty());
}

TEST_F(SubmissionsTest, AreLookedForOnceASecond) {
    Submissions queue = submissions();
    EXPECT_TRUE(queue.is_due());
    static_cast<void>(look(queue));
    EXPECT_FALSE(queue.is_due());
}

TEST_F(SubmissionsTest, StayWhereTheStoreHasLessOfTheirPointsThanTheyWant) {
    Submissions queue = submissions();
    Store store = Store::open(path, {{}, "", "0", "0", 1});
    finish(store, small_grid({{"analyses.run", "gaussian-process"}}).at(0));
    submit({});
    const GridPoint point = look(queue).at(0).points.at(0);
    queue.settle(store);
    EXPECT_EQ(queue.open(), 1U);
    EXPECT_FALSE(is_answered(store, point.key, point.plan.get()));
    const std::vector<GridPoint> missing = missing_points(store, {point}, false);
    ASSERT_THAT(missing, SizeIs(1));
    EXPECT_EQ(missing[0].plan->size(), point.plan->size() - 1) << "the Gaussian process is there";
    EXPECT_LT(missing[0].cost.theory, point.cost.theory);
    EXPECT_EQ(store.find(point.key)->status, PointState::Status::unfinished);
    finish(store, missing[0]);
    EXPECT_TRUE(is_answered(store, point.key, point.plan.get()));
    queue.settle(store);
    EXPECT_EQ(queue.open(), 0U);
    EXPECT_THAT(missing_points(store, {point}, true), IsEmpty());
}

TEST_F(SubmissionsTest, StayUntilAllTheirPointsAreFinished) {
    Submissions queue = submissions();
    Store store = Store::open(path, {{}, "", "0", "0", 1});
    const std::string id = submit({{"grid.width", "10 20"}});
    const std::vector<GridPoint> points = look(queue).at(0).points;
    finish(store, points[1]);
    queue.settle(store);
    EXPECT_THAT(box.list().submissions, ElementsAre(id));
    finish(store, points[0], "failed");
    queue.settle(store);
    EXPECT_THAT(box.list().submissions, IsEmpty());
    EXPECT_EQ(queue.open(), 0U);
    EXPECT_THAT(said, ElementsAre(AllOf(HasSubstr(id), HasSubstr("by " + us_at("node1") +
                                                                 " is finished, 1 of 2 points failed"))));
    // What was synced before the file went is what the next sweep finds.
    EXPECT_EQ(read_store(path).points(), 2U);
}

TEST_F(SubmissionsTest, AreFoundAgainByTheNextSweep) {
    submit({{"grid.width", "10 20"}});
    {
        Submissions queue = submissions();
        EXPECT_THAT(look(queue), SizeIs(1));
    }
    Submissions next = submissions();
    EXPECT_THAT(look(next), SizeIs(1));
}

TEST_F(SubmissionsTest, ThatCannotBeUnderstoodAreSetAsideAndTheNextIsTaken) {
    Submissions queue = submissions();
    const std::map<std::string, Texts> bad = {
        {submit({{"grid.width", "ten"}}), {{"reason", "--grid.width: \"ten\" is not a whole number"}}},
        {submit({{"run.time_limit", "1h"}}), {{"reason", "--run.time_limit: concerns the sweep that runs"}}},
        {submit({{"store.file", "other.h5"}}), {{"reason", "--store.file: concerns the sweep that runs"}}},
        {submit({{"grid.hight", "1"}}), {{"reason", "--grid.hight: is not a key"}}},
        {box.put("ada@node1",
                 encode_parts({{{"", dataset_settings({{"task.file", "/nowhere/data.h5"}})}, ""}}), {}),
         {{"reason", "/nowhere/data.h5"}}},
        {box.put("ada@node1", "[]", {}), {{"reason", "has no parts"}}},
        {box.put("ada@node1", "[3]", {}), {{"reason", "cannot be read"}}}};
    const std::string good = submit({});
    const std::vector<AcceptedSubmission> accepted = look(queue);
    ASSERT_THAT(accepted, SizeIs(1));
    EXPECT_EQ(accepted[0].id, good);
    EXPECT_THAT(box.list().rejected, SizeIs(bad.size()));
    EXPECT_THAT(said, SizeIs(bad.size()));
    for (const auto& [id, entry] : bad)
        EXPECT_THAT(box.read_rejected(id).reason, HasSubstr(entry.at("reason")));
    EXPECT_THAT(look(queue), IsEmpty());
    EXPECT_THAT(said, SizeIs(bad.size())) << "each is spoken of once";
}

TEST_F(SubmissionsTest, CannotMakeProcessesOfTheSweepFail) {
    Submissions queue = submissions();
    for (const std::string key : {"task.crash_widths", "task.hang_widths"}) {
        const std::string id = submit({{key, "10"}});
        EXPECT_THAT(look(queue), IsEmpty());
        EXPECT_THAT(box.read_rejected(id).reason,
                    HasSubstr(key + ": ends or blocks processes of the sweep; it cannot be submitted"));
    }
}

TEST_F(SubmissionsTest, WithinTheFolderOfOthersFollowNoLinksAndWaitForNoPipes) {
    Submissions queue = submissions();
    const std::string good = submit({});
    const std::string secret = folder.file("secret.json");
    write_bytes(secret, read_bytes(box.folder() + "/" + good + ".json"));
    std::filesystem::create_symlink(secret, box.folder() + "/link.json");
    ASSERT_EQ(::mkfifo((box.folder() + "/pipe.json").c_str(), 0666), 0);
    write_bytes(box.folder() + "/large.json", "");
    std::filesystem::resize_file(box.folder() + "/large.json", SubmissionBox::most_bytes + 1);
    const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    std::filesystem::last_write_time(box.folder() + "/large.json", long_ago);
    const std::vector<AcceptedSubmission> accepted = look(queue);
    ASSERT_THAT(accepted, SizeIs(1));
    EXPECT_EQ(accepted[0].id, good);
    EXPECT_THAT(box.read_rejected("link").reason, HasSubstr("is a symbolic link, which is not followed"));
    EXPECT_THAT(box.read_rejected("pipe").reason, HasSubstr("is a pipe"));
    EXPECT_THAT(box.read_rejected("large").reason, HasSubstr("a submission has 16777216 at most"));
    EXPECT_THAT(box.list().submissions, ElementsAre(good)) << "set aside at the first failure";
}

TEST_F(SubmissionsTest, HalfWrittenAndForeignFilesAreLeftAloneWithOneWarning) {
    Submissions queue = submissions();
    const std::string id = submit({});
    const std::string file = box.folder() + "/" + id + ".json";
    const std::string whole = read_bytes(file);
    write_bytes(file, whole.substr(0, whole.size() / 2));
    write_bytes(box.folder() + "/notes.txt", "buy milk");
    for (int i = 0; i < 3; ++i) EXPECT_THAT(look(queue), IsEmpty());
    EXPECT_THAT(said, ElementsAre(HasSubstr("notes.txt: is no submission; left alone"),
                                  AllOf(HasSubstr(id), HasSubstr("not a whole submission"))));
    EXPECT_THAT(box.list().submissions, ElementsAre(id));
    write_bytes(file, whole);
    EXPECT_THAT(look(queue), SizeIs(1)) << "it was being copied, and is whole now";
}

TEST_F(SubmissionsTest, AreUnderstoodWithTheMemoryBudgetOfTheSweep) {
    submit({});
    Submissions queue(path, {"10K", "sweep.ini:3"}, [](const std::string&) {});
    const std::vector<AcceptedSubmission> accepted = look(queue);
    EXPECT_EQ(keys_of(accepted.at(0).points), keys_of(small_grid({{"run.memory_per_rank", "10K"}})));
    EXPECT_NE(keys_of(accepted.at(0).points), keys_of(small_grid()));
}

TEST_F(SubmissionsTest, WorkersRefuseOtherDataThanTheMastersForTheirPointsOnly) {
    const std::string data = folder.file("data.h5");
    write_dataset_file(small_dataset(), data);
    const Texts changes = {{"task.file", data}, {"grid.examples", "4"}};
    static_cast<void>(box.put("ada@node1", encode_parts({{{"", dataset_settings(changes)}, ""}}), {}));
    Submissions queue = submissions();
    const AcceptedSubmission accepted = look(queue).at(0);
    std::vector<PartSettings> own = {{"", small_settings()}};
    PartsSolver solver(load_parts(std::move(own)));
    solver.add(accepted.id, accepted.parts);
    EXPECT_NO_THROW(solver.solver_for(accepted.points[0]));
    const GridPoint other = small_grid().at(0);
    EXPECT_NO_THROW(solver.solver_for(other));
    Dataset changed = small_dataset();
    changed.train.y(0, 0) = -changed.train.y(0, 0);
    write_dataset_file(changed, data);
    try {
        solver.solver_for(accepted.points[0]);
        FAIL() << "took other data for the same";
    } catch (const DataError& error) {
        EXPECT_THAT(error.what(), HasSubstr("reads other data than the master"));
    }
    EXPECT_NO_THROW(solver.solver_for(other)) << "the sweep's own points go on";
}

}  // namespace
}  // namespace attnpaths
