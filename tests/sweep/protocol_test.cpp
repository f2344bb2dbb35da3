#include "sweep/protocol.hpp"

#include "small_sweep.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace attnpaths {
namespace {

TEST(Protocol, OutcomesTravelWithTheirRecords) {
    Record record = describe_point(small_grid().front());
    record["theory/action"] = std::numeric_limits<double>::infinity();
    record["point/message"] = std::string("line one\nline two");
    for (const Outcome outcome : {Outcome::done, Outcome::failed, Outcome::interrupted}) {
        Record arrived = decode_record(encode_outcome(outcome, record));
        EXPECT_EQ(take_outcome(arrived), outcome);
        EXPECT_EQ(arrived, record);
    }
}

TEST(Protocol, AnIntroductionNamesHostAndProcess) {
    const Record introduction = decode_record(encode_introduction("node17", 4242));
    EXPECT_EQ(std::get<std::string>(introduction.at("host")), "node17");
    EXPECT_EQ(std::get<std::int64_t>(introduction.at("pid")), 4242);
}

}  // namespace
}  // namespace attnpaths
