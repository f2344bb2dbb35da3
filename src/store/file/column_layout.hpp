#pragma once

#include "h5/handle.hpp"

#include <string>
#include <utility>
#include <vector>

namespace attnpaths {

/// Rows per chunk: large enough that 100,000 points are two hundred chunks, small enough for a store of a few
/// points, as a column takes a whole chunk however few it has.
inline constexpr hsize_t rows_per_chunk = 512;
/// Values per chunk of packed arrays.
inline constexpr hsize_t values_per_chunk = 2048;

/// Fixed-length text type, padded with NUL, UTF-8.
h5::Handle text_type(std::size_t length);

/// Makes an extendible, chunked data set, and the groups on its way.
/// @param fill     value of rows that were never written, of type `type`
/// @param deflate  compress: for texts that are mostly padding
h5::Handle create_rows(hid_t file, const std::string& object, hid_t type, const void* fill,
                       const std::vector<hsize_t>& extent, bool deflate, const std::string& where);

/// Memory and file data space of `count` rows from `first` on, of a one- or two-dimensional data set.
std::pair<h5::Handle, h5::Handle> select_rows(hid_t dataset, hsize_t first, hsize_t count,
                                              const std::string& where);

/// Extent of a data set along its first axis. @throws DataError
hsize_t rows_of(hid_t dataset, const std::string& where);

/// Writes a text or integer attribute; replaces one that is there.
void write_attribute(hid_t object, const std::string& name, const std::string& text,
                     const std::string& where);
void write_attribute(hid_t object, const std::string& name, std::int64_t value, const std::string& where);
void write_attribute(hid_t object, const std::string& name, double value, const std::string& where);

}  // namespace attnpaths
