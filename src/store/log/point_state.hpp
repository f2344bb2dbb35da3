#pragma once

#include "analyses/plan.hpp"

#include <string>

namespace attnpaths {

/// What the store knows of a point that was started at least once.
struct PointState {
    enum class Status { unfinished, done, failed };
    Status status = Status::unfinished;  ///< unfinished also if more is wanted of it than its row has
    bool has_row = false;                ///< it was finished once
    const Answers* answers = nullptr;    ///< of its row; null without one
    int attempts = 0;                    ///< how often the point was started
    int lost_attempts = 0;               ///< since the point was last finished, or ever (store/lost_attempts)
    std::string last_loss;               ///< how the latest of them was lost
    std::string checkpoint;              ///< how far the work on an unfinished point has come; empty: nowhere
};

}  // namespace attnpaths
