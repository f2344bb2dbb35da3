#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace attnpaths {

/// A small dense array of a record: row-major values with their shape.
struct ValueArray {
    std::vector<std::uint64_t> shape;
    std::vector<double> values;
    bool operator==(const ValueArray&) const = default;
};

using Value = std::variant<double, std::int64_t, std::string, ValueArray>;

/// Everything known of one grid point: column name (see store/schema) -> value. One encoding serves MPI and
/// journal.
using Record = std::map<std::string, Value>;

/// Bytes of a record; decode_record(encode_record(r)) equals r exactly, NaN and infinities included.
std::string encode_record(const Record& record);

/// @throws DataError if the bytes are not a whole record
Record decode_record(std::string_view bytes);

/// Checksum of the reproducible columns of a record (not: times, hosts, attempts), 16 hexadecimal digits: two
/// runs of one point agree bit for bit exactly when these agree.
std::string result_checksum(const Record& record);

/// Whether a record is what its point/checksum was made of, by this version or by one of those before, which
/// counted the name of the data set file (point/task) among the results.
bool matches_its_checksum(const Record& record);

}  // namespace attnpaths
