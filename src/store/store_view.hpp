#pragma once

#include "base/record.hpp"
#include "point/schema.hpp"
#include "store/file/store_header.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace attnpaths {

/// A store as read commands see it: store file and journal as one list of points. Takes no lock and works
/// while a sweep writes; what it shows is the store at the moment of read_store.
class StoreView {
  public:
    StoreView(StoreView&&) noexcept;
    StoreView& operator=(StoreView&&) noexcept;
    ~StoreView();

    [[nodiscard]] const std::string& path() const noexcept;
    [[nodiscard]] const StoreHeader& header() const noexcept;
    /// Number of finished points, done or failed.
    [[nodiscard]] std::size_t points() const noexcept;
    /// Keys of points that were started and neither finished nor released: in work now, or left by an abrupt
    /// end.
    [[nodiscard]] const std::vector<std::string>& in_flight() const noexcept;
    /// Keys of points of which more is wanted than their rows have.
    [[nodiscard]] const std::vector<std::string>& reopened() const noexcept;
    /// How far unfinished points have come, as Store::checkpoint took it, by their keys.
    [[nodiscard]] const std::map<std::string, std::string>& checkpoints() const noexcept;
    /// What of the store could not be read: damaged bytes of the journal, a line each. Points may be missing.
    [[nodiscard]] const std::vector<std::string>& damage() const noexcept;
    /// What is no damage but worth saying: the torn tail that a crash leaves.
    [[nodiscard]] const std::vector<std::string>& notes() const noexcept;

    /// Columns of which at least one point may have a value and the scalars of point/, in the order of the
    /// schema; unknown columns last.
    [[nodiscard]] const std::vector<std::string>& columns() const noexcept;
    /// @throws DataError if the store has no such column
    [[nodiscard]] ColumnType type(std::string_view column) const;

    /// A scalar column of all points, [points]; missing values are NaN, missing_integer and "". A column that
    /// the store does not have is missing for all points.
    /// @throws DataError if the column is of another type
    [[nodiscard]] std::vector<double> reals(const std::string& column) const;
    [[nodiscard]] std::vector<std::int64_t> integers(const std::string& column) const;
    [[nodiscard]] std::vector<std::string> texts(const std::string& column) const;
    /// An array column of all points; points without a value have an empty array. Reads all of it into
    /// memory.
    [[nodiscard]] std::vector<ValueArray> arrays(const std::string& column) const;

    /// Everything known of one point; missing values are left out. Fast in increasing order of points; holds
    /// a bounded number of points in memory.
    [[nodiscard]] Record record(std::size_t point) const;

  private:
    friend StoreView read_store(const std::string& path);
    struct Impl;
    explicit StoreView(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Opens a store for reading: the journal first and the store file second, so that a compaction in between
/// loses nothing.
/// @throws InputError if there is neither store nor journal, DataError if one is damaged or of another
/// version
StoreView read_store(const std::string& path);

/// The same for those who need all of it. @throws DataError also if a part of it could not be read
StoreView read_whole_store(const std::string& path);

}  // namespace attnpaths
