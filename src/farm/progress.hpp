#pragma once

#include "farm/duration.hpp"
#include "farm/status_line.hpp"

#include <chrono>
#include <cstddef>
#include <set>
#include <string>

namespace attnpaths {

/// Progress of a sweep on standard error.
class Progress {
  public:
    /// @param total     points of the grid
    /// @param finished  of them done or failed before this run
    /// @param work      of the others, in any unit: what is left is told by it, as the longest points come
    /// first
    Progress(ProgressStyle style, std::size_t total, std::size_t finished, std::size_t failed, double work);

    void point_done(double work) {
        ++finished_;
        work_done_ += work;
    }
    void point_failed(double work) {
        point_done(work);
        ++failed_;
    }
    /// More points are wanted than before, of this work. Time spent waiting for them does not count in the
    /// rate.
    void extend(std::size_t points, double work);
    /// Shows the present state if it is time to, or at any rate if `force`.
    void show(bool force = false);
    /// Prints a whole line without disturbing the bar.
    void message(const std::string& line) { line_.message(line); }
    /// Prints a line about a topic unless one has been printed: for what is the same of many points.
    void message_once(const std::string& topic, const std::string& line) {
        if (topics_.insert(topic).second) message(line);
    }

    [[nodiscard]] double seconds() const;

  private:
    [[nodiscard]] std::string state() const;
    /// Share of this run's work that is done; by points where the work of none is known.
    [[nodiscard]] double share_done() const;

    StatusLine line_;
    std::size_t total_;
    std::size_t before_;  // finished at rate_start_
    std::size_t finished_;
    std::size_t failed_;
    double work_;                   // from rate_start_ on, done or not
    double work_done_ = 0;          // of it
    std::set<std::string> topics_;  // of which a line has been printed
    std::string shown_;             // what changes with events, not with time
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point rate_start_ = start_;
};

}  // namespace attnpaths
