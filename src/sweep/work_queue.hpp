#pragma once

#include "sweep/grid_point.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace attnpaths {

/// The points that nobody works on yet, handed out so that a worker stays with the data and kernels it has:
/// first from the group of its last point, then from a group nobody else works on, then from the group with
/// most points left. Which worker gets which point affects the time only, never a result.
class WorkQueue {
  public:
    explicit WorkQueue(const std::vector<GridPoint>& points);

    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] std::size_t size() const { return size_; }

    /// The next point for a worker; the queue must not be empty.
    GridPoint next_for(int worker);
    /// Puts back a point that was handed out and not worked on.
    void put_back(const GridPoint& point);

  private:
    /// Points that share data, heads, depth and P, hence features and kernels.
    static std::string group_of(const GridPoint& point);

    std::map<std::string, std::deque<GridPoint>> groups_;
    std::vector<std::string> order_;  // of groups, as in the grid
    std::map<int, std::string> last_group_;
    std::size_t size_ = 0;
};

}  // namespace attnpaths
