#pragma once

#include "datasets/dataset.hpp"
#include "tasks/named_heads/named_heads.hpp"
#include "tasks/symbols/symbol_sequences.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace attnpaths {

/// Prediction of the next symbol in context, the task of induction heads ("Unveiling Induction Heads:
/// Provable Training Dynamics and Feature Learning in Transformers", n-gram Markov chain data). Every
/// sequence has transition probabilities of its own: given the last `order` symbols the next one is drawn
/// from a row ~ Dirichlet(alpha). The first `order` symbols are uniform. Tokens are a one-hot symbol and a
/// one-hot position; the last token is read out, and the label is the symbol that comes next, or in which
/// half of the alphabet it is.
struct InductionTask {
    Index alphabet = 8;       ///< V
    Index length = 128;       ///< T
    Index order = 1;          ///< symbols that the next one depends on
    double alpha = 0.3;       ///< of the Dirichlet distribution
    bool two_classes = true;  ///< halves of the alphabet, +1 and -1; otherwise V classes, one-hot
    double random_deviation = 4;
    Index examples = 400;
    Index test_examples = 1000;
    NamedLayers layers;
    std::uint64_t seed = 1;

    [[nodiscard]] Index classes() const { return two_classes ? 2 : alphabet; }
};

/// Sequences with what is known of each beyond its tokens.
struct InductionSequences {
    SymbolSequences tokens;   ///< symbols, then positions
    std::vector<Index> next;  ///< [examples], the symbol that follows
    Matrix transition;        ///< [examples, V], the row that it was drawn from
};

/// Sequences of equally many of each class, class after class, +1 (or symbol 0) first. By the symmetry of the
/// law under exchange of symbols, those of a class are drawn from the law given the class: a sequence with
/// another next symbol is renamed. Each has its own random numbers, whatever others are made.
/// @param purpose  "train" or "test"
InductionSequences make_sequences(const InductionTask& task, const std::string& purpose, Index examples);

/// Whether there are heads of a kind: next, previous, match, match-K, uniform, random.
bool is_induction_head(const std::string& kind);

/// Attention of one example: `next` to the token after the query (the last one: to itself), `previous` to the
/// one before (the first: to itself), `match-K` to the other tokens where the last K symbols are those at the
/// query, `match` where the last `order` are (no such token: to all), `uniform` to all.
/// @param attention  [T, T], row = key, column = query
void attend_by_order(const InductionTask& task, const SymbolSequences& sequences, const std::string& kind,
                     Index example, Eigen::Ref<Matrix> attention);

/// Makes the task's data set: attention comes with the examples (ComputedMaps).
Dataset make_induction(const InductionTask& task);

/// Accuracy on the test points, by the classes of highest probability (equal ones share), of the transition
/// probabilities that a sequence was drawn from, and of their posterior mean given the sequence: (count +
/// alpha) / (all counts + V alpha) of what followed the last `order` symbols, which no predictor beats on
/// average.
struct InductionReferences {
    double true_transitions;
    double counted_transitions;
};
InductionReferences induction_references(const InductionTask& task);

/// Every parameter but training examples and seed, as one canonical text.
std::string describe(const InductionTask& task);

}  // namespace attnpaths
