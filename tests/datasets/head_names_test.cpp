#include "datasets/head_names.hpp"

#include "datasets/dataset_file_case.hpp"

#include <fstream>

namespace attnpaths {
namespace {

using testing::ElementsAre;

class HeadNames : public DatasetFileCase {};

TEST_F(HeadNames, AreThoseOfTheFileWhereTheirNumberIsRight) {
    Pieces pieces;
    pieces.strings["/heads/layer1/names"] = {"induction", "copy"};
    pieces.write(file("d.h5"));
    EXPECT_THAT(read_head_names(file("d.h5"), {2, 1}), ElementsAre("induction", "copy", ""));
    EXPECT_THAT(read_head_names(file("d.h5"), {3, 1}), ElementsAre("", "", "", ""));
}

TEST_F(HeadNames, AreNoneWithoutAFileThatCanBeRead) {
    std::ofstream(file("text.h5")) << "text";
    for (const std::string& path : {std::string(), file("nowhere.h5"), file("text.h5")})
        EXPECT_THAT(read_head_names(path, {1, 1}), ElementsAre("", ""));
}

}  // namespace
}  // namespace attnpaths
