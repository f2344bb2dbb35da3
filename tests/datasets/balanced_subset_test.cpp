#include "datasets/balanced_subset.hpp"

#include "base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace attnpaths {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

Matrix column(std::initializer_list<double> values) {
    Matrix y(static_cast<Index>(values.size()), 1);
    std::copy(values.begin(), values.end(), y.data());
    return y;
}

const Matrix mixed = column({-1, 1, 1, -1, -1, 1, 1, -1, 1});  // five of +1, four of -1

TEST(BalancedSubset, TakesTheFirstOfEachClassPlusOneFirst) {
    EXPECT_THAT(balanced_subset(mixed, 2, "f"), ElementsAre(1, 0));
    EXPECT_THAT(balanced_subset(mixed, 6, "f"), ElementsAre(1, 2, 5, 0, 3, 4));
    EXPECT_THAT(balanced_subset(mixed, 8, "f"), ElementsAre(1, 2, 5, 6, 0, 3, 4, 7));
}

TEST(BalancedSubset, SmallerSelectionsAreNestedInLarger) {
    for (Index small = 2; small <= 8; small += 2) {
        for (Index large = small; large <= 8; large += 2) {
            std::vector<Index> fewer = balanced_subset(mixed, small, "f");
            std::vector<Index> more = balanced_subset(mixed, large, "f");
            std::sort(fewer.begin(), fewer.end());
            std::sort(more.begin(), more.end());
            EXPECT_TRUE(std::includes(more.begin(), more.end(), fewer.begin(), fewer.end()))
                << small << " in " << large;
        }
    }
}

TEST(BalancedSubset, OneHotTargetsAreClassesInDescendingOrder) {
    Matrix y = Matrix::Zero(6, 3);
    for (Index row = 0; row < 6; ++row) y(row, row % 3) = 1;  // classes 0 1 2 0 1 2
    EXPECT_TRUE(labels_are_classes(y));
    EXPECT_THAT(balanced_subset(y, 3, "f"), ElementsAre(0, 1, 2));
    EXPECT_THAT(balanced_subset(y, 6, "f"), ElementsAre(0, 3, 1, 4, 2, 5));
    EXPECT_THAT([&] { balanced_subset(y, 4, "f"); },
                ThrowsMessage<UsageError>(HasSubstr("not a multiple of 3")));
}

TEST(BalancedSubset, RegressionTakesTheFirst) {
    const Matrix y = column({0.5, 0.25, -3, 4});
    EXPECT_FALSE(labels_are_classes(y));
    EXPECT_THAT(balanced_subset(y, 3, "f"), ElementsAre(0, 1, 2));
    EXPECT_THAT(
        [&] { balanced_subset(y, 5, "f.h5"); },
        ThrowsMessage<UsageError>(AllOf(HasSubstr("f.h5: examples = 5"), HasSubstr("choose at most 4"))));
}

TEST(BalancedSubset, OneClassIsTakenInOrder) {
    EXPECT_TRUE(labels_are_classes(column({1, 1, 1})));
    EXPECT_THAT(balanced_subset(column({1, 1, 1}), 2, "f"), ElementsAre(0, 1));
}

TEST(BalancedSubset, ImpossibleNumbersSayWhatIsPossible) {
    EXPECT_THAT([] { balanced_subset(mixed, 5, "f.h5"); },
                ThrowsMessage<UsageError>(
                    "f.h5: examples = 5 is odd; the data have 2 classes, choose an even number"));
    EXPECT_THAT(
        [] { balanced_subset(mixed, 10, "f.h5"); },
        ThrowsMessage<UsageError>(
            "f.h5: examples = 10 needs 5 of each class, class y = -1 has 4; the largest possible is 8"));
    for (const Index examples : {0, -2})
        EXPECT_THAT([&] { balanced_subset(mixed, examples, "f.h5"); },
                    ThrowsMessage<UsageError>(HasSubstr("is not positive")));
}

TEST(BalancedSubset, TheLargestOneSaysWhatItLeavesOut) {
    const LargestSubset unequal = largest_balanced_subset(column({1, 1, -1, 1, -1}));
    EXPECT_EQ(unequal.examples, 4);
    EXPECT_EQ(unequal.left_out, "2 of each class; 1 with y = 1 left out");
    EXPECT_EQ(balanced_subset(column({1, 1, -1, 1, -1}), 4, "f").size(), 4U);
    EXPECT_EQ(largest_balanced_subset(column({1, -1})).left_out, "");
    EXPECT_EQ(largest_balanced_subset(column({0.5, 1.5, 2.5})).examples, 3);
}

TEST(BalancedSubset, LabelsWithoutAMeaningAreNoClasses) {
    EXPECT_FALSE(labels_are_classes(column({0, 1, 1})));
    EXPECT_FALSE(labels_are_classes(column({0.5, 0.5})));
    Matrix y(2, 2);
    y << 1, 0, 0, 1;
    EXPECT_TRUE(labels_are_classes(y));
    y << 1, 1, 0, 1;  // the first is largest nowhere
    EXPECT_FALSE(labels_are_classes(y));
    y << 2, 1, 1, 0;  // both are largest in the same output
    EXPECT_FALSE(labels_are_classes(y));
}

}  // namespace
}  // namespace attnpaths
