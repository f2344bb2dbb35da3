#pragma once

#include "analyses/context.hpp"
#include "point/grid_point.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// Some of the chains of one sampler.
struct ChainGroup {
    std::string method;  ///< as the checkpoint names it
    std::vector<int> chains;
};

/// What is to be done about a point: the analyses of its plan, from the checkpoint on, or some chains of
/// their sampling.
struct PointTask {
    GridPoint point;
    Checkpoint checkpoint;
    std::optional<ChainGroup> chains;  ///< bring these to their goal and nothing else
    bool is_spread = false;            ///< hand the point back instead of beginning another round of draws
    /// Columns of analyses that the store has and that those of the plan need.
    Record known = {};
};

std::string encode_task(const PointTask& task);
PointTask decode_task(std::string_view bytes);

/// Says a line on standard error, whatever process this is.
void note_on_standard_error(const std::string& line);

}  // namespace attnpaths
