#pragma once

#include "tasks/task.hpp"

#include <string>
#include <vector>

namespace attnpaths {

/// What points do that compute nothing: for trying out a cluster, job scripts, time limits and faults before
/// the real work.
struct Rehearsal {
    double seconds = 0.001;            ///< that a point takes
    std::vector<double> crash_widths;  ///< points of these widths end their process
    std::vector<double> hang_widths;   ///< points of these widths never end, and never poll
};

/// Whether a key asks for a fault of a process, which must not come from anybody but whoever runs the sweep.
bool is_rehearsed_fault(const std::string& key);

TaskDeclaration rehearsal_task();

}  // namespace attnpaths
