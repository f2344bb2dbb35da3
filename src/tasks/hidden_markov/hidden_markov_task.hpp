#pragma once

#include "tasks/task.hpp"

namespace attnpaths {

/// The task hidden-markov: two classes of token sequences from hidden-Markov chains (hidden_markov.hpp).
TaskDeclaration hidden_markov_task();

}  // namespace attnpaths
