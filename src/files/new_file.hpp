#pragma once

#include "files/posix_file.hpp"

#include <string>

namespace attnpaths {

/// A file being made that will replace another one as a whole: readers see the old file or the new one, never
/// a part. Its temporary lies beside the target, under a name that nobody else uses or can guess
/// (TARGET.tmp.HOST.PID.RANDOM, made exclusively, links not followed), and goes with this object unless it
/// was committed. A target that is a symbolic link stays one: what it points to is replaced.
class NewFile {
  public:
    /// What becomes of a target that is a symbolic link: the file that it points to is replaced, or the link
    /// itself, for files that others could have put there.
    enum class Links { followed, replaced };

    /// @throws CreateError if the target is a folder, or its folder is missing or cannot be written
    explicit NewFile(const std::string& target, Links links = Links::followed);
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile();

    /// The file to write into.
    [[nodiscard]] PosixFile& file() noexcept { return file_; }
    /// Where it lies until it is committed, for libraries that open files by name.
    [[nodiscard]] const std::string& temporary() const noexcept { return file_.path(); }
    /// What it will replace, links followed.
    [[nodiscard]] const std::string& target() const noexcept { return target_; }

    /// Syncs the file, renames it over the target and syncs the folder. @throws OutputError
    void commit();
    /// The same, and hands the open file over. @throws OutputError
    PosixFile commit_and_release();

  private:
    std::string target_;
    PosixFile file_;
    bool is_committed_ = false;
};

/// Removes what processes of this machine left of a target when they died while they made it.
void remove_abandoned_files(const std::string& target) noexcept;

}  // namespace attnpaths
