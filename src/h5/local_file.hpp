#pragma once

#include "h5/handle.hpp"
#include "h5/number_set.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace attnpaths::h5 {

/// An HDF5 file read by the library in this process: the reader process' side of an InputFile, which has the
/// same functions. Every error names the file and the object, and says what to do.
class LocalFile {
  public:
    using Take = std::function<void(std::span<const double>)>;

    /// @throws DataError if the library cannot open it
    explicit LocalFile(const std::string& path);

    [[nodiscard]] bool has(const std::string& object) const;
    [[nodiscard]] bool has_attribute(const std::string& object, const std::string& name) const;
    [[nodiscard]] std::vector<std::string> members(const std::string& group) const;
    [[nodiscard]] std::vector<std::string> attributes(const std::string& object) const;
    [[nodiscard]] bool is_text(const std::string& object) const;
    [[nodiscard]] NumberSet describe(const std::string& object) const;
    /// Hands over a numeric data set, or some rows of it, row-major, a block at a time.
    void read(const std::string& object, const RowRange& range, const Take& take) const;
    [[nodiscard]] std::vector<std::string> read_strings(const std::string& object) const;
    [[nodiscard]] std::string read_text_attribute(const std::string& object, const std::string& name) const;
    [[nodiscard]] std::int64_t read_integer_attribute(const std::string& object,
                                                      const std::string& name) const;
    [[nodiscard]] std::vector<double> read_numbers_attribute(const std::string& object,
                                                             const std::string& name) const;

    /// check_structure of the whole file.
    void check_structure() const;

  private:
    [[nodiscard]] std::string name_of(const std::string& object) const { return path_ + ": " + object; }
    [[nodiscard]] Handle open_object(const std::string& object) const;
    [[nodiscard]] Handle open_dataset(const std::string& object) const;
    [[nodiscard]] Handle open_attribute(const std::string& object, const std::string& name) const;

    std::string path_;
    Handle file_;
    mutable std::map<std::string, NumberSet> described_;  // counting chunks takes time, and rows come in turn
};

}  // namespace attnpaths::h5
