#pragma once

#include "files/posix_file.hpp"
#include "store/log/journal_entry.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths {

/// Reads a journal entry by entry. A journal is a header (magic text, version) and entries: mark, length,
/// XXH3 of the payload, payload. An entry counts if it is whole. The beginning of one at the end is torn, as
/// a crash leaves it: no error, since an entry counts only when it was synced. Any other bytes are damaged
/// and skipped up to the next whole entry. Both are counted.
class JournalReader {
  public:
    /// @throws InputError if the file cannot be read, DataError if it is no journal or one of another version
    explicit JournalReader(const std::string& path);

    /// @returns false at the end. @throws DataError if a whole entry has content that this version does not
    /// know
    bool next(JournalEntry& entry);
    /// Reads the entry at an offset that entry_offset() gave earlier.
    [[nodiscard]] JournalEntry read_at(std::uint64_t offset) const;

    /// Which file it is, and the length that is read.
    [[nodiscard]] FileState state() const;
    /// Where the latest entry begins.
    [[nodiscard]] std::uint64_t entry_offset() const noexcept { return entry_offset_; }
    /// Where the latest entry ends: after the last one, the length of the journal that counts.
    [[nodiscard]] std::uint64_t valid_bytes() const noexcept { return valid_bytes_; }
    /// Bytes of an entry that was begun at the end; known at the end.
    [[nodiscard]] std::uint64_t torn_bytes() const noexcept { return torn_bytes_; }
    /// Bytes that are no part of whole entries and not torn; known at the end.
    [[nodiscard]] std::uint64_t damaged_bytes() const noexcept { return damaged_between_ + damaged_tail_; }

  private:
    bool load(std::uint64_t offset, std::string& payload) const;
    bool search(std::uint64_t& offset, std::string& payload) const;
    [[nodiscard]] bool is_torn(std::uint64_t offset) const;
    [[nodiscard]] bool is_zero(std::uint64_t offset) const;

    PosixFile file_;
    std::uint64_t size_ = 0;
    std::uint64_t entry_offset_ = 0;
    std::uint64_t valid_bytes_ = 0;
    std::uint64_t damaged_between_ = 0;
    std::uint64_t damaged_tail_ = 0;
    std::uint64_t torn_bytes_ = 0;
};

/// Appends to a journal. Entries are written by one call each, so that a crash tears at most the last one.
class JournalWriter {
  public:
    /// Puts a new journal that begins with these entries in the place of `path`, as a whole; on disk when
    /// this returns. @throws CreateError or OutputError; what was there is then as before
    static JournalWriter create(const std::string& path, const std::vector<JournalEntry>& entries = {});
    /// Goes on after the first `valid_bytes` bytes of a journal; cuts off what follows them.
    static JournalWriter append_to(const std::string& path, std::uint64_t valid_bytes);

    /// @throws OutputError; the journal then still ends with the last whole entry
    void append(const JournalEntry& entry);
    /// Returns when all entries are on disk. @throws OutputError
    void sync();
    /// Checks that the name still means the file that is written here, and that nobody else changed its
    /// length. @throws OutputError
    void check_in_place() const;
    /// Which file it is, and its length. @throws OutputError
    [[nodiscard]] FileState state() const { return file_.state(); }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  private:
    JournalWriter(PosixFile file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

    PosixFile file_;
    std::uint64_t size_ = 0;
};

}  // namespace attnpaths
