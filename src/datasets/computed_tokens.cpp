#include "datasets/computed_tokens.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace attnpaths {

namespace {

class ComputedTokens : public TokenSource {
  public:
    ComputedTokens(Index examples, Index input_width, Index tokens, FillTokens fill)
        : examples_(examples), input_width_(input_width), tokens_(tokens), fill_(std::move(fill)) {}

    [[nodiscard]] Index input_width() const override { return input_width_; }
    [[nodiscard]] Index examples() const override { return examples_; }
    [[nodiscard]] Index examples_at_a_time() const override {
        return examples_of_a_block(input_width_, tokens_);
    }
    [[nodiscard]] Matrix read(Index first, Index count) const override {
        Matrix x(input_width_, count * tokens_);
        for (Index place = 0; place < count; ++place)
            fill_(first + place, x.middleCols(place * tokens_, tokens_));
        return x;
    }

  private:
    Index examples_;
    Index input_width_;
    Index tokens_;
    FillTokens fill_;
};

double bytes_of(Index examples, Index input_width, Index tokens) {
    return sizeof(double) * static_cast<double>(examples) * static_cast<double>(input_width) *
           static_cast<double>(tokens);
}

}  // namespace

bool tokens_are_held(Index examples, Index input_width, Index tokens) {
    constexpr double most_bytes = 128e6;
    return bytes_of(examples, input_width, tokens) <= most_bytes;
}

Index examples_of_a_block(Index input_width, Index tokens) {
    constexpr double most_bytes = 32e6;
    return std::max<Index>(1, static_cast<Index>(most_bytes / bytes_of(1, input_width, tokens)));
}

void give_tokens(ExampleSet& set, Index examples, Index input_width, FillTokens fill) {
    auto source = std::make_shared<const ComputedTokens>(examples, input_width, set.tokens, std::move(fill));
    if (tokens_are_held(examples, input_width, set.tokens))
        set.x = source->read(0, examples);
    else
        set.source = std::move(source);
}

}  // namespace attnpaths
