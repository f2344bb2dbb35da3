#include "point/columns.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "datasets/names_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace attnpaths {

namespace {

ColumnType type_of(const Value& value) {
    constexpr std::array types = {ColumnType::real, ColumnType::integer, ColumnType::text, ColumnType::array};
    return types.at(value.index());
}

void cut_text(std::string& text, std::size_t length) {
    std::replace(text.begin(), text.end(), '\0', ' ');
    if (text.size() <= length) return;
    // Continuation bytes of UTF-8 are 10xxxxxx: step back to the start of a character.
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U) --length;
    text.resize(length);
}

/// Values as a configuration writes them, "20:50:30", or one number if all are equal.
std::string list_text(const ValueArray& array) {
    const bool all_equal = std::all_of(array.values.begin(), array.values.end(),
                                       [&](double x) { return x == array.values.front(); });
    const std::size_t shown = all_equal ? std::min<std::size_t>(1, array.values.size()) : array.values.size();
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0) text += ':';
        text += exact_text(array.values[i]);
    }
    return text;
}

std::string value_text(const Value& value) {
    if (const auto* real = std::get_if<double>(&value)) return exact_text(*real);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    return list_text(std::get<ValueArray>(value));
}

}  // namespace

bool is_missing(const Value& value) {
    if (const auto* real = std::get_if<double>(&value)) return std::isnan(*real);
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer == missing_integer;
    if (const auto* text = std::get_if<std::string>(&value)) return text->empty();
    return std::get<ValueArray>(value).values.empty();
}

std::size_t text_length(std::string_view column) {
    if (column.ends_with("/key")) return 32;
    if (column.ends_with("/status")) return 8;
    if (column == "point/checksum" || column == "point/evaluation") return 16;
    if (column.ends_with("/message")) return 400;
    if (column == "point/head_names" || column == "point/class_names") return most_name_bytes;
    if (column.ends_with("/kept")) return 160;
    return 64;
}

std::size_t array_rank(const Column& column) {
    return 1 + static_cast<std::size_t>(std::count(column.shape.begin(), column.shape.end(), ','));
}

bool is_point_scalar(const Column& column) {
    return column.name.starts_with("point/") && column.type != ColumnType::array;
}

const char* type_name(ColumnType type) {
    switch (type) {
        case ColumnType::real:
            return "real";
        case ColumnType::integer:
            return "integer";
        case ColumnType::text:
            return "text";
        case ColumnType::array:
            return "array";
    }
    return "unknown";
}

void fit_to_columns(Record& record) {
    for (auto& [name, value] : record) {
        const Column& column = find_column(name);
        if (type_of(value) != column.type)
            throw DataError(fmt::format("column {} holds {} values, but the record has {}", name,
                                        type_name(column.type), type_name(type_of(value))));
        if (auto* text = std::get_if<std::string>(&value)) {
            // A cut key would name another point.
            if (name == "point/key" && text->size() > text_length(name))
                throw DataError(
                    fmt::format("point/key {} is longer than {} bytes", *text, text_length(name)));
            cut_text(*text, text_length(name));
        }
        if (const auto* array = std::get_if<ValueArray>(&value);
            array != nullptr && array->shape.size() != array_rank(column))
            throw DataError(fmt::format("column {} holds arrays {}, but the record has one of {} axes", name,
                                        column.shape, array->shape.size()));
    }
    std::erase_if(record, [](const auto& entry) { return is_missing(entry.second); });
    const std::string& status = text_of(record, "point/status");
    if (status != "done" && status != "failed")
        throw DataError(fmt::format("point/status of a record is \"{}\", neither done nor failed", status));
    if (text_of(record, "point/key").empty()) throw DataError("a record has no point/key");
}

const std::string& text_of(const Record& record, const std::string& column) {
    static const std::string empty;
    const auto found = record.find(column);
    if (found == record.end()) return empty;
    const auto* text = std::get_if<std::string>(&found->second);
    if (text == nullptr) throw DataError(fmt::format("column {} of a record is not text", column));
    return *text;
}

std::int64_t integer_of(const Record& record, const std::string& column, std::int64_t otherwise) {
    const auto found = record.find(column);
    if (found == record.end()) return otherwise;
    const auto* integer = std::get_if<std::int64_t>(&found->second);
    return integer == nullptr || *integer == missing_integer ? otherwise : *integer;
}

std::string point_text(const Record& record) {
    const auto either = [&](const char* list, const char* scalar) {
        const auto found = record.find(list);
        return found != record.end() ? found : record.find(scalar);
    };
    std::string text = "point";
    const auto add = [&](const char* name, Record::const_iterator found) {
        if (found != record.end()) text += fmt::format(" {}={}", name, value_text(found->second));
    };
    add("width", either("point/widths", "point/width"));
    add("examples", record.find("point/examples"));
    add("heads", either("point/head_counts", "point/heads"));
    add("depth", record.find("point/depth"));
    add("temperature", record.find("point/temperature"));
    add("seed", record.find("point/seed"));
    // A record without grid values is named by its key.
    if (text == "point") text += " " + text_of(record, "point/key");
    return text;
}

}  // namespace attnpaths
