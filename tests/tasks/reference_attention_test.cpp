// The published task against this program's own definition of it: tests/data/make_fixture.py says where
// values come from.
#include "datasets/dataset_file.hpp"
#include "h5/input_file.hpp"
#include "network/attention.hpp"
#include "network/path_features.hpp"
#include "tasks/hidden_markov/hidden_markov.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
const std::string fixture = std::string(ATTNPATHS_TEST_DATA) + "/markov-4paths-small.h5";

Matrix slice(const h5::Array<double>& array, Index rows, Index columns, Index index = 0) {
    return Eigen::Map<const RowMajor>(array.values.data() + index * rows * columns, rows, columns);
}

/// The structured heads of the task as this program defines them; the random ones are the authors' own.
HeadLayers reference_heads(const h5::InputFile& file) {
    HiddenMarkovTask task;
    task.examples = task.test_examples = 2;
    HeadLayers layers = make_hidden_markov(task).layers;
    layers[0][1].W = slice(file.read("/attention/W_layer1_random"), 231, 231);
    layers[1][1].W = slice(file.read("/attention/W_layer2_random"), 231, 231);
    return layers;
}

TEST(ReferenceAttention, EqualsTheAuthors) {
    const h5::InputFile file(fixture);
    const HeadLayers layers = reference_heads(file);
    const Matrix x = slice(file.read("/attention/x"), 231, 31);
    const h5::Array<double> first = file.read("/attention/layer1");
    const Matrix second = slice(file.read("/attention/layer2_readout"), 2, 31);
    for (Index head = 0; head < 2; ++head) {
        const auto h = static_cast<std::size_t>(head);
        EXPECT_LT((attention(layers[0][h], x, AttentionKind::softmax) - slice(first, 31, 31, head))
                      .cwiseAbs()
                      .maxCoeff(),
                  1e-12);
        EXPECT_LT((attention(layers[1][h], x, AttentionKind::softmax).col(30).transpose() - second.row(head))
                      .cwiseAbs()
                      .maxCoeff(),
                  1e-12);
    }
}

TEST(ReferenceAttention, PathFeaturesEqualTheAuthors) {
    const h5::InputFile file(fixture);
    const Matrix x = slice(file.read("/attention/x"), 231, 31);
    const Matrix xi = path_features({x, 31}, reference_heads(file), AttentionKind::softmax, Readout::last);
    const Matrix expected = slice(file.read("/attention/xi"), 231, 4);
    EXPECT_LT((xi.reshaped(231, 4) - expected).cwiseAbs().maxCoeff(), 1e-12);
}

TEST(ReferenceAttention, TheFixtureIsADataSetFile) {
    const Dataset data = read_dataset_file(fixture);
    EXPECT_EQ(data.train.examples(), 100);
    EXPECT_EQ(data.tests.at(0).examples(), 20);
    EXPECT_EQ(data.input_width, 231);
    EXPECT_EQ(data.heads(), (std::vector<Index>{2, 2}));
    const Matrix expected = slice(h5::InputFile(fixture).read("/attention/xi"), 231, 4);
    const Vector first = data.train.xi.row(0);
    EXPECT_EQ(Matrix(first.reshaped(231, 4)), expected);
}

}  // namespace
}  // namespace attnpaths
