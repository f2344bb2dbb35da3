#include "base/error.hpp"
#include "sampling/chain_ensemble.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace attnpaths {
namespace {

/// A curved density in three unknowns, with all that a target can ask for.
SamplingTarget curved_target(MetricKind metric) {
    SamplingTarget target;
    target.density = {3, [](const Vector& x, Vector& gradient) {
                          const double bend = x(1) - x(0) * x(0) / 4;
                          gradient.resize(3);
                          gradient << -x(0) + bend * x(0), -2 * bend, -4 * x(2);
                          return -x(0) * x(0) / 2 - bend * bend - 2 * x(2) * x(2);
                      }};
    target.nuts.warmup = 60;
    target.nuts.metric = metric;
    target.start = [](RandomStream& random) {
        Vector start(3);
        for (double& element : start) element = random.normal();
        return start;
    };
    target.observe = [](const Vector& x, Observation& observation) {
        observation.tracked = x.head(2);
        observation.averaged = Vector::Constant(1, x(0) * x(2));
    };
    target.tracked = 2;
    target.averaged = 1;
    target.block = 7;
    target.keep_every = 3;
    return target;
}

void expect_equal(const Chain& a, const Chain& b) {
    ASSERT_EQ(a.draws(), b.draws());
    for (int draw = 0; draw < a.draws(); ++draw) {
        ASSERT_EQ(a.tracked(draw, 0), b.tracked(draw, 0));
        ASSERT_EQ(a.tracked(draw, 1), b.tracked(draw, 1));
        ASSERT_EQ(a.log_density(draw), b.log_density(draw));
    }
    EXPECT_EQ(a.energies(), b.energies());
    EXPECT_EQ(a.block_means(), b.block_means());
    EXPECT_EQ(a.block_mean_squares(), b.block_mean_squares());
    EXPECT_EQ(a.kept(), b.kept());
    EXPECT_EQ(a.leapfrogs(), b.leapfrogs());
    EXPECT_EQ(a.sampler().position(), b.sampler().position());
    EXPECT_EQ(a.sampler().step_size(), b.sampler().step_size());
    EXPECT_EQ(a.sampler().gradient_evaluations(), b.sampler().gradient_evaluations());
}

class Chains : public ::testing::TestWithParam<MetricKind> {
  protected:
    SamplingTarget target_ = curved_target(GetParam());

    [[nodiscard]] Chain make() const {
        return {target_, Vector::Constant(3, 0.5), RandomStream(1, "test", 0)};
    }
};

/// Killed wherever it pauses, in the warm-up or later, and gone on from its saved state.
TEST_P(Chains, GoOnWithTheSameBitsFromWhereverTheyWereSaved) {
    constexpr int draws = 30;
    int pauses = 0;
    Chain undisturbed = make();
    undisturbed.advance(draws, [&] { ++pauses; });
    EXPECT_GE(pauses, 90) << "before every transition";
    for (int killed_at = 0; killed_at < pauses; ++killed_at) {
        Chain killed = make();
        int paused = 0;
        const auto pause = [&] {
            if (paused++ == killed_at) throw std::runtime_error("killed");
        };
        EXPECT_THROW(killed.advance(draws, pause), std::runtime_error);
        Chain resumed = make();
        resumed.restore(killed.save());
        EXPECT_EQ(resumed.transitions_left(draws), killed.transitions_left(draws));
        resumed.advance(draws, [] {});
        expect_equal(undisturbed, resumed);
    }
}

/// Of chains that are evaluated together most are in the middle of a transition when one is about to begin.
TEST_P(Chains, GoOnWithTheSameBitsTogether) {
    constexpr int draws = 20;
    target_.density =
        LogDensity::of_many(3, [density = target_.density](std::span<const Evaluation> evaluations) {
            density.evaluate(evaluations);
        });
    const auto make_three = [&] {
        std::vector<Chain> chains;
        for (std::uint64_t c = 0; c < 3; ++c)
            chains.emplace_back(target_, Vector::Constant(3, 0.5), RandomStream(1, "test", c));
        return chains;
    };
    const auto advance_all = [&](std::vector<Chain>& chains, const std::function<void()>& pause) {
        advance_together(std::vector<Chain*>{&chains[0], &chains[1], &chains[2]}, draws, pause);
    };
    std::vector<Chain> alone = make_three();
    for (Chain& chain : alone) chain.advance(draws, [] {});
    int pauses = 0;
    std::vector<Chain> together = make_three();
    advance_all(together, [&] { ++pauses; });
    for (std::size_t c = 0; c < 3; ++c) expect_equal(alone[c], together[c]);

    for (int killed_at = 0; killed_at < pauses; killed_at += 5) {
        std::vector<Chain> killed = make_three();
        int paused = 0;
        const auto pause = [&] {
            if (paused++ == killed_at) throw std::runtime_error("killed");
        };
        EXPECT_THROW(advance_all(killed, pause), std::runtime_error);
        std::vector<Chain> resumed = make_three();
        for (std::size_t c = 0; c < 3; ++c) {
            resumed[c].restore(killed[c].save());
            EXPECT_EQ(resumed[c].transitions_left(draws), killed[c].transitions_left(draws));
        }
        advance_all(resumed, [] {});
        for (std::size_t c = 0; c < 3; ++c) expect_equal(alone[c], resumed[c]);
    }
}

TEST_P(Chains, DamagedStatesAreRefused) {
    Chain chain = make();
    chain.advance(8, [] {});
    const std::string saved = chain.save();
    for (std::size_t length = 0; length < saved.size(); length += 13)
        EXPECT_THROW(make().restore(std::string_view(saved).substr(0, length)), DataError) << length;
    EXPECT_THROW(make().restore(saved + "x"), DataError);
}

TEST_P(Chains, BlocksAndKeptDrawsAreThoseOfTheDraws) {
    Chain chain = make();
    chain.advance(30, [] {});
    ASSERT_EQ(chain.block_means().cols(), 4);
    ASSERT_EQ(chain.kept().size(), 10U);
    for (int draw = 2; draw < 30; draw += 3)
        EXPECT_EQ(chain.kept()[static_cast<std::size_t>(draw / 3)](0), chain.tracked(draw, 0));
    // Every draw kept gives the averages a second time.
    target_.keep_every = 1;
    Chain again = make();
    again.advance(30, [] {});
    for (Index block = 0; block < 4; ++block) {
        double mean = 0;
        for (int i = 0; i < 7; ++i) {
            const Vector& x = again.kept()[static_cast<std::size_t>(block * 7 + i)];
            mean += x(0) * x(2) / 7;
        }
        EXPECT_NEAR(chain.block_means()(0, block), mean, 1e-14);
    }
}

INSTANTIATE_TEST_SUITE_P(Metrics, Chains, ::testing::Values(MetricKind::dense, MetricKind::diagonal),
                         [](const auto& metric) {
                             return metric.param == MetricKind::dense ? "dense" : "diagonal";
                         });

TEST(ChainEnsemble, DoesNotDependOnWhoAdvancesWhichChainWhen) {
    const SamplingTarget target = curved_target(MetricKind::dense);
    SamplingOptions options;
    options.chains = 3;
    options.draws = 40;
    options.max_draws = 100;
    options.target_ess = 1e9;
    ChainEnsemble alone(target, 7, "test", options);
    const SampleSummary expected = alone.run([] {});
    EXPECT_EQ(expected.draws, 100) << "two portions of 40, and what the limit leaves of a third";

    EnsembleState state = ChainEnsemble(target, 7, "test", options).state();
    while (true) {
        // Every chain in an ensemble of its own, the last one first.
        for (int chain = options.chains; chain-- > 0;) {
            EnsembleState own{state.goal, std::vector<SavedChain>(3)};
            own.chains[static_cast<std::size_t>(chain)] = state.chains[static_cast<std::size_t>(chain)];
            ChainEnsemble worker(target, 7, "test", options, std::move(own));
            worker.advance({&chain, 1}, [] {});
            state.chains[static_cast<std::size_t>(chain)] =
                worker.state().chains[static_cast<std::size_t>(chain)];
        }
        ChainEnsemble together(target, 7, "test", options, state);
        EXPECT_EQ(together.steps_left(), 0);
        const SampleSummary summary = together.summarise();
        if (together.is_last(summary)) {
            EXPECT_EQ(summary.mean, expected.mean);
            EXPECT_EQ(summary.mcse, expected.mcse);
            EXPECT_EQ(summary.rhat, expected.rhat);
            EXPECT_EQ(summary.gradient_evaluations, expected.gradient_evaluations);
            for (int chain = 0; chain < options.chains; ++chain)
                expect_equal(together.chain(chain), alone.chain(chain));
            return;
        }
        together.raise_goal();
        state = together.state();
    }
}

TEST(ChainEnsemble, GoesOnUntilTheTargetsAreMet) {
    SamplingTarget target = curved_target(MetricKind::dense);
    target.nuts.warmup = 300;
    target.nuts.target_acceptance = 0.95;
    SamplingOptions options;
    options.draws = 50;
    options.max_draws = 5000;
    options.target_ess = 600;
    options.target_rhat = 1.05;
    const SampleSummary summary = ChainEnsemble(target, 7, "test", options).run([] {});
    EXPECT_TRUE(summary.converged);
    EXPECT_GT(summary.draws, 100);
    EXPECT_LT(summary.draws, 5000);
    EXPECT_GE(summary.ess, 600);
    options.max_draws = 60;
    const SampleSummary cut = ChainEnsemble(target, 7, "test", options).run([] {});
    EXPECT_FALSE(cut.converged);
    EXPECT_EQ(cut.draws, 60);
}

TEST(ChainState, OfAnotherKindOrDamagedIsRefused) {
    const SamplingTarget dense = curved_target(MetricKind::dense);
    const SamplingTarget diagonal = curved_target(MetricKind::diagonal);
    const RandomStream random(1, "test/chain", 0);
    Chain chain(dense, Vector::Ones(3), random);
    chain.advance(5, [] {});
    const std::string bytes = chain.save();
    // A metric of the other kind would be used with sizes that it does not have.
    EXPECT_THROW(Chain(diagonal, Vector::Ones(3), random).restore(bytes), DataError);
    // Draws, divergences and depth hits come first: no more of these than draws.
    for (const std::size_t count : {0, 1, 2}) {
        for (const int wrong : {-1, 1000}) {
            std::string damaged = bytes;
            std::memcpy(damaged.data() + count * sizeof wrong, &wrong, sizeof wrong);
            EXPECT_THROW(Chain(dense, Vector::Ones(3), random).restore(damaged), DataError) << count;
        }
    }
    // The state's own log density stands before those of the draws; where it is no number, no point of a
    // trajectory is better than another.
    const double last = chain.log_density(4);
    const std::size_t place = bytes.find(std::string(reinterpret_cast<const char*>(&last), sizeof last));
    ASSERT_NE(place, std::string::npos);
    for (const double wrong :
         {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()}) {
        std::string damaged = bytes;
        std::memcpy(damaged.data() + place, &wrong, sizeof wrong);
        EXPECT_THROW(Chain(dense, Vector::Ones(3), random).restore(damaged), DataError) << wrong;
    }
    EXPECT_NO_THROW(Chain(dense, Vector::Ones(3), random).restore(bytes));
}

/// A state that another version of the program saved, say: the chain begins again and gives the same draws.
TEST(ChainEnsemble, BeginsAgainWhereASavedStateCannotBeUsed) {
    const SamplingTarget target = curved_target(MetricKind::dense);
    SamplingOptions options;
    options.chains = 2;
    options.draws = options.max_draws = 30;
    ChainEnsemble expected(target, 7, "test", options);
    expected.run([] {});
    EnsembleState state = expected.state();
    state.chains[1].bytes.resize(state.chains[1].bytes.size() / 2);
    state.goal = 1 << 30;
    ChainEnsemble resumed(target, 7, "test", options, std::move(state));
    EXPECT_EQ(resumed.goal(), options.max_draws);
    resumed.run([] {});
    EXPECT_FALSE(resumed.began_again(0));
    EXPECT_TRUE(resumed.began_again(1));
    for (int chain = 0; chain < options.chains; ++chain)
        expect_equal(resumed.chain(chain), expected.chain(chain));
}

}  // namespace
}  // namespace attnpaths
