#pragma once

#include "base/record.hpp"
#include "point/grid_point.hpp"
#include "sampling/checkpoint.hpp"

#include <cstdint>
#include <string>

namespace attnpaths {

/// How the work on a task ended.
enum class Outcome : std::int64_t {
    done = 0,
    failed = 1,       ///< the point threw; its record has the message
    interrupted = 2,  ///< given up because of a signal, time limit or stop message
    handed_back = 3,  ///< there is more to do, by others too; or the chain that was asked for is at its goal
    overdue = 4       ///< given up because it took longer than a task may
};

/// How the work on a task ended, and what came of it.
struct PointResult {
    Outcome outcome = Outcome::done;
    Record record;          ///< of a point done or failed
    Checkpoint checkpoint;  ///< of one interrupted or handed back
};

/// Adds what only the process that computed a point knows to its record: status, message, seconds, time,
/// host.
void complete(PointResult& result, const std::string& message, double seconds);

/// The record of a point of whose plan nothing could be answered.
Record failed_record(const GridPoint& point, const std::string& message);

/// The result of a point that failed with this message.
PointResult failed_point(const GridPoint& point, const std::string& message);

}  // namespace attnpaths
