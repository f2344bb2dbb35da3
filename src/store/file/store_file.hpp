#pragma once

#include "base/record.hpp"
#include "h5/handle.hpp"
#include "point/schema.hpp"
#include "store/file/store_header.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace attnpaths {

/// A store file (without journal) opened for reading. Rows outside a column's extent are an error, a column
/// that the file does not have is missing for all points.
class StoreFile {
  public:
    /// @throws InputError if the file cannot be read, DataError if it is no store or one of another version
    explicit StoreFile(const std::string& path);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const StoreHeader& header() const noexcept { return header_; }
    [[nodiscard]] std::size_t points() const noexcept { return points_; }
    /// Names of the columns in the file, alphabetical; also those that the schema does not know.
    [[nodiscard]] std::vector<std::string> columns() const;
    [[nodiscard]] bool has(const std::string& column) const { return columns_.count(column) > 0; }
    /// @throws DataError if there is no such column
    [[nodiscard]] ColumnType type(const std::string& column) const;

    /// `count` rows from `first` on. @throws DataError if the column has another type or is damaged
    [[nodiscard]] std::vector<double> reals(const std::string& column, std::size_t first,
                                            std::size_t count) const;
    [[nodiscard]] std::vector<std::int64_t> integers(const std::string& column, std::size_t first,
                                                     std::size_t count) const;
    [[nodiscard]] std::vector<std::string> texts(const std::string& column, std::size_t first,
                                                 std::size_t count) const;
    [[nodiscard]] std::vector<ValueArray> arrays(const std::string& column, std::size_t first,
                                                 std::size_t count) const;

    /// All columns of `count` rows from `first` on; missing values are left out.
    [[nodiscard]] std::vector<Record> records(std::size_t first, std::size_t count) const;

  private:
    void find_columns(const std::string& group, int depth);
    void read_header();
    [[nodiscard]] h5::Handle open_rows(const std::string& column, ColumnType type) const;

    std::string path_;
    h5::Handle file_;
    StoreHeader header_;
    std::size_t points_ = 0;
    std::map<std::string, ColumnType> columns_;
};

}  // namespace attnpaths
