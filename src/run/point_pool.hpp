#pragma once

#include "point/point_task.hpp"
#include "run/protocol.hpp"
#include "run/work_queue.hpp"
#include "store/store.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace attnpaths {

/// The master's work: whole points that wait, parts of points that were spread over several workers, and how
/// far every unfinished point has come. Keeps the store's notes of points in work.
class PointPool {
  public:
    /// @param points  still to be computed; those the store has checkpoints of go on from there
    /// @param say     told in one line of a checkpoint that cannot be used: its point begins again
    PointPool(Store& store, const std::vector<GridPoint>& points, const CostModel& costs,
              std::function<void(const std::string&)> say = note_on_standard_error);

    /// Adds points that are still to be computed.
    void add(const std::vector<GridPoint>& points);

    /// Whole points that wait.
    [[nodiscard]] std::size_t waiting() const { return queue_.size() + suspects_.size(); }
    /// Whether nothing is left, neither waiting nor, in parts, in anybody's hands.
    [[nodiscard]] bool is_empty() const { return waiting() == 0 && spread_points_.empty(); }
    /// Whether next_for() would give something.
    [[nodiscard]] bool has_task(double seconds_left) const;
    /// The next task for a worker, parts of spread points first, of pieces that it had before if there are,
    /// and points that lost attempts last, lest they keep the others from being done; nothing if none can be
    /// expected to be safe in the time left.
    std::optional<PointTask> next_for(int worker, double seconds_left);
    /// Whether parts of a point are, or have been, tasks of their own.
    [[nodiscard]] bool is_spread(const std::string& key) const { return spread_points_.contains(key); }

    /// A worker begins with a point: noted in the store once in a run.
    void begin(const std::string& key);
    /// A point has come so far: noted here and in the store.
    void note(const GridPoint& point, Checkpoint checkpoint);
    /// A point is done or failed.
    void finish(const std::string& key);
    /// A point was not finished and waits again.
    void give_up(const GridPoint& point);
    /// An attempt at a point is lost. It is in nobody's hands any more; wait_again() or finish() follows
    /// if the run goes on.
    void lose_attempt(const std::string& key, const std::string& message);
    /// A point that lost an attempt waits again.
    void wait_again(const GridPoint& point);
    /// The run ends: notes in the store that no point is in work any more.
    void release_all();
    /// Makes tasks of a point's chains and strands that are not at their goal, as many as there are workers:
    /// those that one of them has together share what they need.
    void spread(const GridPoint& point, std::size_t workers);
    /// The result of such a task. With the last of a round the point goes to one worker, who looks at the
    /// diagnostics and concludes, or hands it back with a higher goal.
    /// @param is_stopping  then nothing is handed out any more
    void take_part(const PointTask& task, PointResult result, bool is_stopping);

  private:
    /// A task of a point, with what the store has of the analyses that its plan needs.
    [[nodiscard]] PointTask task_of(const GridPoint& point, Checkpoint checkpoint,
                                    std::optional<PointPart> part, bool is_spread);
    /// A point of which parts are tasks of their own.
    struct SpreadPoint {
        GridPoint point;
        int tasks_at_work = 0;             // in this round
        bool is_beyond_spreading = false;  // to be done by one worker from now on
        std::map<int, int> workers = {};   // who had a piece last, and may have kept what it needs
    };
    /// The first task of a spread point whose pieces this worker had, else the first of all.
    PointTask next_spread_task(int worker);

    [[nodiscard]] Checkpoint stored_checkpoint(const std::string& key) const;

    Store& store_;
    std::function<void(const std::string&)> say_;
    WorkQueue queue_;
    WorkQueue suspects_;  // points that lost attempts
    std::deque<PointTask> spread_tasks_;
    std::map<std::string, SpreadPoint> spread_points_;  // by key
    std::map<std::string, Checkpoint> checkpoints_;     // of unfinished points, by key
    std::set<std::string> begun_;                       // keys of points in work
};

}  // namespace attnpaths
