#include "store/file/stored_rows.hpp"

#include "files/posix_file.hpp"

#include <algorithm>

namespace attnpaths {

namespace {

/// A block has this many points, fewer if a point has more than its share of this many bytes.
constexpr std::uint64_t most_points = 1024;
constexpr std::uint64_t most_bytes = std::uint64_t{32} << 20U;

}  // namespace

StoredRows::StoredRows(const StoreFile& file) : file_(file) {
    const std::uint64_t bytes = PosixFile::open(file.path()).size();
    const std::uint64_t per_row = bytes / std::max<std::size_t>(file.points(), 1) + 1;
    block_points_ = std::clamp<std::uint64_t>(most_bytes / per_row, 1, most_points);
}

const Record& StoredRows::row(std::size_t point) {
    if (point < begin_ || point >= begin_ + block_.size()) {
        begin_ = point - point % block_points_;
        block_ = file_.records(begin_, std::min(block_points_, file_.points() - begin_));
    }
    return block_[point - begin_];
}

}  // namespace attnpaths
