#include "sampling/independent_ensemble.hpp"

#include "theory/random_problem.hpp"
#include "theory/reference_task.hpp"
#include "theory/saddle_point.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <vector>

namespace attnpaths {
namespace {

using testing::even_architecture;
using testing::ReferenceTask;

/// Draws of the reference task at one width.
struct TaskDraws {
    ReferenceTask task;
    PathKernels kernels = task.kernels();
    Architecture architecture;
    DataTerm data_term;
    IndependentDraws draws;

    explicit TaskDraws(double width)
        : architecture(even_architecture({2, 2}, width)),
          data_term(kernels, task.targets("train"), 0.01),
          draws(architecture, data_term, solve_saddle_point(architecture, data_term, {}).unknowns, 5,
                proposal_widening(architecture)) {}
};

std::vector<int> all_strands() {
    std::vector<int> strands(static_cast<std::size_t>(IndependentEnsemble::size()));
    std::iota(strands.begin(), strands.end(), 0);
    return strands;
}

WeightSummary run(IndependentEnsemble& ensemble) {
    while (true) {
        ensemble.advance(all_strands(), [] {});
        const WeightSummary summary = ensemble.summarise();
        if (summary.is_last) return summary;
        ensemble.raise_goal();
    }
}

/// Strands in any order and in many processes, stopped before any block, come to the same weights.
TEST(IndependentEnsemble, IsTheSameHoweverItIsDealtOut) {
    const TaskDraws task(100);
    IndependentEnsemble whole(task.draws, {});
    whole.raise_goal();
    whole.advance(all_strands(), [] {});
    const Vector expected = whole.log_weights();
    for (Index block = 0; block < 4; ++block)
        EXPECT_EQ(expected.segment(32 * block, 32),
                  task.draws.log_weights(task.draws.block(static_cast<std::uint64_t>(block))));

    EnsembleState state;
    int stopped = 0;
    for (int strand = IndependentEnsemble::size() - 1; strand >= 0;) {
        IndependentEnsemble piece(task.draws, {}, state);
        if (piece.goal() < whole.goal()) piece.raise_goal();
        int blocks = 0;
        try {
            piece.advance({&strand, 1}, [&] {
                if (blocks++ == 1) throw std::runtime_error("stop");
            });
            --strand;
        } catch (const std::runtime_error&) {
            ++stopped;
        }
        state = piece.state();
    }
    EXPECT_GT(stopped, IndependentEnsemble::size());
    const IndependentEnsemble restored(task.draws, {}, state);
    EXPECT_EQ(restored.steps_left(), 0);
    EXPECT_EQ(restored.log_weights(), expected);
}

TEST(IndependentEnsemble, BeginsStrandsAgainWhoseStateIsDamaged) {
    const TaskDraws task(100);
    IndependentEnsemble ensemble(task.draws, {});
    run(ensemble);
    EnsembleState state = ensemble.state();
    state.chains[3].bytes.pop_back();
    state.chains[5].bytes.resize(8);
    IndependentEnsemble again(task.draws, {}, state);
    EXPECT_TRUE(again.began_again(3));
    EXPECT_TRUE(again.began_again(5));
    EXPECT_FALSE(again.began_again(0));
    EXPECT_EQ(again.steps_left(), 4);
    run(again);
    EXPECT_EQ(again.log_weights(), ensemble.log_weights());
}

/// One round is enough at large widths; narrow networks need more draws, and there are limits.
TEST(IndependentEnsemble, EndsWhenTheDrawsAreWorthEnoughOrNeverWillBe) {
    const TaskDraws wide(1000);
    IndependentEnsemble one_round(wide.draws, {});
    const WeightSummary good = run(one_round);
    EXPECT_EQ(good.quality, WeightQuality::reliable);
    EXPECT_EQ(good.draws, IndependentEnsemble::first_draws());
    EXPECT_GT(good.effective_draws, 0.98 * good.draws);

    IndependentEnsemble many(wide.draws, {5000, 8192});
    EXPECT_GE(run(many).effective_draws, 5000);
    IndependentEnsemble limited(wide.draws, {5000, 1000});
    const WeightSummary limit = run(limited);
    EXPECT_EQ(limit.quality, WeightQuality::too_few);
    EXPECT_EQ(limit.draws, 1024);

    const TaskDraws narrow(10);
    IndependentEnsemble rounds(narrow.draws, {});
    const WeightSummary enough = run(rounds);
    EXPECT_TRUE(is_usable(enough.quality));
    EXPECT_GE(enough.effective_draws, 400);
    EXPECT_GT(enough.draws, 512);

    const TaskDraws narrowest(4);
    IndependentEnsemble hopeless(narrowest.draws, {});
    EXPECT_FALSE(is_usable(run(hopeless).quality));
    IndependentEnsemble much_too_few(narrowest.draws, {4000, 8192});
    EXPECT_LT(run(much_too_few).draws, 8192);
}

}  // namespace
}  // namespace attnpaths
