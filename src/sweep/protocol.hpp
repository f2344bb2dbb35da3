#pragma once

#include "sweep/grid_point.hpp"

#include <string>

namespace attnpaths {

/// The four kinds of messages between master (rank 0) and workers. Payloads are records (store/record).
///   worker -> master   request  who I am (host, pid); asks for work. Once more, empty, as the answer to a
///   stop: the last word master -> worker   work     a grid point; a worker holds at most two, so that it
///   always has its next worker -> master   result   the outcome of a point; asks for more master -> worker
///   stop     no more work; points not finished are given up
enum Tag : int { request = 1, work = 2, result = 3, stop = 4 };

/// How the work on a point ended.
enum class Outcome : std::int64_t {
    done = 0,
    failed = 1,      ///< the point threw; its record has the message
    interrupted = 2  ///< given up because of a signal, time limit or stop message
};

/// Thrown by a worker's poll to give up the present point; not an error.
struct Interrupted {};

/// A worker's introduction.
std::string encode_introduction(const std::string& host, std::int64_t pid);

/// A point's outcome with its record.
std::string encode_outcome(Outcome outcome, Record record);
Outcome take_outcome(Record& record);

}  // namespace attnpaths
