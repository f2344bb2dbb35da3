#include "store/log/journal_entry.hpp"

#include "base/byte_stream.hpp"
#include "base/error.hpp"

#include <fmt/format.h>

#include <utility>

namespace attnpaths {

namespace {

/// Adds the fields of an entry to a payload.
struct Encoder {
    ByteWriter& out;
    void operator()(const RecordEntry& entry) const { out.bytes(entry.bytes.data(), entry.bytes.size()); }
    void operator()(const StartedEntry& entry) const { out.text(entry.key); }
    void operator()(const LostAttemptEntry& entry) const {
        out.text(entry.key);
        out.text(entry.message);
    }
    void operator()(const ReleasedEntry& entry) const { out.text(entry.key); }
    void operator()(const PlanEntry& entry) const { out.text(entry.json); }
    void operator()(const CarriedEntry& entry) const {
        out.text(entry.key);
        out.number(entry.attempts);
        out.number(entry.lost_attempts);
        out.number(static_cast<std::uint8_t>(entry.in_flight ? 1 : 0));
        out.number(static_cast<std::uint8_t>(entry.reopened ? 1 : 0));
        out.text(entry.last_loss);
    }
    void operator()(const ReopenedEntry& entry) const {
        out.text(entry.key);
        out.number(static_cast<std::uint8_t>(entry.reopened ? 1 : 0));
    }
    void operator()(const CheckpointEntry& entry) const {
        out.text(entry.key);
        out.bytes(entry.bytes.data(), entry.bytes.size());
    }
};

}  // namespace

std::string encode_payload(const JournalEntry& entry) {
    ByteWriter out;
    out.number(static_cast<std::uint8_t>(entry.index()));
    std::visit(Encoder{out}, entry);
    return out.take();
}

JournalEntry decode_payload(std::string_view payload, const std::string& path, std::uint64_t offset) {
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
            entry = LostAttemptEntry{std::move(key), text()};
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
            carried.lost_attempts = in.number<std::uint32_t>();
            carried.in_flight = in.number<std::uint8_t>() != 0;
            carried.reopened = in.number<std::uint8_t>() != 0;
            carried.last_loss = text();
            entry = std::move(carried);
            break;
        }
        case 6: {
            CheckpointEntry checkpoint;
            checkpoint.key = text();
            checkpoint.bytes.resize(in.left());
            in.bytes(checkpoint.bytes.data(), checkpoint.bytes.size());
            entry = std::move(checkpoint);
            break;
        }
        case 7: {
            std::string key = text();
            entry = ReopenedEntry{std::move(key), in.number<std::uint8_t>() != 0};
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

}  // namespace attnpaths
