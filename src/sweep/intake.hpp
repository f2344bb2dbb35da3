#pragma once

#include "store/store.hpp"
#include "sweep/progress.hpp"
#include "sweep/submissions.hpp"

#include <string>
#include <unordered_set>
#include <vector>

namespace attnpaths {

/// Points that come to a run while it goes on.
struct Addition {
    std::string submission;
    std::vector<EncodedPart> parts;  ///< for whoever computes its points
    std::vector<GridPoint> points;   ///< those that are missing in the store and that nobody asked for before
};

/// Where a run gets points from besides its own grid: takes submissions in, extends the store's plan and the
/// progress by what they ask for, and lets go of them when it is computed.
class Intake {
  public:
    /// @param points  of the run's own grid
    /// @param waits   whether the run goes on when nothing is left to compute
    Intake(Store& store, Submissions& submissions, Progress& progress, const std::vector<GridPoint>& points,
           bool waits);

    [[nodiscard]] bool waits() const { return waits_; }
    /// Looks for submissions now.
    void look();
    /// What was found and not given yet. Looks first if it is time to.
    std::vector<Addition> news();
    /// Whether there is something to take up, now or when it has been read.
    [[nodiscard]] bool has_news() const { return !news_.empty() || submissions_.is_reading(); }
    /// The run ends and everything is synced: lets go of what is computed.
    void close();

    /// Keys of all points that the run was asked for, those that the store had included.
    [[nodiscard]] const std::vector<std::string>& wanted() const { return wanted_; }

  private:
    void take(Arrival arrival);
    [[nodiscard]] bool is_new(const std::string& key);

    Store& store_;
    Submissions& submissions_;
    Progress& progress_;
    bool waits_;
    std::vector<std::string> wanted_;
    std::unordered_set<std::string> known_;  // the same
    std::vector<Addition> news_;
};

}  // namespace attnpaths
