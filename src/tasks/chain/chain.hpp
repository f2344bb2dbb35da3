#pragma once

#include "datasets/dataset.hpp"
#include "tasks/named_heads/named_heads.hpp"
#include "tasks/symbols/symbol_sequences.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths {

/// Reasoning in steps ("Training Nonlinear Transformers for Chain-of-Thought Inference"): a permutation f of
/// V symbols is in the context, as V tokens (key k, value f(k)) in random order, followed by the query, a
/// token with the key f^shown(a) of a start a and no value. The label is the sign of f^steps(a): + for the
/// first half of the symbols, - for the second. Tokens are a one-hot key and a one-hot value; the query is
/// read out.
struct ChainTask {
    Index alphabet = 8;  ///< V, even
    Index steps = 2;     ///< K
    Index shown = 0;     ///< steps that are written down already
    double random_deviation = 4;
    Index examples = 200;
    Index test_examples = 1000;
    std::vector<Index> heads = {
        2, 2};  ///< per layer: `look-up` in the last, `follow` in the others, then random
    std::uint64_t seed = 1;
};

/// Contexts with their queries, and the labels [examples] of +-1.
struct ChainSequences {
    SymbolSequences tokens;  ///< keys, then values; V + 1 per example
    Vector labels;
};

/// Half of the examples of each class, +1 first. By the symmetry of the law under exchange of symbols, those
/// of a class are drawn from the law given the class: a context with another end is renamed. Each has its own
/// random numbers, whatever others are made.
/// @param purpose  "train" or "test"
ChainSequences make_chains(const ChainTask& task, const std::string& purpose, Index examples);

/// Heads of every layer.
NamedLayers chain_heads(const std::vector<Index>& heads);

/// Attention of one example: `look-up` to the token whose key is the query's key and which has a value,
/// `follow` to the token whose key is the query's value (a query without a value: to itself).
/// @param attention  [T, T], row = key, column = query
void attend_in_chain(const SymbolSequences& sequences, bool look_up, Index example,
                     Eigen::Ref<Matrix> attention);

/// Makes the task's data set: attention comes with the examples (ComputedMaps).
Dataset make_chain(const ChainTask& task);

/// Every parameter but training examples, heads and seed, as one canonical text.
std::string describe(const ChainTask& task);

}  // namespace attnpaths
