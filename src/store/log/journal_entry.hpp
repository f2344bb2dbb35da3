#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace attnpaths {

/// A finished point, as encode_record gives it.
struct RecordEntry {
    std::string bytes;
};
/// A point is being computed.
struct StartedEntry {
    std::string key;
};
/// The process that computed this point died.
struct LostAttemptEntry {
    std::string key;
    std::string message;
};
/// The run ended in order before the point finished.
struct ReleasedEntry {
    std::string key;
};
/// What a run wants: a JSON object.
struct PlanEntry {
    std::string json;
};
/// State of a point that an earlier journal held before it was compacted.
struct CarriedEntry {
    std::string key;
    std::uint32_t attempts = 0;
    std::uint32_t lost_attempts = 0;
    bool in_flight = false;
    bool reopened = false;
    std::string last_loss;
};
/// How far the work on a point has come, for a later run to go on from; a later one replaces it.
struct CheckpointEntry {
    std::string key;
    std::string bytes;
};
/// More is wanted of a finished point than its row has (`reopened`), or no more than that.
struct ReopenedEntry {
    std::string key;
    bool reopened = true;
};
using JournalEntry = std::variant<RecordEntry, StartedEntry, LostAttemptEntry, ReleasedEntry, PlanEntry,
                                  CarriedEntry, CheckpointEntry, ReopenedEntry>;

/// An entry's number and fields as bytes.
std::string encode_payload(const JournalEntry& entry);

/// Inverse of encode_payload.
/// @throws DataError naming `path` and the byte where the entry lies if this version does not know its kind
JournalEntry decode_payload(std::string_view payload, const std::string& path, std::uint64_t offset);

}  // namespace attnpaths
