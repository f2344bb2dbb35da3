#include "base/random_stream.hpp"
#include "tasks/induction/induction.hpp"

#include <map>
#include <vector>

namespace attnpaths {

namespace {

/// Transition probabilities of one sequence, a row for every context, drawn when it is first met.
class Transitions {
  public:
    Transitions(const InductionTask& task, RandomStream& stream) : task_(task), stream_(stream) {}

    const Vector& row(Index context) {
        auto [found, is_new] = rows_.try_emplace(context);
        if (is_new) {
            // Gamma(alpha) numbers, brought to a sum of 1: half the square of chi of 2 alpha degrees.
            Vector& row = found->second;
            row.resize(task_.alphabet);
            for (double& probability : row) {
                const double chi = stream_.chi(2 * task_.alpha);
                probability = chi * chi / 2;
            }
            const double sum = row.sum();
            // Tiny alphas: all numbers may underflow; one symbol then has all of the probability.
            if (sum > 0)
                row /= sum;
            else
                row(static_cast<Index>(stream_.uniform() * static_cast<double>(task_.alphabet))) = 1;
        }
        return found->second;
    }

  private:
    const InductionTask& task_;
    RandomStream& stream_;
    std::map<Index, Vector> rows_;
};

Index draw(const Vector& probabilities, RandomStream& stream) {
    double left = stream.uniform();
    for (Index symbol = 0; symbol + 1 < probabilities.size(); ++symbol) {
        left -= probabilities(symbol);
        if (left < 0) return symbol;
    }
    return probabilities.size() - 1;
}

struct DrawnSequence {
    std::vector<Index> symbols;  // T, and the next one
    Vector transition;           // that the next one was drawn from
};

DrawnSequence draw_sequence(const InductionTask& task, RandomStream& stream) {
    Transitions transitions(task, stream);
    DrawnSequence sequence;
    for (Index token = 0; token <= task.length; ++token) {
        if (token < task.order) {
            sequence.symbols.push_back(
                static_cast<Index>(stream.uniform() * static_cast<double>(task.alphabet)));
            continue;
        }
        Index context = 0;
        for (Index back = task.order; back > 0; --back)
            context = context * task.alphabet + sequence.symbols[static_cast<std::size_t>(token - back)];
        const Vector& row = transitions.row(context);
        sequence.symbols.push_back(draw(row, stream));
        if (token == task.length) sequence.transition = row;
    }
    return sequence;
}

}  // namespace

InductionSequences make_sequences(const InductionTask& task, const std::string& purpose, Index examples) {
    const Index V = task.alphabet;
    const Index classes = task.classes();
    const Index in_class = examples / classes;
    InductionSequences made;
    made.tokens.first_width = V;
    made.tokens.second_width = task.length;
    made.tokens.tokens = task.length;
    made.tokens.first.reserve(static_cast<std::size_t>(examples * task.length));
    made.tokens.second.reserve(static_cast<std::size_t>(examples * task.length));
    made.transition.resize(examples, V);
    for (Index example = 0; example < examples; ++example) {
        const Index label = example / in_class;
        const Index number = example % in_class;
        RandomStream stream(task.seed, "induction/" + purpose,
                            static_cast<std::uint64_t>(number * classes + label));
        const Index wanted =
            task.two_classes
                ? label * (V / 2) + static_cast<Index>(stream.uniform() * static_cast<double>(V / 2))
                : label;
        const DrawnSequence sequence = draw_sequence(task, stream);
        // A shift of the alphabet is a renaming.
        const Index shift = (wanted - sequence.symbols.back() + V) % V;
        const auto renamed = [&](Index symbol) { return (symbol + shift) % V; };
        for (Index token = 0; token < task.length; ++token) {
            made.tokens.first.push_back(
                static_cast<std::int32_t>(renamed(sequence.symbols[static_cast<std::size_t>(token)])));
            made.tokens.second.push_back(static_cast<std::int32_t>(token));
        }
        for (Index symbol = 0; symbol < V; ++symbol)
            made.transition(example, renamed(symbol)) = sequence.transition(symbol);
        made.next.push_back(wanted);
    }
    return made;
}

}  // namespace attnpaths
