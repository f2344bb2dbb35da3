#include "training/descent/training_state.hpp"

#include "base/error.hpp"
#include "datasets/dataset_file.hpp"
#include "images/image_source.hpp"
#include "support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

class TrainingFile : public testing::Test {
  protected:
    static TrainedNetwork network(std::vector<Index> heads) {
        const ImageSet images = read_images({"glyphs", 16, 4});
        TrainedNetwork network;
        network.shape = {std::move(heads), 192, 5, 6};
        network.weights = draw_initial_weights(WeightLayout(network.shape), 3);
        network.notes = describe_one_shot(images, {}, draw_label_vectors(2, 192), 1);
        return network;
    }

    static TrainingState state() {
        TrainingState state;
        state.best = network({2, 1});
        const Index size = state.best.weights.size();
        state.settings = {{"heads", "2:1"}, {"learning-rate", "0.0003"}};
        state.steps = 1234;
        state.weights = 2 * state.best.weights;
        state.mean = WeightVector<float>::LinSpaced(size, -1, 1);
        state.square = WeightVector<float>::LinSpaced(size, 0, 1e-9F);
        state.since_validation = {0.1, 7, 128};
        state.seconds = 12.5;
        state.best_episodes = 512;
        state.best_accuracy = 0.7;
        state.curve = {{256, 1.01, 0.5, 1.02, 0.51, 3}, {512, 0.9, 0.7, 0.95, 0.7, 6}};
        return state;
    }

    TemporaryFolder folder_;
    std::string path_ = folder_.file("trained.h5");
};

TEST_F(TrainingFile, GivesBackEveryNumber) {
    TrainingState state = TrainingFile::state();
    state.test = TestResult{1000, 0.8, 0.81};
    write_training_file(path_, state);
    const TrainingState read = read_training_file(path_);
    EXPECT_EQ(read.settings, state.settings);
    EXPECT_EQ(read.steps, state.steps);
    EXPECT_EQ(read.weights, state.weights);
    EXPECT_EQ(read.mean, state.mean);
    EXPECT_EQ(read.square, state.square);
    EXPECT_EQ(read.since_validation.loss, 0.1);
    EXPECT_EQ(read.since_validation.right, 7);
    EXPECT_EQ(read.since_validation.episodes, 128);
    EXPECT_EQ(read.seconds, 12.5);
    EXPECT_EQ(read.best.shape, state.best.shape);
    EXPECT_EQ(read.best.weights, state.best.weights);
    EXPECT_EQ(read.best.notes.label_vectors, state.best.notes.label_vectors);
    EXPECT_EQ(read.best_episodes, 512);
    EXPECT_EQ(read.best_accuracy, 0.7);
    ASSERT_EQ(read.curve.size(), 2U);
    EXPECT_EQ(read.curve[1].episodes, 512);
    EXPECT_EQ(read.curve[1].validation_loss, 0.95);
    ASSERT_TRUE(read.test);
    EXPECT_EQ(read.test->best, 0.81);
}

TEST_F(TrainingFile, IsADataSetFileWithTheHeadsOfTheBestNetwork) {
    const TrainingState state = TrainingFile::state();
    write_training_file(path_, state);
    const Dataset heads = read_dataset_heads(path_);
    EXPECT_EQ(heads.heads(), (std::vector<Index>{2, 1}));
    EXPECT_EQ(heads.readout, Readout::average);
    EXPECT_EQ(heads.attention, AttentionKind::softmax);
    const WeightLayout layout(state.best.shape);
    EXPECT_EQ(heads.layers[0][1].query.cast<float>(), view(state.best.weights, layout.query(1)));
    EXPECT_EQ(heads.layers[1][0].key.cast<float>(), view(state.best.weights, layout.key(2)));
}

TEST_F(TrainingFile, SaysWhatIsMissing) {
    TrainingState state = TrainingFile::state();
    h5::File::create(path_).write("/network/a", {{6}, std::vector<double>(6)});
    EXPECT_THAT([&] { read_training_file(path_); },
                ThrowsMessage<DataError>(
                    AllOf(HasSubstr(path_), HasSubstr("no training run"), HasSubstr("another name"))));
    Dataset heads;
    write_training_file(path_, state);
    heads = read_dataset_heads(path_);
    {
        h5::File file = h5::File::create(path_);
        write_dataset_heads(file, heads);
    }
    EXPECT_THAT([&] { read_network(path_); }, ThrowsMessage<DataError>(HasSubstr("/one-shot/labels")));
    {
        h5::File file = h5::File::create(path_);
        write_dataset_heads(file, heads);
        write_notes(file, state.best.notes);
    }
    EXPECT_THAT([&] { read_network(path_); },
                ThrowsMessage<DataError>(AllOf(HasSubstr("/network/a"), HasSubstr("all weights"))));
}

TEST_F(TrainingFile, HoldsThatHeadsAndValuesBelongTogether) {
    const TrainingState state = TrainingFile::state();
    write_training_file(path_, state);
    Dataset heads = read_dataset_heads(path_);
    heads.layers[0].pop_back();
    {
        h5::File file = h5::File::create(path_);
        write_dataset_heads(file, heads);
        write_notes(file, state.best.notes);
        file.write("/network/a", {{6}, std::vector<double>(6)});
        file.write("/network/V0", {{6, 192}, std::vector<double>(std::size_t{6} * 192)});
        file.write("/network/layer1/V", {{2, 6, 6}, std::vector<double>(72)});
        file.write("/network/layer2/V", {{1, 6, 6}, std::vector<double>(36)});
    }
    EXPECT_THAT([&] { read_network(path_); },
                ThrowsMessage<DataError>(AllOf(HasSubstr("/network/layer1/V"), HasSubstr("[1, 6, 6]"))));
}

}  // namespace
}  // namespace attnpaths
