#pragma once

#include "farm/message_batch.hpp"
#include "farm/mpi.hpp"
#include "farm/stop_request.hpp"
#include "point/point_result.hpp"
#include "point/point_task.hpp"
#include "sweep/part_encoding.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attnpaths {

/// The kinds of messages between master (rank 0) and workers.
///   worker -> master   request     who I am (host, pid); asks for work. Once more, empty, as the answer to a
///                                  stop, after which nothing comes
///   master -> worker   work        a batch of tasks: points, or parts of one; a worker always has its next
///                                  before it is done, and the shorter the tasks are the more it has
///   worker -> master   result      a batch of outcomes, in the order of the tasks; asks for more
///   worker -> master   checkpoint  how far the present task has come
///   master -> worker   share       others are idle: hand the present point back if parts of it would
///                                  keep them busy
///   master -> worker   stop        no more work: tasks not begun are given up, and the present one too,
///                                  unless the stop is a draining one and the task would be lost
///   worker -> master   stop        a signal asks this worker, so all of us, to stop
///   master -> worker   give_up     the task with this serial number takes too long: give it up if it is the
///                                  present one
///   master -> worker   parts       of a submission, before the first of its points
/// The tasks that a worker was given have serial numbers, from 0 in their order; both sides count.
enum Tag : int {
    request = 1,
    work = 2,
    result = 3,
    stop = 4,
    checkpoint = 5,
    share = 6,
    give_up = 7,
    parts = 8
};

/// A worker's introduction.
struct Introduction {
    std::string host;
    std::int64_t pid = 0;
    bool has_liveness = false;
    std::string numerics = {};  ///< numerics_fingerprint
};
std::string encode_introduction(const Introduction& introduction);
/// @throws DataError if the bytes are no introduction
Introduction decode_introduction(std::string_view bytes);

std::string encode_result(PointResult result);
/// @throws DataError if the bytes are no result
PointResult decode_result(std::string_view bytes);

std::string encode_stop(StopRequest how);
/// @throws DataError if the bytes are no stop
StopRequest decode_stop(std::string_view bytes);

/// How far the present task has come.
std::string encode_progress(const std::string& key, const Checkpoint& checkpoint);
/// @throws DataError if the bytes are no progress
std::pair<std::string, Checkpoint> decode_progress(std::string_view bytes);

}  // namespace attnpaths
