// Problems of data that are handed out in blocks are those of data that are held.
#include "files/scratch_file.hpp"
#include "theory/held_tokens.hpp"
#include "theory/problem.hpp"
#include "theory/sub_network.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace attnpaths {
namespace {

constexpr Index most = 9000;  // three blocks of examples with N0 n = 32 features

Dataset held_data(Index examples) {
    return small_features(examples, 5000);
}

Dataset streamed_data(Index examples) {
    Dataset data = held_data(examples);
    stream(data.train);
    for (ExampleSet& test : data.tests) stream(test);
    return data;
}

std::shared_ptr<TrainingKernels> kernels_of(Dataset data, Index examples = most) {
    return std::make_shared<TrainingKernels>(
        std::make_shared<PathData>(std::make_shared<const Dataset>(std::move(data)),
                                   std::vector<Index>{2, 2}),
        examples, 1.0, KernelStorage::features, "test");
}

constexpr double temperature = 0.1;

Predictions predictions_of(TrainingKernels& kernels) {
    Matrix U = Matrix::Constant(4, 4, 0.1);
    U.diagonal() << 1, 2, 0.5, 0.7;
    return kernels.predict(Predictor(kernels.path_kernels(), kernels.training_set().y, temperature, U));
}

void expect_equal(const Predictions& left, const Predictions& right) {
    EXPECT_EQ(left.tests.front().mean, right.tests.front().mean);
    EXPECT_EQ(left.tests.front().variance, right.tests.front().variance);
    EXPECT_EQ(left.training.mean, right.training.mean);
    EXPECT_EQ(left.training.variance, right.training.variance);
}

TEST(StreamedProblem, HasTheBitsOfTheHeldOne) {
    const auto held = kernels_of(held_data(most));
    const auto streamed = kernels_of(streamed_data(most));
    EXPECT_EQ(held->training_set().features, streamed->training_set().features);
    EXPECT_EQ(held->training_set().y, streamed->training_set().y);
    EXPECT_NEAR(held->training_set().accuracy.error, streamed->training_set().accuracy.error,
                1e-12 * held->training_set().accuracy.error);
    EXPECT_EQ(held->features(), streamed->features());
    expect_equal(predictions_of(*held), predictions_of(*streamed));
}

TEST(StreamedProblem, GaussianProcessIsThatOfTheHeldOne) {
    const auto held = kernels_of(held_data(most));
    const auto streamed = kernels_of(streamed_data(most));
    for (const std::vector<Index>& paths : {std::vector<Index>{}, std::vector<Index>{0, 2}})
        expect_equal(held->predict_gaussian_process(temperature, 1.5, paths),
                     streamed->predict_gaussian_process(temperature, 1.5, paths));
}

/// Data of a larger P serve a smaller one, as they are kept between points.
TEST(StreamedProblem, DoesNotDependOnExamplesThatAreNotItsOwn) {
    const auto alone = kernels_of(streamed_data(8000), 8000);
    const auto of_more = kernels_of(streamed_data(most), 8000);
    EXPECT_EQ(alone->training_set().features, of_more->training_set().features);
    EXPECT_EQ(alone->training_set().accuracy.error, of_more->training_set().accuracy.error);
    expect_equal(predictions_of(*alone), predictions_of(*of_more));
}

/// Without a head no example is read again: its features are folded from those of all heads.
TEST(StreamedProblem, WithoutAHeadIsThatOfItsOwnFeatures) {
    for (const Dataset& data : {held_data(most), streamed_data(most)}) {
        const auto whole = kernels_of(data);
        const Matrix features = whole->features();
        const Lesion lesion = lesion_of({1}, {2, 2});
        const auto rest = whole->without(lesion);
        const TrainingSet expected =
            make_training_set(select_paths(features, 4, paths_left(lesion, {2, 2})), whole->targets());
        const TrainingSet& set = rest->training_set();
        ASSERT_EQ(set.features.rows(), expected.features.rows());
        const Matrix gram = expected.features.transpose() * expected.features;
        EXPECT_LT((set.features.transpose() * set.features - gram).norm(), 1e-12 * gram.norm());
        const Matrix image = expected.features.transpose() * expected.y;
        EXPECT_LT((set.features.transpose() * set.y - image).norm(), 1e-12 * image.norm());
        EXPECT_NEAR(set.data_term_constant(temperature), expected.data_term_constant(temperature),
                    1e-10 * std::abs(expected.data_term_constant(temperature)));
        EXPECT_NEAR(set.power(), expected.power(), 1e-12 * expected.power());
        EXPECT_GE(set.accuracy.error, whole->training_set().accuracy.error);
        EXPECT_EQ(set.accuracy.inverse_norm, expected.accuracy.inverse_norm) << "columns of fewer dimensions";
    }
}

TEST(StreamedProblem, FewerExamplesThanFeaturesStayThemselves) {
    const auto held = kernels_of(held_data(20), 20);
    const auto streamed = kernels_of(streamed_data(20), 20);
    EXPECT_FALSE(streamed->training_set().is_reduced());
    EXPECT_EQ(held->training_set().features, streamed->training_set().features);
    expect_equal(predictions_of(*held), predictions_of(*streamed));
}

TEST(StreamedProblem, IsTheSameWithoutAScratchFile) {
    const auto kept = kernels_of(streamed_data(most));
    const Predictions expected = predictions_of(*kept);
    const char* const folder = std::getenv("TMPDIR");
    const std::string before = folder == nullptr ? "" : folder;
    ::setenv("TMPDIR", "/nowhere", 1);
    EXPECT_FALSE(ScratchFile::make(1));
    const auto made_again = kernels_of(streamed_data(most));
    expect_equal(predictions_of(*made_again), expected);
    if (folder == nullptr)
        ::unsetenv("TMPDIR");
    else
        ::setenv("TMPDIR", before.c_str(), 1);
}

/// The last strand first, block by block in turns, with what is known of a strand as its bytes alone.
void in_another_order(const StrandPass& pass, const TakeStrand& take) {
    std::vector<std::string> states(static_cast<std::size_t>(pass.strands()));
    for (Index block = 0; block < pass.blocks(pass.strands() - 1); ++block)
        for (Index strand = pass.strands(); strand-- > 0;) {
            if (block >= pass.blocks(strand)) continue;
            std::string& state = states[static_cast<std::size_t>(strand)];
            pass.advance(strand, block, state);
            EXPECT_EQ(state.size(), pass.state_bytes(strand, block + 1));
        }
    for (const std::string& state : states) take(state);
}

/// Strands of two blocks and of one.
TEST(StreamedProblem, IsTheSameInWhateverOrderStrandsAreWorkedOn) {
    constexpr Index examples = 10 * 4096 + 2;
    const auto one_after_the_other = kernels_of(streamed_data(examples), examples);
    const auto shuffled = kernels_of(streamed_data(examples), examples);
    shuffled->run_passes_by(in_another_order);
    EXPECT_EQ(shuffled->training_set().features, one_after_the_other->training_set().features);
    EXPECT_EQ(shuffled->training_set().y, one_after_the_other->training_set().y);
    EXPECT_EQ(shuffled->training_set().accuracy.error, one_after_the_other->training_set().accuracy.error);
    expect_equal(predictions_of(*shuffled), predictions_of(*one_after_the_other));
}

/// What strands are folded into elsewhere is all that a process needs of them.
TEST(StreamedProblem, IsThatOfStrandsWhichOthersFolded) {
    const auto whole = kernels_of(streamed_data(most));
    const auto joined = kernels_of(streamed_data(most));
    joined->run_passes_by([&](const StrandPass&, const TakeStrand& take) {
        kernels_of(streamed_data(most))->fold_strands(take);
    });
    EXPECT_EQ(joined->training_set().features, whole->training_set().features);
    EXPECT_EQ(joined->training_set().accuracy.error, whole->training_set().accuracy.error);
    EXPECT_EQ(joined->training_set().power(), whole->training_set().power());
}

struct Stopped {};

/// A pass that is given up leaves nothing behind that the next one trips over.
TEST(StreamedProblem, PollsBetweenBlocksAndBeginsAgain) {
    const auto expected = kernels_of(streamed_data(most));
    const auto stopped = kernels_of(streamed_data(most));
    int polls = 0;
    stopped->data().poll_with([&] {
        if (++polls == 2) throw Stopped();
    });
    EXPECT_THROW(stopped->training_set(), Stopped);
    EXPECT_EQ(stopped->training_set().features, expected->training_set().features);
    EXPECT_EQ(stopped->training_set().accuracy.error, expected->training_set().accuracy.error);
}

}  // namespace
}  // namespace attnpaths
