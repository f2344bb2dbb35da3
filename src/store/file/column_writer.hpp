#pragma once

#include "base/record.hpp"
#include "h5/handle.hpp"
#include "point/schema.hpp"

#include <span>
#include <string>
#include <vector>

namespace attnpaths {

/// One column of a store file under construction, opened or made: a data set with a row per point; for arrays
/// a group of `values` (all values one after another), `offsets` (start of a row in values) and `shape` (its
/// extents).
class ColumnWriter {
  public:
    /// @param where  file name, for messages
    /// @param rows   rows that the other columns have; a column made now holds missing values in all of them
    /// @throws OutputError, or DataError if the file has something else under that name
    ColumnWriter(hid_t file, const std::string& where, const std::string& name, hsize_t rows);

    /// Grows the column to that many rows; new ones are missing values.
    void extend(hsize_t rows);

    /// Writes consecutive rows from `first` on; nullptr stands for a missing value.
    void write(hsize_t first, std::span<const Value* const> values);

  private:
    void write_scalars(hsize_t first, std::span<const Value* const> values);
    void write_texts(hsize_t first, std::span<const Value* const> values);
    void write_arrays(hsize_t first, std::span<const Value* const> values);

    std::string where_;
    Column column_;
    hsize_t text_length_ = 0;
    hsize_t rank_ = 0;
    hsize_t rows_ = 0;
    hsize_t packed_ = 0;   ///< length of `values`
    h5::Handle rows_set_;  ///< the column itself, or `offsets`
    h5::Handle shapes_;
    h5::Handle values_;
};

}  // namespace attnpaths
