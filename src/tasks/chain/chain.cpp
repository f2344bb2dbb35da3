#include "tasks/chain/chain.hpp"

#include "base/random_stream.hpp"
#include "base/text.hpp"
#include "datasets/computed_maps.hpp"
#include "datasets/head_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

namespace attnpaths {

namespace {

/// A uniform permutation of 0 .. size - 1.
std::vector<Index> draw_permutation(Index size, RandomStream& stream) {
    std::vector<Index> permutation(static_cast<std::size_t>(size));
    std::iota(permutation.begin(), permutation.end(), Index{0});
    for (std::size_t left = permutation.size(); left > 1; --left)
        std::swap(permutation[left - 1],
                  permutation[static_cast<std::size_t>(stream.uniform() * static_cast<double>(left))]);
    return permutation;
}

ExampleSet chain_set(const ChainTask& task, const std::string& purpose, Index examples) {
    ChainSequences chains = make_chains(task, purpose, examples);
    const auto sequences = std::make_shared<const SymbolSequences>(std::move(chains.tokens));
    ExampleSet set;
    set.name = purpose;
    set.tokens = sequences->tokens;
    give_one_hot(set, sequences);
    set.y = chains.labels;
    auto random = std::make_shared<std::vector<std::vector<RandomSymbolHead>>>();
    for (std::size_t layer = 0; layer < task.heads.size(); ++layer) {
        random->emplace_back();
        for (Index number = 1; number < task.heads[layer]; ++number)
            random->back().emplace_back(task.seed, layer + 1, number, sequences->input_width(),
                                        task.random_deviation);
    }
    const std::size_t last = task.heads.size() - 1;
    set.maps = std::make_shared<const ComputedMaps>(
        task.heads, set.tokens,
        [sequences, random, last](std::size_t layer, Index head, Index example,
                                  Eigen::Ref<Matrix> attention) {
            if (head == 0)
                attend_in_chain(*sequences, layer == last, example, attention);
            else
                (*random)[layer][static_cast<std::size_t>(head - 1)].attend(*sequences, example, attention);
        });
    set.maps_hash =
        fmt::format("{} heads {} seed {}", describe(task), head_counts_text(task.heads), task.seed);
    return set;
}

}  // namespace

NamedLayers chain_heads(const std::vector<Index>& heads) {
    NamedLayers layers;
    for (std::size_t layer = 0; layer < heads.size(); ++layer) {
        layers.push_back({{layer + 1 == heads.size() ? "look-up" : "follow", 1}});
        for (Index number = 1; number < heads[layer]; ++number) layers.back().push_back({"random", number});
    }
    return layers;
}

ChainSequences make_chains(const ChainTask& task, const std::string& purpose, Index examples) {
    const Index V = task.alphabet;
    const Index half = V / 2;
    ChainSequences made;
    made.tokens.first_width = V;
    made.tokens.second_width = V;
    made.tokens.tokens = V + 1;
    made.tokens.first.reserve(static_cast<std::size_t>(examples * made.tokens.tokens));
    made.tokens.second.reserve(static_cast<std::size_t>(examples * made.tokens.tokens));
    made.labels.resize(examples);
    for (Index example = 0; example < examples; ++example) {
        const Index label = example < examples / 2 ? 0 : 1;
        const Index number = example - label * (examples / 2);
        RandomStream stream(task.seed, "chain/" + purpose, static_cast<std::uint64_t>(2 * number + label));
        const Index wanted = label * half + static_cast<Index>(stream.uniform() * static_cast<double>(half));
        const std::vector<Index> f = draw_permutation(V, stream);
        const std::vector<Index> order = draw_permutation(V, stream);
        Index symbol = static_cast<Index>(stream.uniform() * static_cast<double>(V));
        Index query = symbol;
        for (Index step = 1; step <= task.steps; ++step) {
            symbol = f[static_cast<std::size_t>(symbol)];
            if (step == task.shown) query = symbol;
        }
        // A shift of the alphabet is a renaming.
        const Index shift = (wanted - symbol + V) % V;
        const auto renamed = [&](Index other) { return static_cast<std::int32_t>((other + shift) % V); };
        for (const Index key : order) {
            made.tokens.first.push_back(renamed(key));
            made.tokens.second.push_back(renamed(f[static_cast<std::size_t>(key)]));
        }
        made.tokens.first.push_back(renamed(query));
        made.tokens.second.push_back(SymbolSequences::none);
        made.labels(example) = label == 0 ? 1 : -1;
    }
    return made;
}

void attend_in_chain(const SymbolSequences& sequences, bool look_up, Index example,
                     Eigen::Ref<Matrix> attention) {
    const Index tokens = sequences.tokens;
    const auto start = static_cast<std::size_t>(example * tokens);
    attention.setZero();
    for (Index query = 0; query < tokens; ++query) {
        const std::size_t at = start + static_cast<std::size_t>(query);
        const std::int32_t asked = look_up ? sequences.first[at] : sequences.second[at];
        Index found = query;
        for (Index key = 0; key < tokens; ++key) {
            const std::size_t other = start + static_cast<std::size_t>(key);
            if (sequences.first[other] == asked && sequences.second[other] != SymbolSequences::none)
                found = key;
        }
        attention(found, query) = 1;
    }
}

Dataset make_chain(const ChainTask& task) {
    Dataset dataset;
    dataset.readout = Readout::last;
    dataset.layers = empty_heads(chain_heads(task.heads));
    dataset.train = chain_set(task, "train", task.examples);
    dataset.tests.push_back(chain_set(task, "test", task.test_examples));
    dataset.input_width = dataset.train.token_width();
    return dataset;
}

std::string describe(const ChainTask& task) {
    // "chain 1" counts versions of this folder's recipe: a change of it must change every hash.
    return fmt::format("chain 1 alphabet={} steps={} shown={} random_deviation={} test_examples={}",
                       task.alphabet, task.steps, task.shown, exact_text(task.random_deviation),
                       task.test_examples);
}

}  // namespace attnpaths
