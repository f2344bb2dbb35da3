#include "tasks/symbols/symbol_sequences.hpp"

#include "base/random_stream.hpp"

namespace attnpaths {

Matrix SymbolSequences::one_hot() const {
    Matrix x = Matrix::Zero(input_width(), std::ssize(first));
    for (Index token = 0; token < x.cols(); ++token) {
        const auto t = static_cast<std::size_t>(token);
        x(first[t], token) = 1;
        if (second[t] != none) x(first_width + second[t], token) = 1;
    }
    return x;
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
