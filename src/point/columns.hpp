#pragma once

#include "base/record.hpp"
#include "point/schema.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace attnpaths {

/// What an integer column holds where a point has no value; real columns hold NaN, text columns "".
inline constexpr std::int64_t missing_integer = std::numeric_limits<std::int64_t>::min();

/// Whether a value is what the store writes for "no value": NaN, missing_integer, "" or an array without
/// elements.
bool is_missing(const Value& value);

/// Bytes that a text column keeps of each text.
std::size_t text_length(std::string_view column);

/// Number of axes of one point's value in an array column, from its shape in the schema: 2 for "[D, D]".
std::size_t array_rank(const Column& column);

/// Whether a column is one of point/ with one value per point: every store has these.
bool is_point_scalar(const Column& column);

/// "real", "integer", "text" or "array".
const char* type_name(ColumnType type);

/// Makes a record what the store will give back: texts are cut to their length (between UTF-8 characters),
/// NUL becomes a space, missing values are left out.
/// @throws DataError naming the column if a column is not in the schema, or its value has another type or
/// rank; or if
///         point/key or point/status is missing
void fit_to_columns(Record& record);

/// Text value of a column, "" if missing. @throws DataError if it is no text
const std::string& text_of(const Record& record, const std::string& column);

/// Integer value of a column, `otherwise` if missing.
std::int64_t integer_of(const Record& record, const std::string& column, std::int64_t otherwise);

/// The grid values of a point for messages: "point width=10 examples=100 heads=2 depth=2 temperature=0.01
/// seed=0".
std::string point_text(const Record& record);

}  // namespace attnpaths
