#pragma once

#include "run/cost_model.hpp"

#include <chrono>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace attnpaths {

/// The points that nobody works on yet. They are handed out so that a worker stays with the data and kernels
/// it has, and that no long point is left for the end: first from the group of the worker's last point, then
/// from a group nobody else works on, then from the group with most work left; in a group the longest first.
/// Which worker gets which point affects the time only, never a result.
class WorkQueue {
  public:
    /// @param costs  must outlive the queue; what it expects when a point is put in decides that point's
    /// place
    WorkQueue(const std::vector<GridPoint>& points, const CostModel& costs);

    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }

    /// The next point for a worker, or nothing if there is none that can be expected to be safe in the time
    /// left (chains may be cut at any time, the rest of a point may not).
    /// @param seconds_left  of the run
    std::optional<GridPoint> next_for(int worker,
                                      double seconds_left = std::numeric_limits<double>::infinity());
    /// Whether next_for() would give a point to anybody.
    [[nodiscard]] bool has_any(double seconds_left) const;
    /// Puts in a point that nobody works on.
    void put(const GridPoint& point);

  private:
    struct Group {
        std::multimap<double, GridPoint, std::greater<>> points;  // by expected seconds
        double seconds = 0;                                       // of all
        int place = 0;                                            // in the order in which they came
    };
    using Groups = std::map<std::string, Group>;

    /// Points that share data, heads, depth and P, hence features and kernels.
    static std::string group_of(const GridPoint& point);
    [[nodiscard]] std::multimap<double, GridPoint, std::greater<>>::const_iterator first_that_fits(
        const Group& group, double seconds_left) const;
    Groups::iterator group_for(int worker, double seconds_left);

    const CostModel& costs_;
    /// Whether it was seen a moment ago that nothing fits, not even into more time than this: looking at all
    /// points again and again, for every idle worker, would keep the master from its work.
    [[nodiscard]] bool is_hopeless(double seconds_left) const;
    void note_hopeless(double seconds_left) const;

    Groups groups_;  // those with points
    int groups_so_far_ = 0;
    std::map<int, std::string> last_group_;  // of each worker
    std::size_t size_ = 0;
    mutable double hopeless_seconds_ = 0;                             // nothing fits into this,
    mutable std::chrono::steady_clock::time_point hopeless_until_{};  // as far as is known until then
};

}  // namespace attnpaths
