#include "base/record.hpp"

#include "base/byte_stream.hpp"
#include "base/error.hpp"

#include <fmt/format.h>

#include <limits>

namespace attnpaths {

namespace {

constexpr std::uint8_t encoding_version = 1;

/// Number of values that a shape asks for, or the largest number there is if that overflows.
std::uint64_t size_of(const std::vector<std::uint64_t>& shape) {
    constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t size = 1;
    for (const std::uint64_t extent : shape) {
        if (extent == 0) return 0;
        size = size > largest / extent ? largest : size * extent;
    }
    return size;
}

ValueArray read_array(ByteReader& in) {
    ValueArray array;
    array.shape.resize(in.number<std::uint8_t>());
    for (std::uint64_t& extent : array.shape) extent = in.number<std::uint64_t>();
    const std::uint64_t size = size_of(array.shape);
    // Checked before anything is allocated: a damaged shape must not ask for all memory.
    if (in.failed() || size > in.left() / sizeof(double)) {
        in.fail();
        return {};
    }
    array.values.resize(size);
    in.bytes(array.values.data(), size * sizeof(double));
    return array;
}

Value read_value(ByteReader& in) {
    switch (in.number<std::uint8_t>()) {
        case 0:
            return in.number<double>();
        case 1:
            return in.number<std::int64_t>();
        case 2:
            return std::string(in.text());
        case 3:
            return read_array(in);
        default:
            in.fail();
            return 0.0;
    }
}

}  // namespace

void write_value(ByteWriter& out, const std::string& column, const Value& value) {
    out.number(static_cast<std::uint8_t>(value.index()));
    if (const auto* real = std::get_if<double>(&value)) out.number(*real);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) out.number(*integer);
    if (const auto* text = std::get_if<std::string>(&value)) out.text(*text);
    if (const auto* array = std::get_if<ValueArray>(&value)) {
        if (array->shape.size() > std::numeric_limits<std::uint8_t>::max() ||
            size_of(array->shape) != array->values.size())
            throw DataError(fmt::format("record: column {} has {} values, which does not fit its shape",
                                        column, array->values.size()));
        out.number(static_cast<std::uint8_t>(array->shape.size()));
        for (const std::uint64_t extent : array->shape) out.number(extent);
        out.bytes(array->values.data(), array->values.size() * sizeof(double));
    }
}

std::string encode_record(const Record& record) {
    ByteWriter out;
    out.number(encoding_version);
    out.number(static_cast<std::uint32_t>(record.size()));
    for (const auto& [column, value] : record) {
        out.text(column);
        write_value(out, column, value);
    }
    return out.take();
}

std::uint64_t encoded_bytes(const Record& record) {
    std::uint64_t bytes = 0;
    for (const auto& [column, value] : record) {
        bytes += column.size() + sizeof(double);
        if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
        if (const auto* array = std::get_if<ValueArray>(&value))
            bytes += array->values.size() * sizeof(double);
    }
    return bytes;
}

Record decode_record(std::string_view bytes) {
    ByteReader in(bytes);
    const auto version = in.number<std::uint8_t>();
    if (!in.failed() && version != encoding_version)
        throw DataError(fmt::format("record: encoding version {}, but this program reads version {}", version,
                                    encoding_version));
    const auto columns = in.number<std::uint32_t>();
    Record record;
    for (std::uint32_t i = 0; i < columns && !in.failed(); ++i) {
        std::string column(in.text());
        Value value = read_value(in);
        // The encoding has one order, so equal records have equal bytes.
        if (!record.empty() && column <= record.rbegin()->first) in.fail();
        record.emplace_hint(record.end(), std::move(column), std::move(value));
    }
    if (in.failed() || in.left() > 0)
        throw DataError(
            fmt::format("record: the {} bytes are not a whole record (damaged or cut short)", bytes.size()));
    return record;
}

}  // namespace attnpaths
