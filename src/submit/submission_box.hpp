#pragma once

#include "files/folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths {

/// Points that somebody asked a store for, beside the grid of the sweep that runs on it.
struct Submission {
    std::string id;                  ///< unique; ids sort by the time of submission
    std::string requested_by;        ///< "user@host": the owner of the file, and the host that the file names
    std::string at;                  ///< when, ISO 8601, UTC
    std::string parts;               ///< what is to be computed, as JSON (see sweep/part_encoding)
    std::vector<std::string> keys;   ///< of the points, as the submitter understood the parts
    std::vector<std::string> plans;  ///< what is wanted of points (plan_text)
    std::vector<std::size_t> plan_of;  ///< number of each point's plan; empty: all have the first
};

/// A submission that was set aside, and why.
struct RejectedSubmission {
    std::string id;
    std::string requested_by;
    std::string reason;
};

/// The folder STORE.queue beside a store: one file per submission, which appears as a whole and stays until
/// its points are finished. Anybody who may write the folder can submit, from any machine that sees it; only
/// the holder of the store's lock takes submissions out.
///
/// Those who may write the folder are not trusted: files are opened relative to the folder, links are not
/// followed, pipes not waited for, sizes and depths limited, and texts cleaned before anybody sees them.
class SubmissionBox {
  public:
    /// Limits of one submission.
    static constexpr std::uint64_t most_bytes = std::uint64_t{16} << 20U;
    static constexpr int deepest_nesting = 16;
    static constexpr std::size_t most_points = 1000000;

    explicit SubmissionBox(const std::string& store_path);

    [[nodiscard]] const std::string& folder() const noexcept { return folder_; }

    /// Adds a submission; on disk when this returns. Makes the folder if it is not there, for those who may
    /// write the store's folder.
    /// @returns its id
    /// @throws CreateError if the folder cannot be written, OutputError if writing fails
    [[nodiscard]] std::string put(const std::string& requested_by, const std::string& parts,
                                  const std::vector<std::string>& keys,
                                  const std::vector<std::string>& plans = {},
                                  const std::vector<std::size_t>& plan_of = {}) const;

    /// Names in the folder, sorted: ids of submissions and of those set aside, and names of what is neither.
    struct Listing {
        std::vector<std::string> submissions;
        std::vector<std::string> rejected;
        std::vector<std::string> foreign;
    };
    /// Empty if there is no folder. @throws InputError if it cannot be read
    [[nodiscard]] Listing list() const;

    /// @throws InputError if the file cannot be read, DataError if it is no submission, not a whole one, one
    /// of another version, or beyond the limits
    [[nodiscard]] Submission read(const std::string& id) const;
    /// @throws InputError, DataError
    [[nodiscard]] RejectedSubmission read_rejected(const std::string& id) const;

    /// Seconds since a submission's file was last written: one that somebody copies in by hand may not be
    /// whole yet.
    [[nodiscard]] double age(const std::string& id) const;

    /// Takes a submission out whose points are finished. @throws OutputError
    void remove(const std::string& id) const;
    /// Sets a submission aside as ID.rejected, with the reason inside. @throws CreateError, OutputError
    void reject(const std::string& id, const std::string& reason) const;
    /// Removes the folder if it is empty.
    void remove_if_empty() const noexcept;

  private:
    void make_folder() const;
    /// @throws InputError if there is no folder
    [[nodiscard]] Folder opened() const;

    std::string folder_;
};

}  // namespace attnpaths
