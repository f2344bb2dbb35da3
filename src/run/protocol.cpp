#include "run/protocol.hpp"

#include "base/error.hpp"
#include "point/columns.hpp"

#include <fmt/format.h>

namespace attnpaths {

namespace {

/// Removes an entry of a record and gives its value. @throws DataError if there is none of that type
template <class T>
T take(Record& record, const char* name) {
    const auto entry = record.find(name);
    T* value = entry == record.end() ? nullptr : std::get_if<T>(&entry->second);
    if (value == nullptr) throw DataError(fmt::format("a message has no {}, or of another type", name));
    T taken = std::move(*value);
    record.erase(entry);
    return taken;
}

}  // namespace

std::string encode_introduction(const Introduction& introduction) {
    return encode_record({{"host", introduction.host},
                          {"pid", introduction.pid},
                          {"has_liveness", std::int64_t{introduction.has_liveness ? 1 : 0}},
                          {"numerics", introduction.numerics}});
}

Introduction decode_introduction(std::string_view bytes) {
    const Record record = decode_record(bytes);
    return {text_of(record, "host"), integer_of(record, "pid", 0), integer_of(record, "has_liveness", 0) != 0,
            text_of(record, "numerics")};
}

std::string encode_result(PointResult result) {
    result.record["outcome"] = static_cast<std::int64_t>(result.outcome);
    result.record["checkpoint"] = encode_checkpoint(result.checkpoint);
    return encode_record(result.record);
}

PointResult decode_result(std::string_view bytes) {
    PointResult result;
    result.record = decode_record(bytes);
    const auto outcome = take<std::int64_t>(result.record, "outcome");
    if (outcome < 0 || outcome > static_cast<std::int64_t>(Outcome::overdue))
        throw DataError(fmt::format("a result has the unknown outcome {}", outcome));
    result.outcome = static_cast<Outcome>(outcome);
    result.checkpoint = decode_checkpoint(take<std::string>(result.record, "checkpoint"));
    return result;
}

std::string encode_stop(StopRequest how) {
    return how == StopRequest::drain ? "drain" : "now";
}

StopRequest decode_stop(std::string_view bytes) {
    if (bytes == "drain") return StopRequest::drain;
    if (bytes == "now") return StopRequest::now;
    throw DataError("a message to stop says neither now nor drain");
}

std::string encode_progress(const std::string& key, const Checkpoint& checkpoint) {
    return encode_record({{"key", key}, {"checkpoint", encode_checkpoint(checkpoint)}});
}

std::pair<std::string, Checkpoint> decode_progress(std::string_view bytes) {
    const Record record = decode_record(bytes);
    return {text_of(record, "key"), decode_checkpoint(text_of(record, "checkpoint"))};
}

}  // namespace attnpaths
