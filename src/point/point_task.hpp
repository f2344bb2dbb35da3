#pragma once

#include "analyses/context.hpp"
#include "point/grid_point.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// A part of a point that can be done by itself: some chains of one sampler, or some strands of a pass over
/// the point's examples.
struct PointPart {
    std::string method;  ///< as the checkpoint names it
    std::vector<int> pieces;
};

/// What is to be done about a point: the analyses of its plan, from the checkpoint on, or a part of it.
struct PointTask {
    GridPoint point;
    Checkpoint checkpoint;
    std::optional<PointPart> part;  ///< bring its pieces to their goal and do nothing else
    bool is_spread = false;         ///< others take part: hand the point back where there is more for them
    /// Columns of analyses that the store has and that those of the plan need.
    Record known = {};
};

std::string encode_task(const PointTask& task);
PointTask decode_task(std::string_view bytes);

/// Says a line on standard error, whatever process this is.
void note_on_standard_error(const std::string& line);

}  // namespace attnpaths
