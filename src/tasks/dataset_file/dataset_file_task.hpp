#pragma once

#include "tasks/task.hpp"

#include <memory>
#include <string>

namespace attnpaths {

/// The task dataset: a data set file as it is (dataset_file.hpp), heads included.
TaskDeclaration dataset_file_task();

/// The task of a data set that is in memory already.
/// @param source  names it in the column point/task
std::shared_ptr<Task> task_of(std::shared_ptr<const Dataset> dataset, const std::string& source);

}  // namespace attnpaths
