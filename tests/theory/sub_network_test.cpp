#include "theory/sub_network.hpp"

#include "base/error.hpp"
#include "theory/random_problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SubNetwork, ReadsPathsAsTheFiguresNameThem) {
    const SubNetwork network = parse_sub_network("good+denoising=2.1,1.1", {2, 3}, "test");
    EXPECT_EQ(network.name, "good+denoising");
    EXPECT_THAT(network.paths, ElementsAre(0, 3));
    EXPECT_EQ(path_label(3, {2, 3}), "2.1");
}

TEST(SubNetwork, SaysWhatIsWrong) {
    const auto message = [](const std::string& text) -> std::string {
        try {
            parse_sub_network(text, {2, 3}, "sweep.ini:4: theory.sub_networks");
        } catch (const UsageError& error) {
            return error.what();
        }
        return "no error";
    };
    EXPECT_THAT(message("1.1"),
                HasSubstr("sweep.ini:4: theory.sub_networks: sub-network \"1.1\" has no name"));
    EXPECT_THAT(message("good="), HasSubstr("has no paths"));
    EXPECT_THAT(message("good=1.1.1"), HasSubstr("names path 1.1.1 but the depth is 2"));
    EXPECT_THAT(message("good=3.1"), HasSubstr("names path 3.1, and layer 1 has heads 1 to 2"));
    EXPECT_THAT(message("good=1.x"), HasSubstr("names path 1.x, and layer 2 has heads 1 to 3"));
    EXPECT_THAT(message("good=1.1,1.1"), HasSubstr("names a path twice"));
    EXPECT_THAT(message("a-b=1.1"), HasSubstr("has a name with - or /"));
}

TEST(SubNetwork, SelectsTheColumnsOfItsPaths) {
    const Matrix features = testing::normal_matrix(4, 3 * 6, 1);
    const Matrix selected = select_paths(features, 6, {1, 4});
    EXPECT_EQ(selected.leftCols(3), features.middleCols(3, 3));
    EXPECT_EQ(selected.rightCols(3), features.middleCols(12, 3));
}

}  // namespace
}  // namespace attnpaths
