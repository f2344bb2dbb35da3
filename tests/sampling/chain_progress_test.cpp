#include "sampling/chain_progress.hpp"

#include <gtest/gtest.h>

#include <array>

namespace attnpaths {
namespace {

SamplingTarget two_normals() {
    SamplingTarget target;
    target.density = {2, [](const Vector& x, Vector& gradient) {
                          gradient = -x;
                          return -x.squaredNorm() / 2;
                      }};
    target.nuts.warmup = 50;
    target.start = [](RandomStream& random) {
        Vector start(2);
        for (double& element : start) element = random.normal();
        return start;
    };
    target.observe = [](const Vector& x, Observation& observation) { observation.tracked = x; };
    target.tracked = 2;
    return target;
}

constexpr SamplingOptions two_chains{2, 40, 80, 1, 2};
constexpr std::array all = {0, 1};

TEST(ChainProgress, SaysOfSavedChainsWhatTheEnsembleSaysOfItsOwn) {
    const SamplingTarget target = two_normals();
    ChainEnsemble ensemble(target, 1, "test", two_chains);
    ensemble.advance(all, [] {});
    const SampleSummary summary = ensemble.summarise();
    const ChainProgress progress = chain_progress(ensemble.state());
    EXPECT_EQ(progress.chains, 2);
    EXPECT_EQ(progress.draws, 40);
    EXPECT_EQ(progress.goal, 40);
    EXPECT_EQ(progress.rhat, summary.rhat);
    EXPECT_EQ(progress.ess, summary.ess);
}

TEST(ChainProgress, ChainsOfUnequalLengthCountAsFarAsTheShortest) {
    const SamplingTarget target = two_normals();
    ChainEnsemble ensemble(target, 1, "test", two_chains);
    ensemble.advance(all, [] {});
    const ChainProgress equal = chain_progress(ensemble.state());
    ensemble.raise_goal();
    ensemble.advance(std::array{1}, [] {});
    const ChainProgress unequal = chain_progress(ensemble.state());
    EXPECT_EQ(unequal.draws, 40);
    EXPECT_EQ(unequal.goal, 80);
    EXPECT_EQ(unequal.rhat, equal.rhat);
    EXPECT_EQ(unequal.ess, equal.ess);
}

TEST(ChainProgress, SaysNothingOfChainsThatHaveNotBegunOrAreNone) {
    const SamplingTarget target = two_normals();
    ChainEnsemble ensemble(target, 1, "test", two_chains);
    ensemble.advance(std::array{0}, [] {});
    EXPECT_EQ(chain_progress(ensemble.state()).draws, 0);
    EXPECT_TRUE(std::isnan(chain_progress(ensemble.state()).rhat));
    const ChainProgress of_weights = chain_progress({30, {{30, 1.0, std::string(240, 'w')}}});
    EXPECT_EQ(of_weights.draws, 30);
    EXPECT_TRUE(std::isnan(of_weights.rhat));
    EXPECT_TRUE(std::isnan(chain_progress({}).ess));
}

}  // namespace
}  // namespace attnpaths
