#pragma once

#include "store/store.hpp"
#include "submit/submission_box.hpp"
#include "submit/submission_reader.hpp"
#include "sweep/sweep_parts.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace attnpaths {

/// A submission that was read and can be computed.
struct AcceptedSubmission {
    std::string id;
    std::string requested_by;        ///< "user@host"
    std::vector<EncodedPart> parts;  ///< for workers, with the hashes of their data
    std::vector<GridPoint> points;   ///< all of them, whether somebody asked for them before or not
};

/// The parts of a submission as the sweep reads them: its own memory budget in place of the
/// submitter's, which must not ask for other keys of the run.
/// @throws UsageError, InputError, DataError
std::vector<Configuration> load_submitted_parts(const std::string& encoded_parts,
                                                const Setting& memory_per_rank);

/// The submissions to a store as the sweep that runs on it sees them: looks into the box for new ones, and
/// takes those out whose points are all finished. What cannot be read is set aside with the reason at
/// its first failure; what is no submission is left alone. Nothing in the box ends the sweep or keeps it
/// waiting.
class Submissions {
  public:
    using Say = std::function<void(const std::string& line)>;

    /// @param memory_per_rank  of the sweep (run.memory_per_rank)
    /// @param say              prints a line for whoever runs the sweep
    Submissions(const std::string& store_path, Setting memory_per_rank, Say say);

    /// Whether it is a second since the box was last looked into, or a submission is being read.
    [[nodiscard]] bool is_due() const;
    /// Looks for new submissions, reads them one after the other in a process of their own, and gives those
    /// that have been read since, the oldest first. Does not wait.
    [[nodiscard]] std::vector<AcceptedSubmission> look();
    /// Whether submissions were found that are not read yet.
    [[nodiscard]] bool is_reading() const { return reader_ != nullptr || !unread_.empty(); }
    /// Takes out those whose points are finished, done or failed; what the store knows is synced first.
    void settle(Store& store);
    /// Submissions that came in and have unfinished points.
    [[nodiscard]] std::size_t open() const { return open_.size(); }
    /// The run ends: removes the box if nothing is left in it.
    void close() const noexcept { box_.remove_if_empty(); }

  private:
    struct Open {
        std::string id;
        std::string requested_by;
        struct PointRequest {
            std::string key;
            std::shared_ptr<const Plan> plan;
            bool is_answered = false;  ///< others may change the row after that
        };
        std::vector<PointRequest> requests;
        std::size_t left;  ///< requests that are not answered
    };

    void find();
    void begin_reading(const std::string& id);
    [[nodiscard]] bool may_be_incomplete(const std::string& id) const;
    std::optional<AcceptedSubmission> end_reading();
    /// Sets a submission aside, which then is not looked at again.
    void reject(const std::string& id, const std::string& requested_by, const std::string& reason);
    void finish(const Open& submission, const Store& store);
    /// Says something once.
    void warn(const std::string& line);

    SubmissionBox box_;
    Setting memory_per_rank_;
    Say say_;
    std::vector<Open> open_;
    std::set<std::string> seen_;      // ids found in this run
    std::deque<std::string> unread_;  // of these
    std::unique_ptr<SubmissionReader> reader_;
    std::set<std::string> warnings_;  // said already
    std::chrono::steady_clock::time_point last_look_{};
};

}  // namespace attnpaths
