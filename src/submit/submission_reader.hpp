#pragma once

#include "base/settings.hpp"
#include "files/descriptor.hpp"
#include "point/grid_point.hpp"
#include "submit/submission_box.hpp"
#include "sweep/part_encoding.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace attnpaths {

/// What a submission asks for.
struct SubmittedWork {
    std::vector<EncodedPart> parts;  ///< with the hashes of their data
    std::vector<GridPoint> points;
};

/// Reads a submission and its data in a process of its own, which may take only so much time and memory: what
/// somebody submits can neither end the sweep nor keep it from answering signals, whatever it does to the
/// libraries that read it.
class SubmissionReader {
  public:
    /// Most time that reading may take.
    static constexpr std::chrono::minutes time_limit{10};

    /// Begins to read. @throws Error if the system gives no process
    SubmissionReader(Submission submission, const Setting& memory_per_rank);
    SubmissionReader(const SubmissionReader&) = delete;
    SubmissionReader& operator=(const SubmissionReader&) = delete;
    /// Ends the reading.
    ~SubmissionReader();

    [[nodiscard]] const Submission& submission() const { return submission_; }
    /// Takes what has come, without waiting. @returns whether the reading has ended, well or not
    bool poll();
    /// After the end. @throws DataError with the reason if the submission cannot be taken
    SubmittedWork result();

  private:
    void end(std::string failure);

    Submission submission_;
    pid_t process_ = -1;
    Descriptor pipe_;
    std::string bytes_;
    std::optional<std::string> failure_;
    bool has_ended_ = false;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace attnpaths
