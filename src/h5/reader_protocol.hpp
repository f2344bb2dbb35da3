#pragma once

#include "h5/number_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths::h5 {

// What an InputFile and its reader process say to each other: requests one way, and answers in one or more
// tagged pieces the other way. Both sides are the same program, so that bytes are taken as they were written.

/// What is asked of the file.
enum class Question : std::uint8_t {
    open,
    has,
    has_attribute,
    members,
    attributes,
    is_text,
    describe,
    numbers,
    strings,
    text_attribute,
    integer_attribute,
    numbers_attribute,
    structure
};

/// What every piece of an answer begins with.
enum class Tag : std::uint8_t {
    answer,   ///< the last piece, a message
    numbers,  ///< a block of numbers, its count first; more follows
    error,    ///< the file is at fault; its message follows
    refused   ///< the system refused to read, so that nothing is known of the file; its message follows
};

struct Request {
    Question question{};
    std::string object;
    std::string name;  ///< of an attribute; for numbers, their encoded range
};

std::string encode(const Request& request);
Request decode_request(const std::string& bytes);

std::string encode(const RowRange& range);
RowRange decode_range(const std::string& bytes);

std::string encode(const NumberSet& set);
/// @param where  names file and object in messages
/// @throws DataError if the count of numbers overflows
NumberSet decode_number_set(const std::string& bytes, const std::string& where);

std::string encode(const std::vector<std::string>& texts);
std::vector<std::string> decode_texts(const std::string& bytes);

std::string encode(const std::vector<double>& numbers);
std::vector<double> decode_numbers(const std::string& bytes);

std::string encode(bool value);
bool decode_bool(const std::string& bytes);

std::string encode(std::int64_t value);
std::int64_t decode_integer(const std::string& bytes);

}  // namespace attnpaths::h5
