#pragma once

#include "store/store.hpp"
#include "store/submission_box.hpp"
#include "sweep/sweep_parts.hpp"

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace attnpaths {

/// A submission that has come in, understood.
struct Arrival {
    std::string id;
    std::string asked_by;            ///< "user@host"
    std::vector<EncodedPart> parts;  ///< for workers, with the hashes of their data
    std::vector<GridPoint> points;   ///< all of them, whether somebody asked for them before or not
};

/// The parts of a submission as the sweep understands them: its own memory budget in place of the
/// submitter's, which must not ask for other keys of the run.
/// @throws UsageError, InputError, DataError
std::vector<Configuration> load_submitted_parts(const std::string& encoded_parts,
                                                const Setting& memory_per_rank);

/// The submissions to a store as the sweep that runs on it sees them: looks into the box for new ones, and
/// takes those out whose points are all finished. What cannot be understood is set aside with the reason;
/// what is no submission is left alone. Neither ends the sweep.
class Submissions {
  public:
    using Say = std::function<void(const std::string& line)>;

    /// @param memory_per_rank  of the sweep (run.memory_per_rank)
    /// @param say              prints a line for whoever runs the sweep
    Submissions(const std::string& store_path, Setting memory_per_rank, Say say);

    /// Whether it is a second since the last look.
    [[nodiscard]] bool is_due() const;
    /// The submissions that came since the last look, the oldest first. Reads their data.
    [[nodiscard]] std::vector<Arrival> look();
    /// Takes out those whose points are finished, done or failed; what the store knows is synced first.
    void settle(Store& store);
    /// Submissions that came in and have unfinished points.
    [[nodiscard]] std::size_t open() const { return open_.size(); }
    /// The run ends: removes the box if nothing is left in it.
    void close() const noexcept { box_.remove_if_empty(); }

  private:
    struct Open {
        std::string id;
        std::string asked_by;
        std::vector<std::string> keys;
        std::size_t left;  ///< of the keys, from the first; those behind are finished
    };

    void take(const std::string& id, std::vector<Arrival>& arrivals);
    void reject(const Submission& submission, const std::string& reason);
    void finish(const Open& submission, const Store& store);
    /// Says something once.
    void warn(const std::string& line);

    SubmissionBox box_;
    Setting memory_per_rank_;
    Say say_;
    std::vector<Open> open_;
    std::set<std::string> seen_;      // ids taken in this run, or set aside
    std::set<std::string> warnings_;  // said already
    std::chrono::steady_clock::time_point last_look_{};
};

}  // namespace attnpaths
