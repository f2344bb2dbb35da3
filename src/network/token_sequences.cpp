#include "network/token_sequences.hpp"

namespace attnpaths {

Index TokenSequences::sequences() const {
    if (source) return source->examples();
    return tokens > 0 ? x.cols() / tokens : 0;
}

TokenWindow::TokenWindow(const TokenSequences& set, Index first, Index count)
    : held_(set.source ? nullptr : &set.x), first_(set.source ? first : 0), tokens_(set.tokens) {
    if (set.source) read_ = set.source->read(first, count);
}

double TokenWindow::longest_token(Index example) const {
    const Matrix copy = of(example);  // sums depend on where in memory a matrix begins
    return copy.colwise().norm().maxCoeff();
}

std::vector<Index> token_positions(const TokenSequences& set, Index example) {
    std::vector<Index> positions;
    for (Index token = 0; token < set.tokens; ++token)
        if (set.mask.size() == 0 || set.mask(token, example)) positions.push_back(token);
    return positions;
}

std::map<Index, std::vector<Index>> examples_by_length(const TokenSequences& set,
                                                       const std::vector<Index>& examples) {
    std::map<Index, std::vector<Index>> groups;
    for (const Index example : examples)
        groups[set.mask.size() == 0 ? set.tokens : set.mask.col(example).count()].push_back(example);
    return groups;
}

}  // namespace attnpaths
