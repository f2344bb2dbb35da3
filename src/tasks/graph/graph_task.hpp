#pragma once

#include "tasks/task.hpp"

namespace attnpaths {

/// The task graph: classification of the nodes of one graph, generated (block_model.hpp) or read
/// (graph_files.hpp), by heads that attend along it (graph_heads.hpp).
TaskDeclaration graph_task();

}  // namespace attnpaths
