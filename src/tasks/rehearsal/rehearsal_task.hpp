#pragma once

#include "tasks/task.hpp"

#include <vector>

namespace attnpaths {

/// What points do that compute nothing: for trying out a cluster, job scripts, time limits and faults before
/// the real work.
struct Rehearsal {
    double seconds = 0.001;            ///< that a point takes
    std::vector<double> crash_widths;  ///< points of these widths end their process
    std::vector<double> hang_widths;   ///< points of these widths never end, and never poll
};

TaskDeclaration rehearsal_task();

}  // namespace attnpaths
