#pragma once

#include "runtime/mpi.hpp"
#include "runtime/stop_request.hpp"
#include "sweep/part_encoding.hpp"
#include "sweep/point_task.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace attnpaths {

/// The kinds of messages between master (rank 0) and workers.
///   worker -> master   request     who I am (host, pid); asks for work. Once more, empty, as the answer to a
///                                  stop: the last word
///   master -> worker   work        a batch of tasks: points, or chains of one; a worker always has its next
///                                  before it is done, and the shorter the tasks are the more it has
///   worker -> master   result      a batch of outcomes, in the order of the tasks; asks for more
///   worker -> master   checkpoint  how far the present task has come
///   master -> worker   share       others are idle: hand the present point back if its chains would keep
///                                  them busy
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

/// Several messages as one, and back. @throws DataError if the bytes are no batch
std::string encode_batch(const std::vector<std::string>& messages);
/// Bytes from which on a batch is not worth waiting with.
inline constexpr std::size_t large_batch = std::size_t{1} << 20U;
std::vector<std::string> decode_batch(std::string_view bytes);

/// A worker's introduction.
struct Introduction {
    std::string host;
    std::int64_t pid = 0;
    bool has_lifeline = false;
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

/// The parts of a submission.
std::string encode_submitted_parts(const std::string& submission, const std::vector<EncodedPart>& parts);
/// @throws DataError if the bytes are no parts
std::pair<std::string, std::vector<EncodedPart>> decode_submitted_parts(std::string_view bytes);

/// How far the present task has come.
std::string encode_progress(const std::string& key, const Checkpoint& checkpoint);
/// @throws DataError if the bytes are no progress
std::pair<std::string, Checkpoint> decode_progress(std::string_view bytes);

}  // namespace attnpaths
