#include "datasets/labels.hpp"

#include "base/error.hpp"
#include "datasets/balanced_subset.hpp"

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

LabelRules rules(bool are_integers) {
    LabelRules rules;
    rules.are_integers = are_integers;
    return rules;
}

std::vector<double> values(const Matrix& y) {
    return {y.data(), y.data() + y.size()};
}

TEST(Labels, AnyTwoValuesAreTwoClasses) {
    const std::pair<double, double> cases[] = {{0, 1}, {1, 2}, {0, 255}, {-0.5, 0.5}, {-3, 3}, {7, 7.5}};
    for (const auto& [low, high] : cases)
        for (const bool are_integers : {false, true}) {
            Dataset data = labelled({high, low, low, high}, {low, high});
            map_labels(data, rules(are_integers), "f.h5");
            EXPECT_THAT(values(data.train.y), ElementsAre(1, -1, -1, 1)) << low;
            EXPECT_THAT(values(data.tests[0].y), ElementsAre(-1, 1)) << low;
            ASSERT_EQ(data.notes.size(), 1U);
            EXPECT_THAT(data.notes[0], HasSubstr("are taken as the classes -1 and +1"));
            EXPECT_TRUE(labels_are_classes(data.train.y));
        }
}

TEST(Labels, ThoseOfTheTheoryStayWithoutAWord) {
    Dataset data = labelled({1, -1}, {-1, -1});
    map_labels(data, rules(true), "f.h5");
    EXPECT_THAT(values(data.train.y), ElementsAre(1, -1));
    Dataset one = labelled({1, 1}, {-1, 1});
    map_labels(one, rules(false), "f.h5");
    EXPECT_THAT(values(one.tests[0].y), ElementsAre(-1, 1));
    EXPECT_THAT(data.notes, IsEmpty());
    EXPECT_THAT(one.notes, IsEmpty());
}

TEST(Labels, SetsMustAgree) {
    using Values = std::vector<double>;
    const std::pair<Values, Values> cases[] = {{{-1, 1}, {1, 0}}, {{0, 1}, {1, -1}}, {{1, 1}, {1, 0}}};
    for (const auto& [train, test] : cases) {
        Dataset data = labelled(train, test);
        EXPECT_THAT([&] { map_labels(data, rules(false), "f.h5"); },
                    ThrowsMessage<DataError>(HasSubstr("f.h5: /test/y: example 1")));
    }
}

TEST(Labels, MoreThanTwoWholeNumbersAreClassesOfOneOutputEach) {
    Dataset three = labelled({7, -2, 0, 7}, {0, -2});
    map_labels(three, rules(true), "f.h5");
    EXPECT_EQ(three.train.y, (Matrix(4, 3) << 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1).finished());
    EXPECT_EQ(three.tests[0].y, (Matrix(2, 3) << 0, 1, 0, 1, 0, 0).finished());
    EXPECT_THAT(three.class_names, ElementsAre("-2", "0", "7"));
    EXPECT_THAT(three.notes, ElementsAre("the labels -2, 0 and 7 are taken as 3 classes, one output each"));
    EXPECT_TRUE(labels_are_classes(three.train.y));

    Dataset lacking = labelled({7, -2, 0, 7}, {0, 3});
    EXPECT_THAT([&] { map_labels(lacking, rules(true), "f.h5"); },
                ThrowsMessage<DataError>(HasSubstr("/test/y: example 1 (counted from 0) has the label 3, but "
                                                   "those of /train/y are -2, 0 and 7")));
    std::vector<double> counts;
    for (int i = 0; i < 12; ++i) counts.push_back(i);
    Dataset quantities = labelled(counts, {0});
    EXPECT_THAT([&] { map_labels(quantities, rules(true), "f.h5"); },
                ThrowsMessage<DataError>(HasSubstr("12 different labels in 12 examples")));
    LabelRules regression = rules(false);
    regression.are_quantities = true;
    map_labels(quantities, regression, "f.h5");
    EXPECT_EQ(quantities.outputs(), 1);
    EXPECT_FALSE(labels_are_classes(quantities.train.y));
    Dataset binary = labelled({-1, 1}, {1});
    EXPECT_THAT(
        [&] { map_labels(binary, regression, "f.h5"); },
        ThrowsMessage<DataError>(HasSubstr("target = \"regression\", but /train/y holds nothing but")));
}

TEST(Labels, TextsAreClassesInTheirOrder) {
    const std::vector<std::string> groups{"/train", "/test"};
    std::vector<RawLabels> raw{{{}, {"dog", "cat", "dog", "owl"}}, {{}, {"owl", "cat"}}};
    LabelRules named = rules(true);
    named.names = number_texts(raw, groups, "f.h5");
    Dataset data = labelled({}, {});
    data.train.y = raw[0].numbers;
    data.tests[0].y = raw[1].numbers;
    map_labels(data, named, "f.h5");
    EXPECT_THAT(data.class_names, ElementsAre("cat", "dog", "owl"));
    EXPECT_EQ(data.train.y, (Matrix(4, 3) << 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1).finished());
    raw[1] = {{}, {"cow"}};
    EXPECT_THAT(
        [&] { number_texts(raw, groups, "f.h5"); },
        ThrowsMessage<DataError>(HasSubstr("/test/y: example 0 (counted from 0) has the label cow, but "
                                           "those of /train/y are cat, dog and owl")));
    raw[1] = {Matrix::Zero(1, 1), {}};
    EXPECT_THAT([&] { number_texts(raw, groups, "f.h5"); },
                ThrowsMessage<DataError>(HasSubstr("/test/y holds numbers, /train/y texts")));
}

TEST(Labels, OneHotTestSetsHaveNoOtherClasses) {
    Dataset data = labelled({}, {});
    data.train.y = (Matrix(3, 3) << 1, 0, 0, 0, 1, 0, 1, 0, 0).finished();
    data.tests[0].y = (Matrix(2, 3) << 0, 1, 0, 0, 0, 1).finished();
    LabelRules strict = rules(false);
    strict.one_class_is_wrong = true;
    EXPECT_THAT(
        [&] { map_labels(data, strict, "f.h5"); },
        ThrowsMessage<DataError>(HasSubstr("/test/y: example 1 is of class 2 (counted from 0), of which "
                                           "/train/y has no example")));
    data.train.y.row(1) << 1, 0, 0;
    EXPECT_THAT([&] { map_labels(data, strict, "f.h5"); },
                ThrowsMessage<DataError>(HasSubstr("all examples are of class 0")));
}

TEST(Labels, OneClassIsNoTask) {
    Dataset one = labelled({0, 0}, {0, 0});
    EXPECT_THAT([&] { map_labels(one, rules(true), "f.h5"); },
                ThrowsMessage<DataError>(HasSubstr("all labels are 0; give examples of two classes")));
    Dataset plus = labelled({1, 1}, {1, -1});
    LabelRules strict = rules(false);
    strict.one_class_is_wrong = true;
    EXPECT_THAT([&] { map_labels(plus, strict, "f.h5"); },
                ThrowsMessage<DataError>(HasSubstr("all labels are 1; give examples of two classes")));
}

TEST(Labels, MoreFloatingPointValuesAreRegressionTargetsWithoutAccuracy) {
    Dataset data = labelled({0, 0.5, 1}, {3, 4});
    map_labels(data, rules(false), "f.h5");
    EXPECT_THAT(values(data.train.y), ElementsAre(0, 0.5, 1));
    EXPECT_FALSE(labels_are_classes(data.train.y));
    Dataset constant = labelled({0.5, 0.5}, {3, 4});
    map_labels(constant, rules(false), "f.h5");
    EXPECT_FALSE(labels_are_classes(constant.train.y));
}

}  // namespace
}  // namespace attnpaths
