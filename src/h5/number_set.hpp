#pragma once

#include "h5/handle.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace attnpaths::h5 {

/// What is known of a numeric data set before its numbers are read.
struct NumberSet {
    std::vector<hsize_t> shape;
    bool is_integer = false;           ///< integers, or an enumeration (as h5py stores bool)
    std::uint64_t count = 0;           ///< of numbers
    std::uint64_t stored_bytes = 0;    ///< in the file, compressed or not
    std::uint64_t rows_at_a_time = 1;  ///< along the first axis, so that no chunk is unpacked twice
};

/// Part of a data set along its first axis; all of it unless something else is said.
struct RowRange {
    std::uint64_t first = 0;
    std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
};

/// Describes an open data set whose numbers can be read and are all in the file.
/// @param where  names file and object in messages
/// @throws DataError if it is not numeric, lies outside the file, or was never written
NumberSet describe_numbers(hid_t dataset, const std::string& where);

}  // namespace attnpaths::h5
