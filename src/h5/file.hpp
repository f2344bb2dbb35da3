#pragma once

#include "h5/array.hpp"
#include "h5/handle.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths::h5 {

/// An HDF5 file being made, of data sets that are written whole; InputFile reads. Paths are absolute inside
/// the file ("/train/x"); groups on the way to a new object are made. Every error names the file and the
/// object.
class File {
  public:
    /// @throws CreateError if the file cannot be made.
    static File create(const std::string& path);
    /// A file that lives in memory only, until its image is taken.
    /// @param path  the name that errors carry
    static File create_in_memory(const std::string& path);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    void write(const std::string& object, const Array<double>& array);
    void write_as_float(const std::string& object, const Array<double>& array);
    void write_strings(const std::string& object, const std::vector<std::string>& texts);
    void write_attribute(const std::string& object, const std::string& name, const std::string& value);
    void write_attribute(const std::string& object, const std::string& name, std::int64_t value);
    void write_number_attribute(const std::string& object, const std::string& name, double value);

    /// The bytes of the file as it would lie on disk now.
    [[nodiscard]] std::vector<char> image() const;

  private:
    File(std::string path, Handle file) : path_(std::move(path)), file_(std::move(file)) {}
    [[nodiscard]] std::string name_of(const std::string& object) const { return path_ + ": " + object; }
    void write_typed(const std::string& object, const Array<double>& array, hid_t file_type);

    std::string path_;
    Handle file_;
};

}  // namespace attnpaths::h5
