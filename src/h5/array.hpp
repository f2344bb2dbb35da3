#pragma once

#include "base/error.hpp"

#include <hdf5.h>

#include <limits>
#include <string>
#include <vector>

namespace attnpaths::h5 {

/// A dense array as it lies in a file: row-major values with their shape.
template <class T>
struct Array {
    std::vector<hsize_t> shape;
    std::vector<T> values;
};

/// Number of elements of a shape, of which each takes `element_bytes`.
/// @param where  named in the message
/// @throws DataError if the bytes are more than any memory holds
inline std::size_t element_count(const std::vector<hsize_t>& shape, std::size_t element_bytes,
                                 const std::string& where) {
    constexpr auto most_bytes = static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max());
    bool is_empty = false;
    for (const hsize_t length : shape) is_empty = is_empty || length == 0;
    if (is_empty) return 0;
    std::size_t bytes = element_bytes;
    for (const hsize_t length : shape)
        if (__builtin_mul_overflow(bytes, length, &bytes) || bytes > most_bytes)
            throw DataError(where +
                            ": its shape asks for more numbers than any memory holds; the file is damaged");
    return bytes / element_bytes;
}

}  // namespace attnpaths::h5
