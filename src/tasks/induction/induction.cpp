#include "tasks/induction/induction.hpp"

#include "base/random_stream.hpp"
#include "base/text.hpp"
#include "datasets/computed_maps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace attnpaths {

namespace {

constexpr Index most_matched = 3;

/// Whether the `count` symbols up to token s are those up to token t.
bool matches(const SymbolSequences& sequences, Index example, Index s, Index t, Index count) {
    if (s < count - 1 || t < count - 1) return false;
    const auto start = static_cast<std::size_t>(example * sequences.tokens);
    for (Index back = 0; back < count; ++back)
        if (sequences.first[start + static_cast<std::size_t>(s - back)] !=
            sequences.first[start + static_cast<std::size_t>(t - back)])
            return false;
    return true;
}

/// How many symbols a head of this kind matches; 0 if it is none of these.
Index matched_symbols(const std::string& kind, Index order) {
    if (kind == "match") return order;
    for (Index count = 1; count <= most_matched; ++count)
        if (kind == fmt::format("match-{}", count)) return count;
    return 0;
}

ExampleSet set_of(const InductionTask& task, const std::string& purpose, Index examples) {
    InductionSequences made = make_sequences(task, purpose, examples);
    const auto sequences = std::make_shared<const SymbolSequences>(std::move(made.tokens));
    ExampleSet set;
    set.name = purpose;
    set.tokens = task.length;
    give_one_hot(set, sequences);
    if (task.two_classes) {
        set.y.resize(examples, 1);
        for (Index example = 0; example < examples; ++example)
            set.y(example, 0) = 2 * made.next[static_cast<std::size_t>(example)] < task.alphabet ? 1 : -1;
    } else {
        set.y = Matrix::Zero(examples, task.alphabet);
        for (Index example = 0; example < examples; ++example)
            set.y(example, made.next[static_cast<std::size_t>(example)]) = 1;
    }
    auto random = std::make_shared<std::vector<std::vector<RandomSymbolHead>>>();
    for (std::size_t layer = 0; layer < task.layers.size(); ++layer) {
        random->emplace_back();
        for (const NamedHead& head : task.layers[layer])
            if (head.kind == "random")
                random->back().emplace_back(task.seed, layer + 1, head.number, sequences->input_width(),
                                            task.random_deviation);
    }
    set.maps = std::make_shared<const ComputedMaps>(
        head_counts_of(task.layers), task.length,
        [task, sequences, random](std::size_t layer, Index head, Index example,
                                  Eigen::Ref<Matrix> attention) {
            const NamedHead& named = task.layers[layer][static_cast<std::size_t>(head)];
            if (named.kind == "random")
                (*random)[layer][static_cast<std::size_t>(named.number - 1)].attend(*sequences, example,
                                                                                    attention);
            else
                attend_by_order(task, *sequences, named.kind, example, attention);
        });
    set.maps_hash = fmt::format("{} seed {}", describe(task), task.seed);
    return set;
}

/// Probability that the label's class is chosen: 1 if it alone is the most probable one, shared among equals.
double chance_of_label(const InductionTask& task, const Vector& symbols, Index next) {
    Vector classes = symbols;
    Index label = next;
    if (task.two_classes) {
        const Index half = task.alphabet / 2;
        classes.resize(2);
        classes << symbols.head(half).sum(), symbols.tail(half).sum();
        label = next < half ? 0 : 1;
    }
    const double most = classes.maxCoeff();
    constexpr double rounding = 1e-12;
    const auto equals = static_cast<double>((classes.array() >= most * (1 - rounding)).count());
    return classes(label) >= most * (1 - rounding) ? 1 / equals : 0;
}

}  // namespace

bool is_induction_head(const std::string& kind) {
    return kind == "next" || kind == "previous" || kind == "uniform" || kind == "random" ||
           matched_symbols(kind, 1) > 0;
}

void attend_by_order(const InductionTask& task, const SymbolSequences& sequences, const std::string& kind,
                     Index example, Eigen::Ref<Matrix> attention) {
    const Index tokens = sequences.tokens;
    attention.setZero();
    const Index matched = matched_symbols(kind, task.order);
    for (Index query = 0; query < tokens; ++query) {
        auto column = attention.col(query);
        if (kind == "next") {
            column(std::min(query + 1, tokens - 1)) = 1;
        } else if (kind == "previous") {
            column(std::max<Index>(query - 1, 0)) = 1;
        } else {
            for (Index key = 0; key < tokens && matched > 0; ++key)
                if (key != query && matches(sequences, example, key, query, matched)) column(key) = 1;
            const double sum = column.sum();
            if (sum > 0)
                column /= sum;
            else
                column.setConstant(1 / static_cast<double>(tokens));
        }
    }
}

Dataset make_induction(const InductionTask& task) {
    Dataset dataset;
    dataset.readout = Readout::last;
    dataset.layers = empty_heads(task.layers);
    dataset.train = set_of(task, "train", task.examples);
    dataset.tests.push_back(set_of(task, "test", task.test_examples));
    dataset.input_width = dataset.train.token_width();
    return dataset;
}

InductionReferences induction_references(const InductionTask& task) {
    const InductionSequences test = make_sequences(task, "test", task.test_examples);
    InductionReferences sums{0, 0};
    for (Index example = 0; example < task.test_examples; ++example) {
        const Index next = test.next[static_cast<std::size_t>(example)];
        Vector counted = Vector::Constant(task.alphabet, task.alpha);
        const Index last = task.length - 1;
        for (Index token = 0; token < last; ++token)
            if (matches(test.tokens, example, token, last, task.order))
                counted(test.tokens.first[static_cast<std::size_t>(example * task.length + token + 1)]) += 1;
        sums.true_transitions += chance_of_label(task, test.transition.row(example), next);
        sums.counted_transitions += chance_of_label(task, counted, next);
    }
    const auto examples = static_cast<double>(task.test_examples);
    return {sums.true_transitions / examples, sums.counted_transitions / examples};
}

std::string describe(const InductionTask& task) {
    // "induction 1" counts versions of this folder's recipe: a change of it must change every hash.
    std::vector<std::string> layers;
    for (const std::vector<std::string>& layer : names_of(task.layers))
        layers.push_back(fmt::format("{}", fmt::join(layer, " ")));
    return fmt::format(
        "induction 1 alphabet={} length={} order={} alpha={} two_classes={} random_deviation={} "
        "test_examples={} layers={}",
        task.alphabet, task.length, task.order, exact_text(task.alpha), task.two_classes,
        exact_text(task.random_deviation), task.test_examples, fmt::join(layers, " | "));
}

}  // namespace attnpaths
