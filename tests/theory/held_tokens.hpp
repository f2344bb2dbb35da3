#pragma once

#include "datasets/dataset.hpp"
#include "tasks/hidden_markov/hidden_markov.hpp"

#include <memory>
#include <utility>

namespace attnpaths {

/// Hands out the tokens of a set that held them.
class HeldTokens : public TokenSource {
  public:
    HeldTokens(Matrix x, Index tokens) : x_(std::move(x)), tokens_(tokens) {}

    [[nodiscard]] Index input_width() const override { return x_.rows(); }
    [[nodiscard]] Index examples() const override { return x_.cols() / tokens_; }
    [[nodiscard]] Index examples_at_a_time() const override { return 1000; }
    [[nodiscard]] Matrix read(Index first, Index count) const override {
        return x_.middleCols(first * tokens_, count * tokens_);
    }

  private:
    Matrix x_;
    Index tokens_;
};

/// Makes a set one that is handed out in blocks, though it is small.
inline void stream(ExampleSet& set) {
    set.source = std::make_shared<const HeldTokens>(std::move(set.x), set.tokens);
    set.x.resize(0, 0);
}

/// Hidden-Markov examples of 32 features: N0 = 8, four paths.
inline Dataset small_features(Index examples, Index test_examples) {
    HiddenMarkovTask task;
    task.feature_width = 4;
    task.tokens = 3;
    task.examples = examples;
    task.test_examples = test_examples;
    return make_hidden_markov(task);
}

}  // namespace attnpaths
