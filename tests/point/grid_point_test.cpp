#include "point/grid_point.hpp"

#include "base/error.hpp"
#include "point/columns.hpp"
#include "sweep/small_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

std::vector<GridPoint> various_points() {
    return small_grid({{"grid.width", "7 1e6"},
                       {"grid.heads", "2 3:1:2 1"},
                       {"grid.depth", "1 2 3"},
                       {"grid.temperature", "0.1 1e-300 0.30000000000000004"},
                       {"grid.seed", "0 9223372036854775807"},
                       {"theory.variance_input", "0.1"},
                       {"theory.variance_readout", "1e-9"}});
}

TEST(GridPoint, TravelsToAWorkerUnchanged) {
    for (GridPoint point : various_points()) {
        point.submission = "20260301T120000.000000Z-node1-7-0";
        point.requested_by = "ada@node1";
        const GridPoint back = point_from_record(decode_record(encode_record(describe_point(point))));
        EXPECT_EQ(back.key, point.key);
        EXPECT_EQ(back.submission, point.submission);
        EXPECT_EQ(back.requested_by, point.requested_by);
        EXPECT_EQ(back.examples, point.examples);
        EXPECT_EQ(back.temperature, point.temperature);
        EXPECT_EQ(back.seed, point.seed);
        EXPECT_EQ(back.architecture.heads, point.architecture.heads);
        EXPECT_EQ(back.architecture.widths, point.architecture.widths);
        EXPECT_EQ(back.architecture.readout_width, point.architecture.readout_width);
        EXPECT_EQ(back.architecture.outputs, point.architecture.outputs);
        EXPECT_EQ(back.architecture.variances.input, point.architecture.variances.input);
        EXPECT_EQ(back.architecture.variances.layers, point.architecture.variances.layers);
        EXPECT_EQ(back.architecture.variances.readout, point.architecture.variances.readout);
    }
}

TEST(GridPoint, IsDescribedInColumnsThatTheStoreKnows) {
    for (const GridPoint& point : various_points()) {
        Record record = describe_point(point);
        const Record described = record;
        record["point/status"] = std::string("done");
        EXPECT_NO_THROW(fit_to_columns(record));
        record.erase("point/status");
        EXPECT_EQ(record, described);
    }
}

TEST(GridPoint, WithoutAColumnIsRefusedByName) {
    const Record whole = describe_point(small_grid().front());
    for (const char* column : {"point/key", "point/widths", "point/head_counts", "point/variances",
                               "point/outputs", "point/examples", "point/temperature", "point/seed"}) {
        Record record = whole;
        record.erase(column);
        EXPECT_THAT([&] { point_from_record(record); }, ThrowsMessage<DataError>(HasSubstr(column)));
    }
}

TEST(GridPoint, IsNamedInMessagesByItsGridValues) {
    EXPECT_EQ(point_text(small_grid().front()), "width 30, P 100, heads 2:2, T 0.01, seed 1");
    EXPECT_EQ(point_text(small_grid({{"grid.width", "20:50:30"}, {"grid.heads", "2:1"}}).front()),
              "width 20:50:30, P 100, heads 2:1, T 0.01, seed 1");
}

}  // namespace
}  // namespace attnpaths
