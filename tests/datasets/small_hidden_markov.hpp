#pragma once

#include "tasks/hidden_markov/hidden_markov.hpp"

#include <vector>

namespace attnpaths {

/// 6 training and 4 test examples of 3 tokens with 4 features each.
inline Dataset small_hidden_markov(const std::vector<Index>& heads) {
    HiddenMarkovTask task;
    task.feature_width = 4;
    task.tokens = 3;
    task.examples = 6;
    task.test_examples = 4;
    task.heads = heads;
    return make_hidden_markov(task);
}

}  // namespace attnpaths
