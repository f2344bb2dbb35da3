#pragma once

#include "tasks/task.hpp"

namespace attnpaths {

/// The task chain: reasoning in steps over a permutation that is in the context (chain.hpp).
TaskDeclaration chain_task();

}  // namespace attnpaths
