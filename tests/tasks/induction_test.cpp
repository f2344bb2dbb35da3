#include "tasks/induction/induction.hpp"

#include "base/error.hpp"
#include "network/path_features.hpp"
#include "tasks/registry.hpp"
#include "tasks/solve_dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace attnpaths {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

InductionTask small_induction() {
    InductionTask task;
    task.alphabet = 4;
    task.length = 48;
    task.examples = 120;
    task.test_examples = 200;
    task.layers = {{{"next", 1}, {"random", 1}}, {{"match", 1}, {"random", 1}}};
    return task;
}

TEST(Induction, ThePathNextMatchHoldsTheFrequenciesOfWhatFollowed) {
    for (const Index order : {1, 2}) {
        InductionTask task = small_induction();
        task.order = order;
        task.layers = {{{"next", 1}}, {{"match", 1}}};
        const Dataset dataset = make_induction(task);
        const Matrix features =
            path_features(dataset.train, dataset.layers, dataset.attention, dataset.readout);
        const InductionSequences sequences = make_sequences(task, "train", task.examples);
        const Index last = task.length - 1;
        for (Index example = 0; example < task.examples; ++example) {
            const auto symbol = [&](Index token) {
                return sequences.tokens.first[static_cast<std::size_t>(example * task.length + token)];
            };
            Vector followed = Vector::Zero(task.alphabet);
            for (Index token = order - 1; token < last; ++token) {
                bool is_match = true;
                for (Index back = 0; back < order; ++back)
                    is_match = is_match && symbol(token - back) == symbol(last - back);
                if (is_match) followed(symbol(token + 1)) += 1;
            }
            if (followed.sum() == 0) continue;
            EXPECT_LT((features.row(example).head(task.alphabet).transpose() - followed / followed.sum())
                          .cwiseAbs()
                          .maxCoeff(),
                      1e-14);
        }
    }
}

TEST(Induction, ReferencesAreCalibratedAndTheTrueTransitionsTheBetterOnes) {
    InductionTask task = small_induction();
    task.test_examples = 4000;
    for (const bool two_classes : {true, false}) {
        task.two_classes = two_classes;
        const InductionReferences found = induction_references(task);
        const InductionSequences test = make_sequences(task, "test", task.test_examples);
        double sure = 0;  // what the true transitions promise
        for (Index example = 0; example < task.test_examples; ++example) {
            const auto row = test.transition.row(example);
            sure += two_classes ? std::max(row.head(2).sum(), row.tail(2).sum()) : row.maxCoeff();
        }
        sure /= 4000;
        const double deviation = std::sqrt(0.25 / 4000);
        EXPECT_NEAR(found.true_transitions, sure, 4 * deviation);
        EXPECT_GT(found.true_transitions, found.counted_transitions - deviation);
        EXPECT_GT(found.counted_transitions, two_classes ? 0.6 : 0.4);
    }
}

TEST(Induction, TheTheoryFindsThePathOfTheInductionHead) {
    InductionTask task = small_induction();
    for (task.seed = 1; task.seed <= 4; ++task.seed)
        EXPECT_EQ(solve_dataset(make_induction(task), 100, 0.1).largest_path(1), 0) << task.seed;
    task.two_classes = false;
    EXPECT_EQ(solve_dataset(make_induction(task), 100, 0.1).largest_path(4), 0);
}

TEST(Induction, OfTwoTokensThePathThatMatchesBothIsFound) {
    InductionTask task = small_induction();
    task.order = 2;
    task.length = 96;
    task.layers = {{{"next", 1}}, {{"match-2", 1}, {"match-1", 1}, {"random", 1}}};
    for (task.seed = 1; task.seed <= 3; ++task.seed)
        EXPECT_EQ(solve_dataset(make_induction(task), 100, 0.1).largest_path(1), 0) << task.seed;
}

TEST(Induction, RefusesWhatItCannotMake) {
    const auto refused = [](const std::string& key, const std::string& value, const std::string& words) {
        Settings settings;
        settings.set("task.name", {"induction", "command line"});
        settings.set(key, {value, "command line"});
        settings.fill_defaults(task_settings());
        EXPECT_THAT([&] { make_task(named_task(settings), settings); },
                    ThrowsMessage<UsageError>(HasSubstr(words)));
    };
    refused("task.layers", "next | mach", "--task.layers: there is no head \"mach\"; choose from next");
    refused("task.layers", "next |", "has a layer without heads");
    refused("task.alphabet", "5", "5 symbols have no halves");
    refused("task.classes", "words", "choose halves or symbols");
}

}  // namespace
}  // namespace attnpaths
