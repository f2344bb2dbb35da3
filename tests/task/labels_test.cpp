#include "task/labels.hpp"

#include "base/error.hpp"
#include "task/balanced_subset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace attnpaths {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

Dataset labelled(const std::vector<double>& train, const std::vector<double>& test) {
    const auto column = [](const std::vector<double>& values) {
        return Matrix(Eigen::Map<const Matrix>(values.data(), static_cast<Index>(values.size()), 1));
    };
    Dataset dataset;
    dataset.train.name = "train";
    dataset.train.y = column(train);
    dataset.tests.resize(1);
    dataset.tests[0].name = "test";
    dataset.tests[0].y = column(test);
    return dataset;
}

std::vector<double> values(const Matrix& y) {
    return {y.data(), y.data() + y.size()};
}

TEST(Labels, AnyTwoValuesAreTwoClasses) {
    const std::pair<double, double> cases[] = {{0, 1}, {1, 2}, {0, 255}, {-0.5, 0.5}, {-3, 3}, {7, 7.5}};
    for (const auto& [low, high] : cases)
        for (const bool are_integers : {false, true}) {
            Dataset data = labelled({high, low, low, high}, {low, high});
            map_labels(data, are_integers, "f.h5");
            EXPECT_THAT(values(data.train.y), ElementsAre(1, -1, -1, 1)) << low;
            EXPECT_THAT(values(data.tests[0].y), ElementsAre(-1, 1)) << low;
            ASSERT_EQ(data.notes.size(), 1U);
            EXPECT_THAT(data.notes[0], HasSubstr("are taken as the classes -1 and +1"));
            EXPECT_TRUE(labels_are_classes(data.train.y));
        }
}

TEST(Labels, ThoseOfTheTheoryStayWithoutAWord) {
    Dataset data = labelled({1, -1}, {-1, -1});
    map_labels(data, true, "f.h5");
    EXPECT_THAT(values(data.train.y), ElementsAre(1, -1));
    Dataset one = labelled({1, 1}, {-1, 1});
    map_labels(one, false, "f.h5");
    EXPECT_THAT(values(one.tests[0].y), ElementsAre(-1, 1));
    EXPECT_THAT(data.notes, IsEmpty());
    EXPECT_THAT(one.notes, IsEmpty());
}

TEST(Labels, SetsMustAgree) {
    using Values = std::vector<double>;
    const std::pair<Values, Values> cases[] = {{{-1, 1}, {1, 0}}, {{0, 1}, {1, -1}}, {{1, 1}, {1, 0}}};
    for (const auto& [train, test] : cases) {
        Dataset data = labelled(train, test);
        EXPECT_THAT([&] { map_labels(data, false, "f.h5"); },
                    ThrowsMessage<DataError>(HasSubstr("f.h5: /test/y: example 1")));
    }
}

TEST(Labels, WholeNumbersAreNoRegressionTargets) {
    Dataset three = labelled({0, 1, 2}, {0, 1});
    EXPECT_THAT([&] { map_labels(three, true, "f.h5"); },
                ThrowsMessage<DataError>(HasSubstr("/train/y: holds more than two different whole numbers")));
    Dataset one = labelled({0, 0}, {0, 0});
    EXPECT_THAT([&] { map_labels(one, true, "f.h5"); },
                ThrowsMessage<DataError>(HasSubstr("all labels are 0; give examples of two classes")));
}

TEST(Labels, MoreFloatingPointValuesAreRegressionTargetsWithoutAccuracy) {
    Dataset data = labelled({0, 0.5, 1}, {3, 4});
    map_labels(data, false, "f.h5");
    EXPECT_THAT(values(data.train.y), ElementsAre(0, 0.5, 1));
    EXPECT_FALSE(labels_are_classes(data.train.y));
    Dataset constant = labelled({0.5, 0.5}, {3, 4});
    map_labels(constant, false, "f.h5");
    EXPECT_FALSE(labels_are_classes(constant.train.y));
}

}  // namespace
}  // namespace attnpaths
