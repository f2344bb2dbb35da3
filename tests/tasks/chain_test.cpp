#include "tasks/chain/chain.hpp"

#include "network/path_features.hpp"
#include "tasks/solve_dataset.hpp"

#include <gtest/gtest.h>

namespace attnpaths {
namespace {

ChainTask chain_of(Index steps, Index shown, std::size_t depth) {
    ChainTask task;
    task.steps = steps;
    task.shown = shown;
    task.heads.assign(depth, 2);
    task.test_examples = 400;
    return task;
}

/// The value of the token with this key in an example's context.
Index value_of(const SymbolSequences& tokens, Index example, Index key) {
    for (Index token = 0; token + 1 < tokens.tokens; ++token) {
        const auto at = static_cast<std::size_t>(example * tokens.tokens + token);
        if (tokens.first[at] == key) return tokens.second[at];
    }
    return -1;
}

TEST(Chain, LabelsAreTheSignOfTheEndOfTheChain) {
    const ChainTask task = chain_of(4, 1, 2);
    const ChainSequences chains = make_chains(task, "train", task.examples);
    for (Index example = 0; example < task.examples; ++example) {
        const auto query = static_cast<std::size_t>((example + 1) * chains.tokens.tokens - 1);
        EXPECT_EQ(chains.tokens.second[query], SymbolSequences::none);
        Index symbol = chains.tokens.first[query];
        for (Index step = task.shown; step < task.steps; ++step)
            symbol = value_of(chains.tokens, example, symbol);
        EXPECT_EQ(chains.labels(example), 2 * symbol < task.alphabet ? 1 : -1);
    }
}

TEST(Chain, TheRightPathGoesOneStepPerLayer) {
    for (const std::size_t depth : {1U, 2U, 3U}) {
        ChainTask task = chain_of(3, 0, depth);
        task.heads.assign(depth, 1);
        const Dataset dataset = make_chain(task);
        const Matrix features =
            path_features(dataset.train, dataset.layers, dataset.attention, dataset.readout);
        const ChainSequences chains = make_chains(task, "train", task.examples);
        for (Index example = 0; example < task.examples; ++example) {
            Index symbol =
                chains.tokens.first[static_cast<std::size_t>((example + 1) * chains.tokens.tokens - 1)];
            for (std::size_t step = 0; step < depth; ++step)
                symbol = value_of(chains.tokens, example, symbol);
            EXPECT_EQ(features(example, task.alphabet + symbol), 1);
            EXPECT_EQ(features.row(example).tail(task.alphabet).sum(), 1);
        }
    }
}

TEST(Chain, StepsThatAreNotShownNeedAsManyLayers) {
    EXPECT_GT(solve_dataset(make_chain(chain_of(2, 0, 2)), 1000, 0.01).accuracy, 0.98);
    EXPECT_GT(solve_dataset(make_chain(chain_of(2, 1, 1)), 1000, 0.01).accuracy, 0.98);
    EXPECT_LT(solve_dataset(make_chain(chain_of(2, 0, 1)), 1000, 0.01).accuracy, 0.65);
}

TEST(Chain, NarrowNetworksFindTheRightPath) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        ChainTask task = chain_of(2, 0, 2);
        task.seed = seed;
        const Vector paths = solve_dataset(make_chain(task), 10, 0.01).paths(1);
        EXPECT_GT(paths(0), 10 * paths.tail(3).maxCoeff()) << seed;
    }
}

}  // namespace
}  // namespace attnpaths
