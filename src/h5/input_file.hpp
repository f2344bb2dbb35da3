#pragma once

#include "h5/array.hpp"
#include "h5/number_set.hpp"
#include "h5/reader_process.hpp"

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace attnpaths::h5 {

enum class Question : std::uint8_t;

/// An HDF5 file from outside, opened for reading. libhdf5 sees it in a process of its own (ReaderProcess),
/// which hands plain numbers and texts over: a damaged file that crashes the library, or keeps it busy for
/// ever, is a DataError here. Numbers come in blocks, so that a data set is in memory once. Links out of the
/// file, and numbers that lie elsewhere or were never written, are refused. Paths are absolute inside the
/// file ("/train/x"). Every error names the file and the object; where the system refuses to read, it is an
/// OutputError.
class InputFile {
  public:
    /// @throws InputError if the file is missing, unreadable or no regular file, DataError if it is not HDF5
    explicit InputFile(const std::string& path);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    /// @throws DataError if a link on the way leads nowhere or out of the file
    [[nodiscard]] bool has(const std::string& object) const;
    [[nodiscard]] bool has_attribute(const std::string& object, const std::string& name) const;
    /// Names of the members of a group, in alphabetical order.
    [[nodiscard]] std::vector<std::string> members(const std::string& group) const;
    /// Whether a data set holds texts.
    [[nodiscard]] bool is_text(const std::string& object) const;
    /// Shape and kind of a numeric data set, without reading it.
    [[nodiscard]] NumberSet describe(const std::string& object) const;
    [[nodiscard]] std::vector<hsize_t> shape(const std::string& object) const {
        return describe(object).shape;
    }

    /// Any numeric data set, converted to double; enumerations (bool) as their numbers.
    [[nodiscard]] Array<double> read(const std::string& object) const;
    /// Some rows along the first axis of a numeric data set.
    /// @throws DataError if it has fewer
    [[nodiscard]] Array<double> read_rows(const std::string& object, std::uint64_t first,
                                          std::uint64_t count) const;
    [[nodiscard]] std::vector<std::string> read_strings(const std::string& object) const;
    [[nodiscard]] std::string read_text_attribute(const std::string& object, const std::string& name) const;
    /// An integer, or a bool as h5py stores it.
    [[nodiscard]] std::int64_t read_integer_attribute(const std::string& object,
                                                      const std::string& name) const;
    /// A numeric attribute, scalar or array, converted to double.
    [[nodiscard]] std::vector<double> read_numbers_attribute(const std::string& object,
                                                             const std::string& name) const;

    /// What stands in a group and was not read so far, "/train/mask" or "/train attribute order": members in
    /// which nothing was read, and attributes.
    [[nodiscard]] std::vector<std::string> unread(const std::string& group) const;

    /// Whether this process may go on and open the file itself: check_structure, in the reader process.
    /// @throws DataError if not
    void check_structure() const;

  private:
    [[nodiscard]] std::string ask(Question question, const std::string& object,
                                  const std::string& name = {}) const;
    [[nodiscard]] Array<double> read(const std::string& object, NumberSet set, const RowRange& range) const;
    void receive_numbers(const std::string& object, const RowRange& range, std::vector<double>& values) const;
    void check_size(const std::string& object, const NumberSet& set) const;
    [[noreturn]] void fail(const std::string& object) const;

    std::string path_;
    std::uint64_t file_bytes_ = 0;
    std::unique_ptr<ReaderProcess> reader_;
    mutable std::set<std::string> read_;  // objects, and attributes as unread() names them
};

}  // namespace attnpaths::h5
