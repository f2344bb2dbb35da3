#pragma once

#include "store/log/lock_owner.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace attnpaths {

/// The right to write a store, or another file that a run holds for long, from construction to destruction:
/// the file STORE.lock, which names this process. It relies on nothing but atomic creation and renaming of
/// files, which network file systems keep too.
class StoreLock {
  public:
    /// A lock whose owner ended without removing it is taken over; note() then says so.
    /// @throws UsageError if another process holds the lock or may hold it (on another machine), naming it
    /// and saying what
    ///         to do; CreateError if the folder is missing or cannot be written
    /// @param store_path  the file, links followed (followed_path)
    /// @param holder      what messages call whoever holds such a lock
    explicit StoreLock(const std::string& store_path, std::string_view holder = "sweep");

    StoreLock(StoreLock&& other) noexcept
        : path_(std::exchange(other.path_, "")),
          text_(std::move(other.text_)),
          note_(std::move(other.note_)) {}
    StoreLock& operator=(StoreLock&&) = delete;
    StoreLock(const StoreLock&) = delete;
    StoreLock& operator=(const StoreLock&) = delete;
    ~StoreLock();

    /// Checks that the lock is still there and still ours. @throws OutputError, naming who has it now
    void check_held() const;
    /// What was found stale and taken over, "" if nothing.
    [[nodiscard]] const std::string& note() const noexcept { return note_; }

  private:
    std::string path_;
    std::string text_;
    std::string note_;
};

/// The process that a store's lock file names, or nothing if there is no lock.
std::optional<LockOwner> lock_owner(const std::string& store_path);

}  // namespace attnpaths
