#include "run/protocol.hpp"

#include "base/error.hpp"
#include "point/columns.hpp"
#include "run/compute_point.hpp"
#include "run/start_message.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>

#include <limits>

namespace attnpaths {
namespace {

Checkpoint some_checkpoint() {
    Checkpoint checkpoint;
    checkpoint.methods["order-parameter"] = {500, {{500, 2.5, std::string("a\0b", 3)}, {20, 0.1, "c"}, {}}};
    checkpoint.methods["weights"] = {0, {}};
    return checkpoint;
}

TEST(Protocol, OutcomesTravelWithTheirRecords) {
    Record record = describe_point(small_grid().front());
    record["theory/action"] = std::numeric_limits<double>::infinity();
    record["point/message"] = std::string("line one\nline two");
    for (const Outcome outcome :
         {Outcome::done, Outcome::failed, Outcome::interrupted, Outcome::handed_back}) {
        const PointResult arrived = decode_result(encode_result({outcome, record, some_checkpoint()}));
        EXPECT_EQ(arrived.outcome, outcome);
        EXPECT_EQ(arrived.record, record);
        EXPECT_EQ(encode_checkpoint(arrived.checkpoint), encode_checkpoint(some_checkpoint()));
    }
}

TEST(Protocol, TasksTravel) {
    const GridPoint point = small_grid().front();
    const PointTask whole = decode_task(encode_task({point, {}, std::nullopt, false}));
    EXPECT_EQ(whole.point.key, point.key);
    EXPECT_TRUE(whole.checkpoint.empty());
    EXPECT_FALSE(whole.part);
    EXPECT_FALSE(whole.is_spread);
    const PointTask chain =
        decode_task(encode_task({point, some_checkpoint(), PointPart{"weights", {0, 2}}, true}));
    EXPECT_EQ(encode_checkpoint(chain.checkpoint), encode_checkpoint(some_checkpoint()));
    ASSERT_TRUE(chain.part);
    EXPECT_EQ(chain.part->method, "weights");
    EXPECT_EQ(chain.part->pieces, (std::vector<int>{0, 2}));
    EXPECT_TRUE(chain.is_spread);
}

TEST(Protocol, BatchesTravel) {
    const std::vector<std::string> messages = {"one", "", std::string("a\0b", 3)};
    const std::string bytes = encode_batch(messages);
    EXPECT_EQ(decode_batch(bytes), messages);
    EXPECT_TRUE(decode_batch(encode_batch({})).empty());
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_THROW(decode_batch(std::string_view(bytes).substr(0, length)), DataError) << length;
}

TEST(Protocol, StopsTravel) {
    for (const StopRequest how : {StopRequest::now, StopRequest::drain})
        EXPECT_EQ(decode_stop(encode_stop(how)), how);
}

TEST(Checkpoint, MergesWhatIsNewer) {
    Checkpoint checkpoint = some_checkpoint();
    Checkpoint newer;
    newer.methods["order-parameter"] = {1000, {{}, {700, 3.5, "later"}, {}}};
    checkpoint.merge(newer);
    const EnsembleState& merged = checkpoint.methods.at("order-parameter");
    EXPECT_EQ(merged.goal, 1000);
    EXPECT_EQ(merged.chains.at(0).draws, 500);
    EXPECT_EQ(merged.chains.at(1).bytes, "later");
    constexpr int second = 1;
    const Checkpoint only = checkpoint.only("order-parameter", {&second, 1});
    EXPECT_EQ(only.methods.at("order-parameter").chains.at(0).bytes, "");
    EXPECT_EQ(only.methods.at("order-parameter").chains.at(1).bytes, "later");
}

TEST(Checkpoint, DamageIsFound) {
    Checkpoint checkpoint = some_checkpoint();
    checkpoint.point = "width 10";
    const std::string bytes = encode_checkpoint(checkpoint);
    EXPECT_EQ(decode_checkpoint(bytes).point, "width 10");
    const std::size_t without_words = bytes.size() - sizeof(std::uint32_t) - checkpoint.point.size();
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        if (length == without_words) continue;
        EXPECT_THROW(decode_checkpoint(std::string_view(bytes).substr(0, length)), DataError) << length;
    }
    EXPECT_THROW(decode_checkpoint(bytes + "x"), DataError);
}

TEST(Checkpoint, ThoseOfEarlierVersionsHaveNoWords) {
    const std::string bytes = encode_checkpoint(some_checkpoint());
    const Checkpoint old =
        decode_checkpoint(std::string_view(bytes).substr(0, bytes.size() - sizeof(std::uint32_t)));
    EXPECT_EQ(old.point, "");
    EXPECT_EQ(encode_checkpoint(old), bytes);
}

TEST(Protocol, AnIntroductionNamesHostAndProcess) {
    for (const bool has_liveness : {false, true}) {
        const Introduction introduction =
            decode_introduction(encode_introduction({"node17", 4242, has_liveness, "Zen"}));
        EXPECT_EQ(introduction.host, "node17");
        EXPECT_EQ(introduction.pid, 4242);
        EXPECT_EQ(introduction.numerics, "Zen");
        EXPECT_EQ(introduction.has_liveness, has_liveness);
    }
}

TEST(PointResult, OneThatIsTooLargeIsAFailureOfItsPoint) {
    const GridPoint point = small_grid().front();
    PointResult fits{Outcome::done, {{"theory/action", 1.0}}, {}};
    limit_size(fits, point, 4000);
    EXPECT_EQ(fits.outcome, Outcome::done);

    PointResult large{Outcome::done, {{"gp/eigenvalues", ValueArray{{1000}, std::vector<double>(1000)}}}, {}};
    limit_size(large, point, 4000);
    EXPECT_EQ(large.outcome, Outcome::failed);
    EXPECT_EQ(std::get<std::string>(large.record.at("point/key")), point.key);
    EXPECT_THAT(std::get<std::string>(large.record.at("point/message")), testing::HasSubstr("store.thin"));
    EXPECT_LE(encode_result(large).size(), 4000U);

    // Of a point that is given up for now only the checkpoint is lost.
    PointResult interrupted{Outcome::interrupted, {}, {}};
    interrupted.checkpoint.methods["weights"] = {10, {{1, 1.0, std::string(8000, 'x')}}};
    limit_size(interrupted, point, 4000);
    EXPECT_EQ(interrupted.outcome, Outcome::interrupted);
    EXPECT_TRUE(interrupted.checkpoint.empty());
}

TEST(Protocol, MessagesThatSayNothingAreDataErrors) {
    EXPECT_THROW(decode_stop("perhaps"), DataError);
    EXPECT_THROW(decode_start("{"), DataError);
    EXPECT_THROW(decode_start("[]"), DataError);
    EXPECT_THROW(decode_result(encode_record({})), DataError);
    EXPECT_THROW(decode_result(encode_record({{"outcome", std::string("done")}})), DataError);
    EXPECT_THROW(decode_result(encode_record({{"outcome", std::int64_t{99}}})), DataError);
    Record point = describe_point(small_grid().front());
    point["point/widths"] = ValueArray{{0}, {}};
    EXPECT_THROW(point_from_record(point), DataError);
    point = describe_point(small_grid().front());
    point["point/variances"] = ValueArray{{1}, {1.0}};
    EXPECT_THROW(point_from_record(point), DataError);
    point = describe_point(small_grid().front());
    point["point/head_counts"] = ValueArray{{1}, {std::numeric_limits<double>::quiet_NaN()}};
    EXPECT_THROW(point_from_record(point), DataError);
}

}  // namespace
}  // namespace attnpaths
