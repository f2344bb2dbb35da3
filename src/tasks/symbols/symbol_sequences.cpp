#include "tasks/symbols/symbol_sequences.hpp"

#include "base/random_stream.hpp"
#include "datasets/computed_tokens.hpp"

namespace attnpaths {

void SymbolSequences::write_one_hot(Index example, Eigen::Ref<Matrix> x) const {
    x.setZero();
    for (Index token = 0; token < tokens; ++token) {
        const auto t = static_cast<std::size_t>(example * tokens + token);
        x(first[t], token) = 1;
        if (second[t] != none) x(first_width + second[t], token) = 1;
    }
}

void give_one_hot(ExampleSet& set, const std::shared_ptr<const SymbolSequences>& sequences) {
    give_tokens(set, sequences->examples(), sequences->input_width(),
                [sequences](Index example, Eigen::Ref<Matrix> x) { sequences->write_one_hot(example, x); });
}

DataSize symbol_data_size(Index examples, Index test_examples, Index input_width, Index tokens) {
    constexpr double numbers_of_a_token = 2 * sizeof(std::int32_t) / double{sizeof(double)};
    DataSize size;
    for (const bool is_test : {false, true}) {
        const SetSize set =
            computed_set_size(is_test ? test_examples : examples, input_width, tokens, is_test);
        size.add(set);
        // The symbols that tokens are made of are held.
        if (set.is_streamed)
            size.streamed_numbers -= numbers_of_a_token * set.examples * static_cast<double>(tokens);
    }
    return size;
}

RandomSymbolHead::RandomSymbolHead(std::uint64_t seed, std::size_t layer, Index number, Index input_width,
                                   double deviation)
    : W_(input_width, input_width) {
    RandomStream stream(seed, "symbols/random head",
                        (std::uint64_t{layer} << 32U) + static_cast<std::uint64_t>(number));
    for (Index query = 0; query < input_width; ++query)
        for (Index key = 0; key < input_width; ++key) W_(key, query) = deviation * stream.normal();
}

void RandomSymbolHead::attend(const SymbolSequences& sequences, Index example,
                              Eigen::Ref<Matrix> attention) const {
    const auto start = static_cast<std::size_t>(example * sequences.tokens);
    const auto first = [&](Index token) { return sequences.first[start + static_cast<std::size_t>(token)]; };
    const auto second = [&](Index token) {
        return sequences.second[start + static_cast<std::size_t>(token)];
    };
    Vector scores(W_.rows());
    // In memory of its own: where `attention` lies would show in the rounding.
    Vector column(sequences.tokens);
    for (Index query = 0; query < sequences.tokens; ++query) {
        scores = W_.col(first(query));
        if (second(query) != SymbolSequences::none) scores += W_.col(sequences.first_width + second(query));
        for (Index key = 0; key < sequences.tokens; ++key) {
            column(key) = scores(first(key));
            if (second(key) != SymbolSequences::none)
                column(key) += scores(sequences.first_width + second(key));
        }
        column.array() -= column.maxCoeff();
        column = column.array().exp();
        attention.col(query) = column / column.sum();
    }
}

}  // namespace attnpaths
