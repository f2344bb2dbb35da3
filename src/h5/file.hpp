#pragma once

#include "h5/handle.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace attnpaths::h5 {

/// A dense array as it lies in a file: row-major values with their shape.
template <class T>
struct Array {
    std::vector<hsize_t> shape;
    std::vector<T> values;
};

/// An open HDF5 file for data sets written or read whole. Paths are absolute inside the file ("/train/x");
/// groups on the way to a new object are made. Every error names the file and the object.
class File {
  public:
    /// @throws InputError if the file is missing or unreadable, DataError if it is not HDF5.
    static File open(const std::string& path);
    /// @throws CreateError if the file cannot be made.
    static File create(const std::string& path);
    /// A file that lives in memory only, until its image is taken.
    /// @param path  the name that errors carry
    static File create_in_memory(const std::string& path);

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] hid_t id() const noexcept { return file_.id(); }

    [[nodiscard]] bool has(const std::string& object) const;
    [[nodiscard]] bool has_attribute(const std::string& object, const std::string& name) const;
    /// Names of the members of a group, in alphabetical order.
    [[nodiscard]] std::vector<std::string> members(const std::string& group) const;
    /// Shape of a data set without reading it.
    [[nodiscard]] std::vector<hsize_t> shape(const std::string& object) const;

    /// Any numeric data set, converted to double.
    [[nodiscard]] Array<double> read(const std::string& object) const;
    [[nodiscard]] std::vector<std::string> read_strings(const std::string& object) const;
    [[nodiscard]] std::string read_text_attribute(const std::string& object, const std::string& name) const;
    [[nodiscard]] std::int64_t read_integer_attribute(const std::string& object,
                                                      const std::string& name) const;

    /// A numeric attribute, scalar or array, converted to double.
    [[nodiscard]] std::vector<double> read_numbers_attribute(const std::string& object,
                                                             const std::string& name) const;

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
