#include "datasets/token_file.hpp"

#include "datasets/computed_tokens.hpp"
#include "datasets/dataset_file_case.hpp"

#include <limits>
#include <memory>

namespace attnpaths {
namespace {

class TokenFileCase : public DatasetFileCase {
  protected:
    /// The tokens of the training set, read in blocks.
    std::shared_ptr<TokenFile> tokens_of(const Pieces& pieces, bool tokens_first = false) {
        const std::string path = file("tokens.h5");
        pieces.write(path);
        return std::make_shared<TokenFile>(std::make_shared<const h5::InputFile>(path), "/train/x",
                                           tokens_first);
    }
};

TEST_F(TokenFileCase, HandsOutWhatAWholeReadHolds) {
    const Pieces pieces;
    const Matrix whole = read(pieces).train.x;
    const auto tokens = tokens_of(pieces);
    EXPECT_EQ(tokens->examples(), 4);
    EXPECT_EQ(tokens->input_width(), 3);
    EXPECT_EQ(tokens->tokens(), 2);
    for (const Index first : {0, 1, 3})
        for (Index count = 1; first + count <= 4; ++count)
            EXPECT_EQ(tokens->read(first, count), whole.middleCols(2 * first, 2 * count));
}

TEST_F(TokenFileCase, TokensMayComeFirst) {
    Pieces pieces;
    pieces.set("/train/x", {4, 2, 3});
    const Matrix x = tokens_of(pieces, true)->read(1, 1);
    const std::vector<double>& values = pieces.arrays.at("/train/x").values;
    for (Index token = 0; token < 2; ++token)
        for (Index feature = 0; feature < 3; ++feature)
            EXPECT_EQ(x(feature, token), values[static_cast<std::size_t>(6 + 3 * token + feature)]);
}

/// Whatever stands in the padding, zeros are handed out; elsewhere a number must be finite.
TEST_F(TokenFileCase, PaddingIsZeroAndTheRestIsFinite) {
    Pieces pieces;
    pieces.arrays["/train/x"].values[6 + 1] = std::numeric_limits<double>::quiet_NaN();
    const auto tokens = tokens_of(pieces);
    TokenMask mask = TokenMask::Constant(2, 4, true);
    mask(1, 1) = false;
    tokens->set_mask(mask);
    EXPECT_TRUE(tokens->read(0, 4).col(3).isZero());
    mask(1, 1) = true;
    tokens->set_mask(mask);
    EXPECT_EQ(tokens->read(2, 2).cols(), 4);
    try {
        static_cast<void>(tokens->read(1, 2));
        ADD_FAILURE() << "accepted";
    } catch (const DataError& error) {
        EXPECT_THAT(error.what(), testing::HasSubstr("tokens.h5: /train/x: example 1, feature 0, token 1"));
    }
}

/// A data set is the same by its hash, whether its tokens are held or handed out.
TEST_F(TokenFileCase, HashIsThatOfTheHeldSet) {
    const Pieces pieces;
    Dataset data = read(pieces);
    const std::string held = content_hash(data);
    data.train.x.resize(0, 0);
    data.train.source = tokens_of(pieces);
    EXPECT_EQ(content_hash(data), held);
}

TEST(ComputedTokens, AreHeldWhereTheyAreFewAndElseTheSame) {
    const auto fill = [](Index example, Eigen::Ref<Matrix> tokens) {
        tokens.setConstant(static_cast<double>(example));
    };
    ExampleSet few;
    few.tokens = 2;
    give_tokens(few, 10, 4, fill);
    EXPECT_EQ(few.source, nullptr);
    ExampleSet many;
    many.tokens = 2;
    give_tokens(many, 10'000'000, 4, fill);
    ASSERT_NE(many.source, nullptr);
    EXPECT_EQ(many.x.size(), 0);
    EXPECT_EQ(many.sequences(), 10'000'000);
    EXPECT_EQ(many.source->read(3, 5), few.x.middleCols(6, 10));
    EXPECT_LT(many.source->examples_at_a_time() * 4 * 2 * 8, 33'000'000);
}

}  // namespace
}  // namespace attnpaths
