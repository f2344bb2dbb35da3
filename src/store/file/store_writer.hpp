#pragma once

#include "base/record.hpp"
#include "files/new_file.hpp"
#include "h5/handle.hpp"
#include "store/file/column_writer.hpp"
#include "store/file/seal.hpp"
#include "store/file/store_header.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace attnpaths {

/// Builds the next version of a store file in a temporary beside it and puts it in place of STORE as a whole.
/// Until commit() returns STORE is as it was; without commit the temporary is removed.
class StoreWriter {
  public:
    enum class Start { from_old, empty };

    /// Copies the old store file, if there is one and it is asked for, and checks what was copied against its
    /// seal: no damage is sealed anew.
    /// @throws CreateError or OutputError if the temporary cannot be written, DataError if the old file is
    /// damaged
    StoreWriter(const std::string& path, Start start);
    StoreWriter(const StoreWriter&) = delete;
    StoreWriter& operator=(const StoreWriter&) = delete;
    ~StoreWriter();

    /// Adds a finished point. One whose key the store has already takes that row; one with the same result is
    /// left alone.
    /// @param record  as fit_to_columns leaves it
    void add(Record record);

    /// The file that was copied, nothing if there was none.
    [[nodiscard]] const std::optional<SealedFile>& old_file() const noexcept { return old_file_; }
    /// Points added so far, those of the old file among them.
    [[nodiscard]] std::int64_t done() const;
    [[nodiscard]] std::int64_t failed() const;

    /// Writes what is buffered, the header and the seal, syncs and renames over STORE.
    /// @returns the file that is in its place now
    /// @throws OutputError
    SealedFile commit(const StoreHeader& header);

  private:
    struct Row {
        hsize_t number;
        bool done;
        std::string checksum;
    };
    struct BufferedColumn {
        ColumnWriter writer;
        std::vector<const Value*> values;  ///< of the buffered rows while they are written; nullptr: missing
    };

    void open_file(bool has_old);
    std::vector<std::string> read_rows();
    void flush();
    /// Takes the values of one of the buffered rows to their columns, and makes those that the file lacks.
    void gather(const Record& record, std::size_t row);
    void open_column(const std::string& name);
    void write_header(const StoreHeader& header);
    void close();
    void abandon() noexcept;

    std::string path_;
    NewFile next_;
    std::optional<SealedFile> old_file_;
    h5::Handle file_;
    std::map<std::string, BufferedColumn> columns_;
    std::unordered_map<std::string, Row> rows_;  ///< by key, those of the buffer too
    hsize_t written_ = 0;                        ///< rows in the file; buffered new points follow
    std::map<hsize_t, Record> buffer_;           ///< by row
    std::size_t buffered_values_ = 0;
};

}  // namespace attnpaths
