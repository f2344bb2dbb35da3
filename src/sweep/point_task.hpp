#pragma once

#include "sampling/checkpoint.hpp"
#include "sweep/grid_point.hpp"

#include <functional>
#include <optional>

namespace attnpaths {

/// One chain of one sampling method.
struct ChainTask {
    std::string method;
    int chain = 0;
};

/// What is to be done about a point: all of it, from the checkpoint on, or one chain of its sampling.
struct PointTask {
    GridPoint point;
    Checkpoint checkpoint;
    std::optional<ChainTask> chain;  ///< bring this chain to its goal and nothing else
    bool is_spread = false;          ///< hand the point back instead of beginning another round of draws
};

std::string encode_task(const PointTask& task);
PointTask decode_task(std::string_view bytes);

/// How the work on a point talks to the world while it goes on.
struct PointHooks {
    /// Called often; throws Interrupted to give the point up.
    std::function<void()> poll = [] {};
    /// Called between transitions of chains, where nothing is lost: throws Interrupted on lesser occasions too.
    std::function<void()> poll_chain = [] {};
    /// Whether it is time to save a checkpoint, and what to do with it.
    std::function<bool()> wants_checkpoint = [] { return false; };
    std::function<void(const Checkpoint&)> save = [](const Checkpoint&) {};
    /// Whether others are idle and could take chains of this point.
    std::function<bool()> others_are_idle = [] { return false; };
};

/// Thrown to give up the present point; not an error.
struct Interrupted {};

}  // namespace attnpaths
