#pragma once

#include "store/file/store_file.hpp"

#include <vector>

namespace attnpaths {

/// Whole rows of a store file, read in blocks: fast in increasing order, with a bounded number of rows in
/// memory.
class StoredRows {
  public:
    /// @param file  must outlive this object
    explicit StoredRows(const StoreFile& file);

    /// Everything that the file has of a point; missing values are left out.
    [[nodiscard]] const Record& row(std::size_t point);

  private:
    const StoreFile& file_;
    std::size_t block_points_;
    std::vector<Record> block_;
    std::size_t begin_ = 0;
};

}  // namespace attnpaths
