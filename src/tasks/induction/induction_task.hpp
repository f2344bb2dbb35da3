#pragma once

#include "tasks/task.hpp"

namespace attnpaths {

/// The task induction: the next symbol of Markov chains in context (induction.hpp).
TaskDeclaration induction_task();

}  // namespace attnpaths
