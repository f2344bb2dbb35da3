// Data sets written, and read again.
#include "datasets/dataset_file_case.hpp"
#include "datasets/small_hidden_markov.hpp"
#include "h5/input_file.hpp"
#include "network/path_features.hpp"

#include <csignal>
#include <filesystem>
#include <limits>
#include <sys/resource.h>

namespace attnpaths {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class WriteDatasetFile : public DatasetFileCase {};

Dataset small_dataset() {
    Dataset data = small_hidden_markov({2, 1});
    data.tests.push_back(data.tests[0]);
    data.tests[1].name = "far";
    return data;
}

/// The same data with Q, K heads, two outputs, hardmax, and a test set of other length.
Dataset other_dataset() {
    Dataset data = small_dataset();
    for (std::vector<AttentionHead>& layer : data.layers) {
        for (AttentionHead& head : layer) {
            head.key = head.W.topRows(3);
            head.query = head.W.bottomRows(3);
            head.W.resize(0, 0);
            head.name.clear();
        }
    }
    for (ExampleSet* set : {&data.train, &data.tests[0], &data.tests[1]})
        set->y = Matrix(set->y.replicate(1, 2)).eval();
    data.train.y.col(1) *= 0.5;
    data.tests[1].tokens = 2;
    data.tests[1].x.conservativeResize(data.input_width, 4 * 2);
    data.attention = AttentionKind::hardmax;
    data.readout = Readout::average;
    return data;
}

/// The small data set as path features only.
Dataset feature_dataset() {
    Dataset data = small_dataset();
    for (ExampleSet* set : {&data.train, &data.tests[0], &data.tests[1]}) {
        set->xi = path_features(*set, data.layers, data.attention, data.readout);
        set->x.resize(0, 0);
        set->tokens = 0;
    }
    return data;
}

TEST_F(WriteDatasetFile, RoundTripsToTheLastBit) {
    for (const Dataset& data : {small_dataset(), other_dataset(), feature_dataset()}) {
        write_dataset_file(data, file("a.h5"));
        const Dataset back = read_dataset_file(file("a.h5"));
        EXPECT_EQ(content_hash(back), content_hash(data));
        EXPECT_EQ(back.layers[0][0].name, data.layers[0][0].name);
        EXPECT_EQ(back.tests[1].name, "far");
        EXPECT_FALSE(fs::exists(file("a.h5.tmp")));
    }
}

TEST_F(WriteDatasetFile, SinglePrecisionRoundsTokensAndWeights) {
    const Dataset data = small_dataset();
    write_dataset_file(data, file("double.h5"));
    write_dataset_file(data, file("single.h5"), true);
    const Dataset back = read_dataset_file(file("single.h5"));
    EXPECT_EQ(back.train.x, data.train.x.cast<float>().cast<double>());
    EXPECT_EQ(back.tests[0].x, data.tests[0].x.cast<float>().cast<double>());
    EXPECT_EQ(back.layers[0][1].W, data.layers[0][1].W.cast<float>().cast<double>());
    EXPECT_EQ(back.train.y, data.train.y);
    EXPECT_LT(fs::file_size(file("single.h5")), fs::file_size(file("double.h5")));
}

TEST_F(WriteDatasetFile, NumbersThatFitIntoHalfTheSizeTakeHalfTheSize) {
    Dataset data = small_dataset();
    write_dataset_file(data, file("double.h5"));
    data.train.x = data.train.x.cast<float>().cast<double>();
    data.tests[0].x = data.tests[0].x.cast<float>().cast<double>();
    write_dataset_file(data, file("fit.h5"));
    EXPECT_EQ(content_hash(read_dataset_file(file("fit.h5"))), content_hash(data));
    EXPECT_LT(fs::file_size(file("fit.h5")), fs::file_size(file("double.h5")));
}

TEST_F(WriteDatasetFile, HeadCountsStandInForHeadsWhereEverySetGivesFeatures) {
    Dataset data = feature_dataset();
    for (std::vector<AttentionHead>& layer : data.layers)
        for (AttentionHead& head : layer) head = {};
    write_dataset_file(data, file("a.h5"));
    EXPECT_EQ(h5::InputFile(file("a.h5")).read_text_attribute("/", "heads"), "2:1");
    const Dataset back = read_dataset_file(file("a.h5"));
    EXPECT_THAT(back.heads(), ElementsAre(2, 1));
    EXPECT_EQ(back.train.xi, feature_dataset().train.xi);
}

TEST_F(WriteDatasetFile, PathsAreTheLastAxisOfFeatures) {
    write_dataset_file(feature_dataset(), file("a.h5"));
    const h5::Array<double> stored = h5::InputFile(file("a.h5")).read("/train/xi");
    const Dataset data = feature_dataset();
    const Index width = data.input_width;
    EXPECT_THAT(stored.shape, ElementsAre(6, width, 2));
    for (Index example = 0; example < 6; ++example)
        for (Index feature = 0; feature < width; ++feature)
            for (Index path = 0; path < 2; ++path)
                EXPECT_EQ(stored.values[static_cast<std::size_t>((example * width + feature) * 2 + path)],
                          data.train.xi(example, path * width + feature));
}

TEST_F(WriteDatasetFile, WritingFailsInOneLineAndLeavesNothingBehind) {
    const Dataset data = small_dataset();
    EXPECT_THAT([&] { write_dataset_file(data, file("no/folder/a.h5")); },
                ThrowsMessage<CreateError>(AllOf(HasSubstr("no/folder/a.h5: cannot be created"),
                                                 HasSubstr("No such file or directory"))));

    rlimit old{};
    getrlimit(RLIMIT_FSIZE, &old);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{4096, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    EXPECT_THAT([&] { write_dataset_file(data, file("full.h5")); },
                ThrowsMessage<OutputError>(HasSubstr("full.h5: writing failed")));
    setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, handler);
    EXPECT_FALSE(fs::exists(file("full.h5")));
    EXPECT_FALSE(fs::exists(file("full.h5.tmp")));

    Dataset wrong = small_dataset();
    wrong.train.y(0, 0) = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THAT([&] { write_dataset_file(wrong, file("wrong.h5")); },
                ThrowsMessage<DataError>(HasSubstr("wrong.h5: /train/y")));
    EXPECT_FALSE(fs::exists(file("wrong.h5")));
}

TEST_F(WriteDatasetFile, DataSetsThatNoFileCanHoldAreRefused) {
    Dataset mixed = small_dataset();
    mixed.layers[0][1].key = mixed.layers[0][1].query = mixed.layers[0][1].W;
    EXPECT_THAT([&] { check_dataset(mixed, "f"); },
                ThrowsMessage<DataError>(HasSubstr("/heads/layer1: gives both W and Q, K")));
    mixed.layers[0][1].W.resize(0, 0);
    EXPECT_THAT([&] { check_dataset(mixed, "f"); },
                ThrowsMessage<DataError>(HasSubstr("some heads give W and some Q and K")));
    Dataset untested = small_dataset();
    untested.tests.clear();
    EXPECT_THAT([&] { check_dataset(untested, "f"); },
                ThrowsMessage<DataError>(HasSubstr("/test is missing")));
    Dataset twice = small_dataset();
    twice.tests.push_back(twice.tests[1]);
    EXPECT_THAT([&] { check_dataset(twice, "f"); },
                ThrowsMessage<DataError>(HasSubstr("\"far\" cannot name")));
    EXPECT_NO_THROW(check_dataset(small_dataset(), "f"));
}

}  // namespace
}  // namespace attnpaths
