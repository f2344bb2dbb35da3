#include "sweep/protocol.hpp"

namespace attnpaths {

std::string encode_introduction(const std::string& host, std::int64_t pid) {
    return encode_record({{"host", host}, {"pid", pid}});
}

std::string encode_outcome(Outcome outcome, Record record) {
    record["outcome"] = static_cast<std::int64_t>(outcome);
    return encode_record(record);
}

Outcome take_outcome(Record& record) {
    const auto outcome = static_cast<Outcome>(std::get<std::int64_t>(record.at("outcome")));
    record.erase("outcome");
    return outcome;
}

}  // namespace attnpaths
