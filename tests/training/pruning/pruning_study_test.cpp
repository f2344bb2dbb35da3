#include "training/pruning/pruning_study.hpp"

#include "base/random_stream.hpp"
#include "training/pruning/network_lesion.hpp"
#include "training/pruning/removal_order.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace attnpaths {
namespace {

constexpr Index cases = 400;
constexpr Index shuffles = 6;
constexpr std::uint64_t seed = 3;
const std::vector<Index> heads = {3, 2};

/// Answers that are right more often than not, through paths of different worth.
struct Answers {
    Answers() {
        RandomStream stream(1, "test/pruning-study", 0);
        for (Index i = 0; i < cases; ++i) {
            targets(i) = i % 2 == 0 ? 1 : -1;
            for (Index path = 0; path < outputs.cols(); ++path)
                outputs(i, path) = stream.normal() + 0.2 * static_cast<double>(path) * targets(i);
        }
    }

    [[nodiscard]] Matrix operator()(const Lesion& lesion) const {
        return lesioned_outputs(outputs, heads, lesion);
    }

    [[nodiscard]] PruningStudy study() const {
        return study_pruning(heads, ascending_order(scores), shuffles, seed, {targets, true, *this});
    }

    /// Whether each case is right after the first `removals` heads of an order are gone.
    [[nodiscard]] std::vector<int> right(std::vector<Index> order, std::size_t removals) const {
        order.resize(removals);
        const Vector answers = (*this)(lesion_of(order, heads)).col(0);
        std::vector<int> result;
        for (Index i = 0; i < cases; ++i) result.push_back(answers(i) * targets(i) > 0 ? 1 : 0);
        return result;
    }

    Matrix outputs = Matrix(cases, path_count(heads));
    Vector targets = Vector(cases);
    Vector scores = (Vector(5) << 0.2, 1, 0.9, 0.1, 0.8).finished();
};

TEST(PruningStudy, GoesThroughTheOrders) {
    const PruningStudy study = Answers().study();
    EXPECT_THAT(study.ascending.order, testing::ElementsAre(3, 0, 2));
    EXPECT_THAT(study.descending.order, testing::ElementsAre(1, 2, 4));
    EXPECT_EQ(study.single.size(), 5U);
    ASSERT_EQ(study.random.shuffles.size(), static_cast<std::size_t>(shuffles));
    for (std::size_t shuffle = 0; shuffle < study.random.shuffles.size(); ++shuffle)
        EXPECT_EQ(study.random.shuffles[shuffle].order, removal_order(random_order(5, seed, shuffle), heads));
    // All orders begin with the same network.
    EXPECT_EQ(study.ascending.performance[0].accuracy.value, study.random.mean[0].accuracy.value);
    EXPECT_EQ(study.random.band[0], 0);
    // One head alone is the first step of an order that begins with it.
    EXPECT_EQ(study.single[3].accuracy.value, study.ascending.performance[1].accuracy.value);
    EXPECT_EQ(study.single[1].change.error, study.descending.performance[1].change.error);
}

TEST(PruningStudy, PairedErrorsAreThoseOfTheCasesThatChange) {
    const Answers answers;
    const PruningStudy study = answers.study();
    const std::vector<int> whole = answers.right({}, 0);
    for (const PruningCurve* curve : {&study.ascending, &study.descending}) {
        for (std::size_t k = 0; k < curve->performance.size(); ++k) {
            const std::vector<int> right = answers.right(curve->order, k);
            int gained = 0;
            int lost = 0;
            int total = 0;
            for (std::size_t i = 0; i < right.size(); ++i) {
                gained += right[i] > whole[i] ? 1 : 0;
                lost += right[i] < whole[i] ? 1 : 0;
                total += right[i];
            }
            // A trinomial: variance of one case (gained + lost)/n - ((gained - lost)/n)^2.
            const double n = cases;
            const double change = (gained - lost) / n;
            const double accuracy = total / n;
            const Performance& performance = curve->performance[k];
            EXPECT_NEAR(performance.change.value, change, 1e-12);
            EXPECT_NEAR(performance.change.error,
                        std::sqrt(((gained + lost) / n - change * change) / (n - 1)), 1e-12);
            EXPECT_NEAR(performance.accuracy.value, accuracy, 1e-12);
            EXPECT_NEAR(performance.accuracy.error, std::sqrt(accuracy * (1 - accuracy) / (n - 1)), 1e-12);
            EXPECT_NEAR(performance.loss.value,
                        (answers(lesion_of(
                             {curve->order.begin(), curve->order.begin() + static_cast<long>(k)}, heads)) -
                         Matrix(answers.targets))
                                .squaredNorm() /
                            n,
                        1e-12);
        }
    }
}

TEST(PruningStudy, AdvantageIsTheAreaBetweenTheCurves) {
    const PruningStudy study = Answers().study();
    const auto area = [](const std::vector<Performance>& curve) {
        double sum = 0;
        for (std::size_t k = 1; k < curve.size(); ++k) sum += curve[k].accuracy.value;
        return sum / static_cast<double>(curve.size() - 1);
    };
    const double ascending = area(study.ascending.performance);
    double random = 0;
    Index beaten = 0;
    for (const PruningCurve& curve : study.random.shuffles) {
        random += area(curve.performance) / shuffles;
        beaten += area(curve.performance) < ascending ? 1 : 0;
    }
    EXPECT_NEAR(study.advantage.over_random.value, ascending - random, 1e-12);
    EXPECT_NEAR(study.advantage.over_descending.value, ascending - area(study.descending.performance), 1e-12);
    EXPECT_EQ(study.advantage.shuffles_beaten, beaten);
}

/// Over many draws of cases and shuffles, advantages scatter as their errors say.
TEST(PruningStudy, ErrorOfTheAdvantageIsItsScatter) {
    const Answers answers;
    constexpr int repetitions = 300;
    Vector values(repetitions);
    Vector variances(repetitions);
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        RandomStream stream(2, "test/pruning-study", static_cast<std::uint64_t>(repetition));
        Matrix outputs(cases, answers.outputs.cols());
        for (Index i = 0; i < cases; ++i)
            for (Index path = 0; path < outputs.cols(); ++path)
                outputs(i, path) = stream.normal() + 0.2 * static_cast<double>(path) * answers.targets(i);
        const PruningStudy study = study_pruning(
            heads, ascending_order(answers.scores), shuffles, static_cast<std::uint64_t>(repetition),
            {answers.targets, true,
             [&](const Lesion& lesion) -> Matrix { return lesioned_outputs(outputs, heads, lesion); }});
        values(repetition) = study.advantage.over_random.value;
        variances(repetition) = std::pow(study.advantage.over_random.error, 2);
    }
    const double scatter = (values.array() - values.mean()).square().sum() / (repetitions - 1);
    EXPECT_GT(variances.mean(), 0.8 * scatter);
    EXPECT_LT(variances.mean(), 1.4 * scatter);
}

TEST(PruningStudy, HeadsOfEqualWorthMakeNoDifference) {
    const Vector targets = Answers().targets;
    const PruningStudy study =
        study_pruning(heads, {0, 1, 2, 3, 4}, shuffles, seed,
                      {targets, true, [&](const Lesion&) -> Matrix { return targets; }});
    for (const PruningCurve& curve : study.random.shuffles)
        for (const Performance& performance : curve.performance) {
            EXPECT_EQ(performance.accuracy.value, 1);
            EXPECT_EQ(performance.change.value, 0);
        }
    EXPECT_EQ(study.advantage.over_random.value, 0);
    EXPECT_EQ(study.advantage.over_random.error, 0);
    EXPECT_EQ(study.advantage.shuffles_beaten, 0);
    EXPECT_EQ(study.advantage.shuffles_equalled, shuffles);
}

TEST(PruningStudy, AnOutputOfZeroCountsAsMinusOne) {
    EXPECT_EQ(right_answers(Vector::Zero(2), (Vector(2) << 1, -1).finished()),
              (Vector(2) << 0, 1).finished());
}

TEST(PruningStudy, TheOnlyHeadOfALayerIsNeverRemovedAlone) {
    const Vector targets = Answers().targets;
    const PruningStudy study = study_pruning(
        {1, 2}, {0, 1, 2}, shuffles, seed, {targets, true, [&](const Lesion&) -> Matrix { return targets; }});
    EXPECT_TRUE(std::isnan(study.single[0].accuracy.value));
    EXPECT_EQ(study.single[1].accuracy.value, 1);
}

}  // namespace
}  // namespace attnpaths
