#pragma once

#include "base/record.hpp"
#include "base/settings.hpp"
#include "sweep/grid_point.hpp"

#include <functional>
#include <vector>

namespace attnpaths {

/// A task whose points compute nothing: for trying out a cluster, job scripts, time limits and faults before
/// the real work.
struct RehearsalTask {
    double seconds = 0.001;            ///< that a point takes
    std::vector<double> crash_widths;  ///< points of these widths end their process
    std::vector<double> hang_widths;   ///< points of these widths never end, and never poll
};

/// The keys of the task, with defaults and help texts.
const std::vector<SettingKey>& rehearsal_keys();

/// @throws UsageError naming place, key and value
RehearsalTask rehearsal_of(const Settings& settings);

/// Takes the time of a point, polls meanwhile, and tells which point it was. The record depends on nothing
/// else.
Record rehearse(const RehearsalTask& task, const GridPoint& point, const std::function<void()>& poll);

}  // namespace attnpaths
