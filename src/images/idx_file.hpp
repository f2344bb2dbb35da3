#pragma once

#include "network/architecture.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace attnpaths {

/// An idx file of unsigned bytes as MNIST is published, plain or gzip-compressed, read item by item: labels
/// (idx1-ubyte) or grey images (idx3-ubyte). At most 2^28 items, 2^14 rows, 2^14 columns and 2^33 bytes; no
/// more is unpacked than the header promises.
class IdxFile {
  public:
    enum class Content { labels, images };

    /// Opens the file and reads its header.
    /// @throws InputError if the file is missing, unreadable or not a regular file, DataError if its header
    /// is wrong
    IdxFile(const std::string& path, Content content);

    [[nodiscard]] Index count() const noexcept { return count_; }      ///< number of labels or images
    [[nodiscard]] Index rows() const noexcept { return rows_; }        ///< of an image; 1 for labels
    [[nodiscard]] Index columns() const noexcept { return columns_; }  ///< of an image; 1 for labels

    /// Reads the next images (row by row) or labels, as many as fill `bytes`.
    /// @throws DataError if the file ends before, or its compressed data are damaged
    void read(std::span<std::uint8_t> bytes);
    /// After the last item. @throws DataError if the file holds more than its header promises
    void expect_end();

  private:
    struct Close {
        void operator()(void* file) const;
    };
    std::size_t read_some(std::span<std::uint8_t> bytes);
    [[nodiscard]] std::string promise() const;
    void check_size(std::size_t header) const;

    std::string path_;
    Content content_;
    std::unique_ptr<void, Close> file_;
    Index count_ = 0;
    Index rows_ = 1;
    Index columns_ = 1;
    std::uint64_t size_ = 0;  ///< of the file
    std::uint64_t bytes_read_ = 0;
};

/// All labels of an idx1-ubyte file.
std::vector<std::uint8_t> read_idx_labels(const std::string& path);

/// FOLDER/NAME or FOLDER/NAME.gz, whichever is there.
/// @throws InputError if neither is
std::string find_idx_file(const std::string& folder, const std::string& name);

}  // namespace attnpaths
