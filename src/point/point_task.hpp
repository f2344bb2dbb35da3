#pragma once

#include "analyses/context.hpp"
#include "point/grid_point.hpp"

#include <functional>
#include <optional>

namespace attnpaths {

/// One chain of one sampler.
struct ChainTask {
    std::string method;  ///< as the checkpoint names it
    int chain = 0;
};

/// What is to be done about a point: the analyses of its plan, from the checkpoint on, or one chain of their
/// sampling.
struct PointTask {
    GridPoint point;
    Checkpoint checkpoint;
    std::optional<ChainTask> chain;  ///< bring this chain to its goal and nothing else
    bool is_spread = false;          ///< hand the point back instead of beginning another round of draws
    /// Columns of analyses that the store has and that those of the plan need.
    Record known = {};
};

std::string encode_task(const PointTask& task);
PointTask decode_task(std::string_view bytes);

/// Says a line on standard error, whatever process this is.
void note_on_standard_error(const std::string& line);

}  // namespace attnpaths
