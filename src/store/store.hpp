#pragma once

#include "base/record.hpp"
#include "store/log/point_state.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// What a run of a sweep says of itself when it opens its store.
struct SweepPlan {
    std::vector<std::string> keys;  ///< of every point wanted, finished or not
    std::string configuration;      ///< the whole configuration as text
    std::string program_version;
    std::string git_hash;
    int ranks = 1;  ///< processes of the run; a run of one rank that dies leaves one suspect
};

/// How a run that ended in order used its time, in seconds.
struct RunTimes {
    int workers = 1;
    double seconds = 0;       ///< from its first to its last moment
    double busy_seconds = 0;  ///< of all workers, at work
    double idle_at_end = 0;   ///< of all workers, after their last points
};

/// A store opened by the one process that writes it: STORE (HDF5, replaced as a whole), STORE.journal
/// (appended) and STORE.lock. A finished point counts as soon as sync() returned after finish(): no crash
/// loses it.
class Store {
  public:
    /// Takes the lock, checks the store file's checksum, replays the journal, settles the points that an
    /// earlier run left in flight when it ended abruptly (a run of one rank has lost an attempt at its
    /// point), and notes the plan. Makes a new store if there is none.
    /// @throws UsageError if another sweep uses the store, DataError if the store or its journal is damaged
    /// or of another
    ///         version, CreateError or OutputError if the folder cannot be written
    static Store open(const std::string& path, const SweepPlan& plan);

    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;
    /// Releases the lock. Neither syncs nor compacts; points in flight count as left by an abrupt end.
    ~Store();

    [[nodiscard]] const std::string& path() const noexcept;
    /// State of a point, or nullptr if it was never started. The pointer holds until the next call that
    /// changes the store.
    [[nodiscard]] const PointState* find(std::string_view key) const;

    /// Notes that a run wants more points than it planned; counts those that nobody planned before.
    /// @param theory, sampling  what is missing of them costs, as in note_costs()
    /// @throws OutputError
    void extend(const std::vector<std::string>& keys, double theory, double sampling);

    /// Points wanted: those of the plan and those of earlier plans that the store holds.
    [[nodiscard]] std::int64_t planned() const noexcept;
    [[nodiscard]] std::int64_t done() const noexcept;
    [[nodiscard]] std::int64_t failed() const noexcept;

    /// Notes that a point is being computed now. Not synced: without the note a crash may not count as a lost
    /// attempt. A run of one rank computes its points in the order of these calls.
    /// @throws OutputError
    void start(std::string_view key);

    /// Notes that more is wanted of finished points than their rows have: they are unfinished until finish().
    /// Opening the store forgets it.
    /// @throws OutputError
    void reopen(const std::vector<std::string>& keys);

    /// The row of a finished point. @throws DataError if it has none, or if it cannot be read
    [[nodiscard]] Record row(const std::string& key);

    /// Takes the result of a point, done or failed (point/status), and enters the analyses that it answers
    /// into the point's row (store/joined_row); sets point/attempts and point/checksum itself. Texts longer
    /// than their column are cut. A failed result of a point of which all that is wanted is done changes
    /// nothing.
    /// @throws DataError if the record has no key or status, or a column that the schema does not know or of
    /// another type;
    ///         OutputError if it cannot be written (the journal then ends with the last whole entry)
    void finish(const Record& record);

    /// Notes that the process that computed this point died.
    void lose_attempt(std::string_view key, const std::string& message);

    /// Notes how far the work on a point has come, in place of what was noted before; forgotten when the
    /// point is finished. @throws OutputError
    void checkpoint(std::string_view key, std::string bytes);

    /// Notes that a run begins to compute, and what all points planned cost by a count of operations: chains
    /// aside, and the chains; seconds.
    void note_costs(double theory, double sampling);
    /// The numerics that results came from, a fingerprint each, the oldest first.
    [[nodiscard]] std::vector<std::string> numerics() const;
    /// Notes that results come from these numerics too.
    void note_numerics(const std::string& fingerprint);
    /// Notes that the run has ended, and how.
    void note_end(const RunTimes& times);

    /// Notes that the run ends in order before this point finished.
    void release(std::string_view key);

    /// Returns when everything so far is on disk. @throws OutputError, also if lock, journal or store file
    /// are not what this process left there
    void sync();

    /// Compacts if the journal holds results, or many bytes of outdated checkpoints, and the time since the
    /// last compaction is at least 30 times what that took and at least two seconds, so that compaction costs
    /// a few per cent at most.
    /// @returns whether it did
    bool compact_if_due();

    /// Writes store and journal into a new store file, which replaces STORE at once, and starts the journal
    /// anew. A store file that says all already is left alone. What is copied is compared with what this
    /// process knows of it: length, identity, checksum and number of points.
    /// @throws OutputError if that fails, or if anything is missing, damaged or no longer ours; store and
    /// journal are then as before
    void compact();

    /// What the user should know of the opening: a torn journal tail, a stale lock, an abrupt end of the last
    /// run.
    [[nodiscard]] const std::vector<std::string>& warnings() const noexcept;

  private:
    struct Impl;
    explicit Store(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace attnpaths
