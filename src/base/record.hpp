#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace attnpaths {

class ByteWriter;

/// A small dense array of a record: row-major values with their shape.
struct ValueArray {
    std::vector<std::uint64_t> shape;
    std::vector<double> values;
    bool operator==(const ValueArray&) const = default;
};

using Value = std::variant<double, std::int64_t, std::string, ValueArray>;

/// Everything known of one grid point: column name (see analyses/analysis.hpp, point/schema) -> value. One
/// encoding serves MPI and journal.
using Record = std::map<std::string, Value>;

/// Bytes of a record; decode_record(encode_record(r)) equals r exactly, NaN and infinities included.
std::string encode_record(const Record& record);

/// How many bytes that would be, at least and nearly, without making them.
std::uint64_t encoded_bytes(const Record& record);

/// @throws DataError if the bytes are not a whole record
Record decode_record(std::string_view bytes);

/// Appends a value as encode_record() does.
/// @param column  for the message
/// @throws DataError if an array does not fit its shape
void write_value(ByteWriter& out, const std::string& column, const Value& value);

}  // namespace attnpaths
