#include "store/journal.hpp"

#include "base/byte_stream.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace attnpaths {

namespace {

constexpr std::string_view magic = "attnpaths-journal\n";
constexpr std::uint32_t journal_version = 1;
constexpr std::uint64_t header_bytes = magic.size() + sizeof journal_version;

constexpr std::string_view mark = "\xA7JRN";
constexpr std::uint64_t prefix_bytes = mark.size() + sizeof(std::uint32_t) + sizeof(std::uint64_t);

std::string header() {
    ByteWriter out;
    out.bytes(magic.data(), magic.size());
    out.number(journal_version);
    return out.take();
}

/// Adds the fields of an entry to a payload.
struct Encoder {
    ByteWriter& out;
    void operator()(const RecordEntry& entry) const { out.bytes(entry.bytes.data(), entry.bytes.size()); }
    void operator()(const StartedEntry& entry) const { out.text(entry.key); }
    void operator()(const StrikeEntry& entry) const {
        out.text(entry.key);
        out.text(entry.message);
    }
    void operator()(const ReleasedEntry& entry) const { out.text(entry.key); }
    void operator()(const PlanEntry& entry) const { out.text(entry.json); }
    void operator()(const CarriedEntry& entry) const {
        out.text(entry.key);
        out.number(entry.attempts);
        out.number(entry.strikes);
        out.number(static_cast<std::uint8_t>(entry.in_flight ? 1 : 0));
        out.text(entry.last_strike);
    }
};

JournalEntry decode_entry(std::string_view payload, const std::string& path, std::uint64_t offset) {
    ByteReader in(payload);
    const auto text = [&] { return std::string(in.text()); };
    JournalEntry entry;
    switch (in.number<std::uint8_t>()) {
        case 0:
            return RecordEntry{std::string(payload.substr(1))};
        case 1:
            entry = StartedEntry{text()};
            break;
        case 2: {
            std::string key = text();
            entry = StrikeEntry{std::move(key), text()};
            break;
        }
        case 3:
            entry = ReleasedEntry{text()};
            break;
        case 4:
            entry = PlanEntry{text()};
            break;
        case 5: {
            CarriedEntry carried;
            carried.key = text();
            carried.attempts = in.number<std::uint32_t>();
            carried.strikes = in.number<std::uint32_t>();
            carried.in_flight = in.number<std::uint8_t>() != 0;
            carried.last_strike = text();
            entry = std::move(carried);
            break;
        }
        default:
            in.fail();
    }
    if (in.failed() || in.left() > 0)
        throw DataError(fmt::format(
            "{}: the entry at byte {} is of a kind that this version of the program does not know", path,
            offset));
    return entry;
}

}  // namespace

JournalReader::JournalReader(const std::string& path) : file_(PosixFile::open(path)), size_(file_.size()) {
    const std::string expected = header();
    std::string found(std::min(size_, header_bytes), '\0');
    file_.read_at(0, found.data(), found.size());
    const std::size_t compared = std::min(found.size(), magic.size());
    if (found.compare(0, compared, magic, 0, compared) != 0)
        throw DataError(fmt::format(
            "{}: is not a journal of this program, or its beginning is damaged; remove it to go on "
            "with the points that the store file holds",
            path));
    if (found.size() < header_bytes) return;  // torn while it was made: no entries
    std::uint32_t version = 0;
    std::memcpy(&version, found.data() + magic.size(), sizeof version);
    if (version != journal_version)
        throw DataError(fmt::format(
            "{}: is a journal of version {}, but this program reads version {}; finish the sweep with "
            "the program that began it",
            path, version, journal_version));
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

bool JournalReader::next(JournalEntry& entry) {
    if (valid_bytes_ < header_bytes) return false;
    std::string payload;
    std::uint64_t offset = valid_bytes_;
    if (!load(offset, payload)) {
        ++offset;
        if (!search(offset, payload)) return false;
        damaged_bytes_ += offset - valid_bytes_;
    }
    entry_offset_ = offset;
    valid_bytes_ = offset + prefix_bytes + payload.size();
    entry = decode_entry(payload, file_.path(), offset);
    return true;
}

JournalEntry JournalReader::read_at(std::uint64_t offset) const {
    std::string payload;
    if (!load(offset, payload))
        throw DataError(fmt::format("{}: the entry at byte {} is damaged", file_.path(), offset));
    return decode_entry(payload, file_.path(), offset);
}

JournalWriter JournalWriter::create(const std::string& path) {
    PosixFile file = PosixFile::create(path);
    file.write_at(0, header());
    file.sync();
    return {std::move(file), header_bytes};
}

JournalWriter JournalWriter::append_to(const std::string& path, std::uint64_t valid_bytes) {
    PosixFile file = PosixFile::open_for_writing(path);
    file.truncate(valid_bytes);
    if (valid_bytes < header_bytes) {
        file.write_at(0, header());
        valid_bytes = header_bytes;
    }
    file.sync();
    return {std::move(file), valid_bytes};
}

void JournalWriter::append(const JournalEntry& entry) {
    ByteWriter body;
    body.number(static_cast<std::uint8_t>(entry.index()));
    std::visit(Encoder{body}, entry);
    const std::string payload = body.take();
    if (payload.size() > std::numeric_limits<std::uint32_t>::max())
        throw OutputError(fmt::format("{}: an entry of {} bytes is too large; ask for fewer predictions",
                                      file_.path(), payload.size()));
    ByteWriter out;
    out.bytes(mark.data(), mark.size());
    out.number(static_cast<std::uint32_t>(payload.size()));
    out.number(checksum(payload.data(), payload.size()));
    out.bytes(payload.data(), payload.size());
    const std::string bytes = out.take();
    try {
        file_.write_at(size_, bytes);
    } catch (const OutputError&) {
        file_.truncate(size_);
        throw;
    }
    size_ += bytes.size();
}

void JournalWriter::sync() {
    file_.sync();
}

void JournalWriter::replace(const std::string& path) {
    file_.sync();
    file_.rename(path);
}

}  // namespace attnpaths
