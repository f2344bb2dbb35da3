#include "training/pruning/elimination.hpp"

#include "base/random_stream.hpp"
#include "tasks/one_shot/random_heads.hpp"
#include "training/pruning/removal_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace attnpaths {
namespace {

constexpr Index tokens = 4;
constexpr Index input_width = 5;

std::shared_ptr<const Dataset> elimination_data(const std::vector<Index>& heads, Index outputs) {
    RandomStream stream(13, "test/elimination", 0);
    auto dataset = std::make_shared<Dataset>();
    dataset->layers = make_random_heads(heads, 4, input_width, 1);
    dataset->input_width = input_width;
    ExampleSet& set = dataset->train;
    set.name = "train";
    set.tokens = tokens;
    set.x.resize(input_width, 30 * tokens);
    set.y.resize(30, outputs);
    for (double& value : set.x.reshaped()) value = stream.normal();
    for (double& value : set.y.reshaped()) value = stream.normal();
    return dataset;
}

/// The network without these heads, its features made anew.
KernelEvidence::Best evidence_without(TrainingKernels& whole, const std::vector<Index>& removed) {
    const auto rest = whole.without(lesion_of(removed, whole.data().heads()));
    const TrainingSet& set = rest->training_set();
    return KernelEvidence(rest->prefactor() * set.features * set.features.transpose(), set).best();
}

TEST(Elimination, TakesTheHeadWhoseLossCostsLeastOfThoseSolvedAnew) {
    // Of one layer to three; with few paths the features do not span the examples.
    for (const auto& [heads, outputs] :
         std::vector<std::pair<std::vector<Index>, Index>>{{{4}, 1}, {{3, 2}, 2}, {{2, 3, 2}, 1}}) {
        const auto dataset = elimination_data(heads, outputs);
        TrainingKernels training(std::make_shared<PathData>(dataset, heads), 30, 1.7, KernelStorage::features,
                                 "test");
        const Elimination found = eliminate_by_evidence(training);
        ASSERT_EQ(found.evidence.size(), found.order.size() + 1);
        std::vector<Index> removed;
        EXPECT_NEAR(found.evidence[0].log_evidence, evidence_without(training, {}).log_evidence, 1e-6);
        for (std::size_t step = 0; step < found.order.size(); ++step) {
            const std::vector<Index> left = heads_left(lesion_of(removed, heads), heads);
            for (Index head = 0; head < found.log_bayes_factors.size(); ++head) {
                if (lesion_of(removed, heads)[static_cast<std::size_t>(head)] ||
                    left[head_place(head, heads).layer] == 1)
                    continue;
                std::vector<Index> more = removed;
                more.push_back(head);
                const KernelEvidence::Best without = evidence_without(training, more);
                EXPECT_LT(without.log_evidence, found.evidence[step + 1].log_evidence + 1e-6);
                if (step == 0) {
                    EXPECT_NEAR(found.log_bayes_factors(head),
                                found.evidence[0].log_evidence - without.log_evidence, 1e-6);
                }
            }
            removed.push_back(found.order[step]);
            const KernelEvidence::Best own = evidence_without(training, removed);
            EXPECT_NEAR(found.evidence[step + 1].log_evidence, own.log_evidence, 1e-6);
            EXPECT_NEAR(found.evidence[step + 1].temperature / own.temperature, 1, 1e-3);
            EXPECT_NEAR(found.evidence[step + 1].variance / own.variance, 1, 1e-3);
        }
        EXPECT_EQ(removal_order(whole_order(found, heads), heads), found.order);
    }
}

TEST(Elimination, KeptHeadsStay) {
    const std::vector<Index> heads = {3, 3};
    TrainingKernels training(std::make_shared<PathData>(elimination_data(heads, 1), heads), 30, 1,
                             KernelStorage::features, "test");
    const Elimination free = eliminate_by_evidence(training);
    const Index first = free.order.front();
    const Elimination found = eliminate_by_evidence(training, {first});
    EXPECT_EQ(std::count(found.order.begin(), found.order.end(), first), 0);
    EXPECT_EQ(found.order.size(), 4U);
    EXPECT_EQ(found.log_bayes_factors(first), free.log_bayes_factors(first));
}

TEST(Elimination, TheOnlyHeadOfALayerStays) {
    const std::vector<Index> heads = {1, 3};
    TrainingKernels training(std::make_shared<PathData>(elimination_data(heads, 1), heads), 30, 1,
                             KernelStorage::features, "test");
    const Elimination found = eliminate_by_evidence(training);
    EXPECT_EQ(found.order.size(), 2U);
    EXPECT_TRUE(std::isnan(found.log_bayes_factors(0)));
}

}  // namespace
}  // namespace attnpaths
