#include "store/log/journal.hpp"

#include "base/byte_stream.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "files/new_file.hpp"
#include "store/file/format_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace attnpaths {

namespace {

constexpr std::string_view journal_magic = "attnpaths-journal\n";
constexpr std::uint64_t header_bytes = journal_magic.size() + sizeof(std::uint32_t);

constexpr std::string_view mark = "\xA7JRN";
constexpr std::uint64_t prefix_bytes = mark.size() + sizeof(std::uint32_t) + sizeof(std::uint64_t);

std::string header() {
    ByteWriter out;
    out.bytes(journal_magic.data(), journal_magic.size());
    out.number(std::uint32_t{journal_format_version});
    return out.take();
}

/// An entry as it lies in the file.
std::string encode(const JournalEntry& entry, const std::string& path) {
    const std::string payload = encode_payload(entry);
    if (payload.size() > std::numeric_limits<std::uint32_t>::max())
        throw OutputError(
            fmt::format("{}: an entry of {} bytes is too large; ask for fewer predictions or draws", path,
                        payload.size()));
    ByteWriter out;
    out.bytes(mark.data(), mark.size());
    out.number(static_cast<std::uint32_t>(payload.size()));
    out.number(checksum(payload.data(), payload.size()));
    out.bytes(payload.data(), payload.size());
    return out.take();
}

/// @returns the size of the file after that
std::uint64_t append_bytes(PosixFile& file, std::uint64_t size, const std::string& bytes) {
    file.write_at(size, bytes);
    return size + bytes.size();
}

}  // namespace

JournalReader::JournalReader(const std::string& path) : file_(PosixFile::open(path)), size_(file_.size()) {
    const std::string expected = header();
    std::string found(std::min(size_, header_bytes), '\0');
    file_.read_at(0, found.data(), found.size());
    const std::size_t compared = std::min(found.size(), journal_magic.size());
    if (found.compare(0, compared, journal_magic, 0, compared) != 0)
        throw DataError(fmt::format(
            "{}: is not a journal of this program, or its beginning is damaged; remove it to go on "
            "with the points that the store file holds",
            path));
    if (found.size() < header_bytes) {  // torn while it was made: no entries
        torn_bytes_ = size_;
        return;
    }
    std::uint32_t version = 0;
    std::memcpy(&version, found.data() + journal_magic.size(), sizeof version);
    check_format_version(path, "journal", version, journal_format_version);
    valid_bytes_ = header_bytes;
}

bool JournalReader::load(std::uint64_t offset, std::string& payload) const {
    std::string prefix(prefix_bytes, '\0');
    if (offset + prefix_bytes > size_ || file_.read_at(offset, prefix.data(), prefix.size()) != prefix.size())
        return false;
    if (!prefix.starts_with(mark)) return false;
    ByteReader in(std::string_view(prefix).substr(mark.size()));
    const auto length = in.number<std::uint32_t>();
    const auto expected = in.number<std::uint64_t>();
    // Against the file's size before anything is allocated: a damaged length must not ask for all memory.
    if (length == 0 || length > size_ - offset - prefix_bytes) return false;
    payload.resize(length);
    return file_.read_at(offset + prefix_bytes, payload.data(), length) == length &&
           checksum(payload.data(), payload.size()) == expected;
}

bool JournalReader::search(std::uint64_t& offset, std::string& payload) const {
    std::string block(std::size_t{1} << 16U, '\0');
    for (std::uint64_t begin = offset; begin + prefix_bytes < size_;) {
        const std::size_t got = file_.read_at(begin, block.data(), block.size());
        const std::string_view bytes(block.data(), got);
        for (std::size_t at = bytes.find(mark); at != std::string_view::npos; at = bytes.find(mark, at + 1)) {
            if (!load(begin + at, payload)) continue;
            offset = begin + at;
            return true;
        }
        if (got < block.size()) break;
        begin += got - mark.size() + 1;  // a mark may lie across two blocks
    }
    return false;
}

/// Whether the rest of the file, which has no whole entry, is what a writer leaves that was cut off: the
/// beginning of an entry, or zeros where the file grew before its content reached the disk.
bool JournalReader::is_torn(std::uint64_t offset) const {
    const std::uint64_t rest = size_ - offset;
    std::string prefix(std::min<std::uint64_t>(rest, prefix_bytes), '\0');
    file_.read_at(offset, prefix.data(), prefix.size());
    if (prefix.substr(0, mark.size()) != mark.substr(0, prefix.size())) return is_zero(offset);
    if (rest <= prefix_bytes) return true;
    ByteReader in(std::string_view(prefix).substr(mark.size()));
    const auto length = in.number<std::uint32_t>();
    const auto expected = in.number<std::uint64_t>();
    if (length <= rest - prefix_bytes) return false;
    // An entry that claims to be longer than the file, and yet is whole, has a damaged length.
    std::string payload(rest - prefix_bytes, '\0');
    payload.resize(file_.read_at(offset + prefix_bytes, payload.data(), payload.size()));
    return checksum(payload.data(), payload.size()) != expected;
}

bool JournalReader::is_zero(std::uint64_t offset) const {
    std::string block(std::size_t{1} << 16U, '\0');
    while (const std::size_t got = file_.read_at(offset, block.data(), block.size())) {
        if (block.find_first_not_of('\0') < got) return false;
        offset += got;
    }
    return true;
}

FileState JournalReader::state() const {
    FileState state = file_.state();
    state.size = size_;
    return state;
}

bool JournalReader::next(JournalEntry& entry) {
    if (valid_bytes_ < header_bytes) return false;
    std::string payload;
    std::uint64_t offset = valid_bytes_;
    if (!load(offset, payload)) {
        ++offset;
        if (!search(offset, payload)) {
            torn_bytes_ = 0;
            const std::uint64_t rest = size_ - valid_bytes_;
            if (rest > 0) (is_torn(valid_bytes_) ? torn_bytes_ : damaged_tail_) = rest;
            return false;
        }
        damaged_between_ += offset - valid_bytes_;
    }
    entry_offset_ = offset;
    valid_bytes_ = offset + prefix_bytes + payload.size();
    entry = decode_payload(payload, file_.path(), offset);
    return true;
}

JournalEntry JournalReader::read_at(std::uint64_t offset) const {
    std::string payload;
    if (!load(offset, payload))
        throw DataError(fmt::format("{}: the entry at byte {} is damaged", file_.path(), offset));
    return decode_payload(payload, file_.path(), offset);
}

JournalWriter JournalWriter::create(const std::string& path, const std::vector<JournalEntry>& entries) {
    // Others may have put a link there; journals of this program are none.
    NewFile next(path, NewFile::Links::replaced);
    std::uint64_t size = append_bytes(next.file(), 0, header());
    for (const JournalEntry& entry : entries) size = append_bytes(next.file(), size, encode(entry, path));
    return {next.commit_and_release(), size};
}

JournalWriter JournalWriter::append_to(const std::string& path, std::uint64_t valid_bytes) {
    PosixFile file = PosixFile::open_for_writing(path);
    if (file_state(path) != file.state())
        throw DataError(path + ": is a link to a file elsewhere, or is being replaced; remove it to go on");
    file.truncate(valid_bytes);
    if (valid_bytes < header_bytes) {
        file.write_at(0, header());
        valid_bytes = header_bytes;
    }
    file.sync();
    return {std::move(file), valid_bytes};
}

void JournalWriter::append(const JournalEntry& entry) {
    const std::string bytes = encode(entry, file_.path());
    try {
        size_ = append_bytes(file_, size_, bytes);
    } catch (const OutputError&) {
        file_.truncate(size_);
        throw;
    }
}

void JournalWriter::sync() {
    file_.sync();
}

void JournalWriter::check_in_place() const {
    const FileState ours = file_.state();
    if (file_state(file_.path()) != ours)
        throw OutputError(fmt::format(
            "{}: was removed or replaced while this sweep wrote it; stopped, and the same command "
            "goes on with what is there",
            file_.path()));
    if (ours.size != size_)
        throw OutputError(fmt::format(
            "{}: has {} bytes, but this sweep wrote {}: somebody else changed it; stopped, and the "
            "same command goes on with what is there",
            file_.path(), ours.size, size_));
}

}  // namespace attnpaths
