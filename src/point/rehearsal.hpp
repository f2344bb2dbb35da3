#pragma once

#include "base/record.hpp"
#include "base/settings.hpp"
#include "point/grid_point.hpp"
#include "tasks/rehearsal/rehearsal_task.hpp"

#include <functional>

namespace attnpaths {

/// Takes the time of a point, polls meanwhile, and tells which point it was. The record depends on nothing
/// else.
Record rehearse(const Rehearsal& task, const GridPoint& point, const std::function<void()>& poll);

}  // namespace attnpaths
