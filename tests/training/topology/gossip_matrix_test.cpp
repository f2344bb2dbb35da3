#include "training/topology/gossip_matrix.hpp"

#include "base/error.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(GossipMatrix, RowsAndColumnsSumToOneAndAreThoseOfThePicture) {
    for (const char* topology : {"ring", "torus", "exponential", "complete"})
        for (const Index ranks : {1, 2, 3, 4, 5, 8, 12, 16}) {
            const Matrix W = gossip_matrix(topology, ranks);
            EXPECT_LT((W.rowwise().sum().array() - 1).abs().maxCoeff(), 1e-14) << topology << ranks;
            EXPECT_LT((W.colwise().sum().array() - 1).abs().maxCoeff(), 1e-14) << topology << ranks;
            EXPECT_EQ(W, W.transpose()) << topology << ranks;
        }
    const auto neighbours = [](const char* topology, Index ranks) {
        return (gossip_matrix(topology, ranks).row(0).array() > 0).count() - 1;
    };
    EXPECT_EQ(neighbours("ring", 16), 2);
    EXPECT_EQ(neighbours("torus", 16), 4);
    EXPECT_EQ(neighbours("exponential", 16), 7) << "1, 2, 4 both ways, 8";
    EXPECT_EQ(neighbours("complete", 16), 15);
    EXPECT_EQ(torus_rows(12), 3);
    EXPECT_EQ(torus_rows(7), 1);
}

class GossipFile : public testing::Test {
  protected:
    std::string write(const std::string& text) {
        const std::string path = folder_.file("W.txt");
        std::ofstream(path) << text;
        return path;
    }
    void expect_refused(const std::string& text, const std::string& message) {
        const std::string path = write(text);
        EXPECT_THAT([&] { gossip_matrix(path, 2); }, ThrowsMessage<Error>(HasSubstr(message))) << text;
    }
    TemporaryFolder folder_;
};

TEST_F(GossipFile, IsRead) {
    EXPECT_EQ(gossip_matrix(write("0.75 0.25\n\n0.25 0.75\n"), 2),
              (Matrix(2, 2) << 0.75, 0.25, 0.25, 0.75).finished());
}

TEST_F(GossipFile, MistakesAreOneLineThatNamesThePlace) {
    expect_refused("0.5 0.5\n0.5 x\n", "W.txt:2: \"x\" is no weight");
    expect_refused("1.5 -0.5\n-0.5 1.5\n", "W.txt:1: \"-0.5\" is no weight");
    expect_refused("0.5 0.25 0.25\n",
                   "W.txt:1: the row has 3 numbers; with 2 ranks a gossip matrix has 2 rows");
    expect_refused("1 0\n0 1\n1 0\n", "W.txt:3: one row too many");
    expect_refused("0.5 0.5\n", "W.txt: has 1 rows; with 2 ranks a gossip matrix has 2");
    expect_refused("0.5 0.5\n0.5 0.4\n", "row 1 (counted from 0) sums to 0.9");
    expect_refused("0.5 0.5\n0.9 0.1\n", "column 0 (counted from 0) sums to 1.4");
    EXPECT_THAT(
        [&] { gossip_matrix("rign", 2); },
        ThrowsMessage<InputError>(HasSubstr("rign: is none of ring, torus, exponential and complete")));
}

}  // namespace
}  // namespace attnpaths
