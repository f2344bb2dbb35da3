#include "h5/reader_protocol.hpp"

#include "base/byte_stream.hpp"
#include "h5/array.hpp"

namespace attnpaths::h5 {

std::string encode(const Request& request) {
    ByteWriter writer;
    writer.number(static_cast<std::uint8_t>(request.question));
    writer.text(request.object);
    writer.text(request.name);
    return writer.take();
}

Request decode_request(const std::string& bytes) {
    ByteReader reader(bytes);
    Request request;
    request.question = static_cast<Question>(reader.number<std::uint8_t>());
    request.object = reader.text();
    request.name = reader.text();
    return request;
}

std::string encode(const RowRange& range) {
    ByteWriter writer;
    writer.number(range.first);
    writer.number(range.count);
    return writer.take();
}

RowRange decode_range(const std::string& bytes) {
    ByteReader reader(bytes);
    RowRange range;
    range.first = reader.number<std::uint64_t>();
    range.count = reader.number<std::uint64_t>();
    return range;
}

std::string encode(const NumberSet& set) {
    ByteWriter writer;
    for (const std::uint64_t number : {set.stored_bytes, set.rows_at_a_time, std::uint64_t{set.is_integer}})
        writer.number(number);
    for (const hsize_t length : set.shape) writer.number(static_cast<std::uint64_t>(length));
    return writer.take();
}

NumberSet decode_number_set(const std::string& bytes, const std::string& where) {
    ByteReader reader(bytes);
    NumberSet set;
    set.stored_bytes = reader.number<std::uint64_t>();
    set.rows_at_a_time = reader.number<std::uint64_t>();
    set.is_integer = reader.number<std::uint64_t>() != 0;
    while (reader.left() > 0) set.shape.push_back(reader.number<std::uint64_t>());
    set.count = element_count(set.shape, sizeof(double), where);
    return set;
}

std::string encode(const std::vector<std::string>& texts) {
    ByteWriter writer;
    writer.number(static_cast<std::uint64_t>(texts.size()));
    for (const std::string& text : texts) writer.text(text);
    return writer.take();
}

std::vector<std::string> decode_texts(const std::string& bytes) {
    ByteReader reader(bytes);
    std::vector<std::string> texts;
    for (auto left = reader.number<std::uint64_t>(); left > 0 && !reader.failed(); --left)
        texts.emplace_back(reader.text());
    return texts;
}

std::string encode(const std::vector<double>& numbers) {
    ByteWriter writer;
    writer.bytes(numbers.data(), numbers.size() * sizeof(double));
    return writer.take();
}

std::vector<double> decode_numbers(const std::string& bytes) {
    ByteReader reader(bytes);
    std::vector<double> numbers(bytes.size() / sizeof(double));
    reader.bytes(numbers.data(), numbers.size() * sizeof(double));
    return numbers;
}

std::string encode(bool value) {
    return std::string(1, value ? '\1' : '\0');
}

bool decode_bool(const std::string& bytes) {
    return bytes != std::string(1, '\0');
}

std::string encode(std::int64_t value) {
    ByteWriter writer;
    writer.number(value);
    return writer.take();
}

std::int64_t decode_integer(const std::string& bytes) {
    return ByteReader(bytes).number<std::int64_t>();
}

}  // namespace attnpaths::h5
