#pragma once

#include "farm/progress.hpp"
#include "store/store.hpp"
#include "submit/submissions.hpp"

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

namespace attnpaths {

/// Points that come to a run while it goes on.
struct SubmittedPoints {
    std::string submission;
    std::vector<EncodedPart> parts;  ///< for whoever computes its points
    std::vector<GridPoint> points;   ///< those of which the store lacks something that nobody works on
};

/// Where a run gets points from besides its own grid: takes submissions in, extends the store's plan and the
/// progress by what they ask for, and lets go of them when it is computed.
class SubmissionFeed {
  public:
    /// @param points  of the run's own grid
    /// @param waits   whether the run goes on when nothing is left to compute
    SubmissionFeed(Store& store, Submissions& submissions, Progress& progress,
                   const std::vector<GridPoint>& points, bool waits);

    [[nodiscard]] bool waits() const { return waits_; }
    /// Looks for submissions now.
    void look();
    /// What was found and not given yet. Looks first if it is time to.
    std::vector<SubmittedPoints> new_points();
    /// Whether there is something to take up, now or when it has been read.
    [[nodiscard]] bool has_new_points() const { return !new_points_.empty() || submissions_.is_reading(); }
    /// The run ends and everything is synced: lets go of what is computed.
    void close();

    /// Keys of all points that the run was asked for, those that the store had included.
    [[nodiscard]] const std::vector<std::string>& wanted() const { return wanted_; }

  private:
    /// Of a submission: points that wait until what others asked of them is done.
    struct Deferred {
        std::vector<EncodedPart> parts;
        std::vector<GridPoint> points;
    };

    void take(AcceptedSubmission accepted);
    void take_deferred();
    [[nodiscard]] bool is_new(const std::string& key);
    /// Hands on what the store lacks of these. @returns how many points that are
    std::size_t add(const std::string& submission, const std::vector<EncodedPart>& parts,
                    const std::vector<GridPoint>& points);

    Store& store_;
    Submissions& submissions_;
    Progress& progress_;
    bool waits_;
    std::vector<std::string> wanted_;
    std::unordered_set<std::string> known_;     // the same
    std::map<std::string, Deferred> deferred_;  // by submission
    std::vector<SubmittedPoints> new_points_;
};

}  // namespace attnpaths
