#include "h5/file.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <numeric>
#include <unistd.h>

namespace attnpaths::h5 {

namespace {

Handle intermediate_groups() {
    Handle list(check_id(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate", "link creation"), H5Pclose);
    check(H5Pset_create_intermediate_group(list.id(), 1), "H5Pset_create_intermediate_group",
          "link creation");
    return list;
}

/// Fixed-length, null-padded UTF-8 text type.
Handle text_type(std::size_t length) {
    Handle type(check_id(H5Tcopy(H5T_C_S1), "H5Tcopy", "text type"), H5Tclose);
    check(H5Tset_size(type.id(), std::max<std::size_t>(length, 1)), "H5Tset_size", "text type");
    check(H5Tset_strpad(type.id(), H5T_STR_NULLPAD), "H5Tset_strpad", "text type");
    check(H5Tset_cset(type.id(), H5T_CSET_UTF8), "H5Tset_cset", "text type");
    return type;
}

std::size_t product(const std::vector<hsize_t>& shape) {
    return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

/// Texts of a fixed- or variable-length string data set or attribute, read by `read(type, buffer)`.
template <class Read>
std::vector<std::string> read_texts(hid_t file_type, hid_t space, const std::string& where,
                                    const Read& read) {
    if (H5Tget_class(file_type) != H5T_STRING) throw DataError(where + ": is not text");
    const auto count = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
    std::vector<std::string> texts(count);
    if (H5Tis_variable_str(file_type) > 0) {
        Handle type(check_id(H5Tcopy(file_type), "H5Tcopy", where), H5Tclose);
        std::vector<char*> pointers(count, nullptr);
        check(read(type.id(), pointers.data()), "read", where);
        for (std::size_t i = 0; i < count; ++i) texts[i] = pointers[i] != nullptr ? pointers[i] : "";
        H5Dvlen_reclaim(type.id(), space, H5P_DEFAULT, pointers.data());
    } else {
        const std::size_t length = H5Tget_size(file_type);
        std::vector<char> bytes(count * length);
        check(read(file_type, bytes.data()), "read", where);
        for (std::size_t i = 0; i < count; ++i) {
            const char* text = bytes.data() + i * length;
            texts[i].assign(text, strnlen(text, length));
        }
    }
    return texts;
}

}  // namespace

File File::open(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) throw InputError(path + ": no such file");
    if (access(path.c_str(), R_OK) != 0)
        throw InputError(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
    if (std::filesystem::is_directory(path, error))
        throw InputError(path + ": is a directory, not an HDF5 file");
    if (H5Fis_hdf5(path.c_str()) <= 0) fail(path, "is not an HDF5 file");
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    if (!file) fail(path, "is damaged or cut short (HDF5 cannot open it); make or copy it again");
    return {path, std::move(file)};
}

File File::create(const std::string& path) {
    Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
    if (!file) {
        throw CreateError(
            fmt::format("{}: cannot be created ({}); choose a folder that exists and can be written", path,
                        errno != 0 ? std::strerror(errno) : "HDF5 error"));
    }
    return {path, std::move(file)};
}

File File::create_in_memory(const std::string& path) {
    // The file grows in steps of 1 MiB; without a backing store nothing reaches the disk.
    Handle access_list(check_id(H5Pcreate(H5P_FILE_ACCESS), "H5Pcreate", path), H5Pclose);
    check(H5Pset_fapl_core(access_list.id(), std::size_t{1} << 20U, false), "H5Pset_fapl_core", path);
    Handle file(
        check_id(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access_list.id()), "H5Fcreate", path),
        H5Fclose);
    return {path, std::move(file)};
}

bool File::has(const std::string& object) const {
    std::string prefix;
    std::size_t start = 1;
    while (start <= object.size()) {
        const std::size_t end = std::min(object.find('/', start), object.size());
        prefix = object.substr(0, end);
        if (H5Lexists(file_.id(), prefix.c_str(), H5P_DEFAULT) <= 0) return false;
        start = end + 1;
    }
    return true;
}

bool File::has_attribute(const std::string& object, const std::string& name) const {
    return H5Aexists_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> File::members(const std::string& group) const {
    std::vector<std::string> names;
    const auto visit = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
        static_cast<std::vector<std::string>*>(list)->emplace_back(name);
        return 0;
    };
    if (H5Literate_by_name(file_.id(), group.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, +visit, &names,
                           H5P_DEFAULT) < 0)
        throw DataError(name_of(group) + " is not a group that can be listed");
    return names;
}

std::vector<hsize_t> File::shape(const std::string& object) const {
    const std::string where = name_of(object);
    Handle dataset(check_id(H5Dopen2(file_.id(), object.c_str(), H5P_DEFAULT), "H5Dopen2", where), H5Dclose);
    Handle space(check_id(H5Dget_space(dataset.id()), "H5Dget_space", where), H5Sclose);
    const int rank = H5Sget_simple_extent_ndims(space.id());
    std::vector<hsize_t> shape(static_cast<std::size_t>(std::max(rank, 0)));
    H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr);
    return shape;
}

Array<double> File::read(const std::string& object) const {
    const std::string where = name_of(object);
    Array<double> array;
    array.shape = shape(object);
    Handle dataset(check_id(H5Dopen2(file_.id(), object.c_str(), H5P_DEFAULT), "H5Dopen2", where), H5Dclose);
    Handle type(check_id(H5Dget_type(dataset.id()), "H5Dget_type", where), H5Tclose);
    const H5T_class_t kind = H5Tget_class(type.id());
    if (kind != H5T_FLOAT && kind != H5T_INTEGER) throw DataError(where + ": is not numeric");
    array.values.resize(product(array.shape));
    if (H5Dread(dataset.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()) < 0)
        throw DataError(where + ": cannot be read; the file is damaged or cut short");
    return array;
}

std::vector<std::string> File::read_strings(const std::string& object) const {
    const std::string where = name_of(object);
    Handle dataset(check_id(H5Dopen2(file_.id(), object.c_str(), H5P_DEFAULT), "H5Dopen2", where), H5Dclose);
    Handle type(check_id(H5Dget_type(dataset.id()), "H5Dget_type", where), H5Tclose);
    Handle space(check_id(H5Dget_space(dataset.id()), "H5Dget_space", where), H5Sclose);
    return read_texts(type.id(), space.id(), where, [&](hid_t memory_type, void* buffer) {
        return H5Dread(dataset.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
    });
}

std::string File::read_text_attribute(const std::string& object, const std::string& name) const {
    const std::string where = name_of(object) + " attribute " + name;
    Handle attribute(
        check_id(H5Aopen_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
                 "H5Aopen_by_name", where),
        H5Aclose);
    Handle type(check_id(H5Aget_type(attribute.id()), "H5Aget_type", where), H5Tclose);
    Handle space(check_id(H5Aget_space(attribute.id()), "H5Aget_space", where), H5Sclose);
    const std::vector<std::string> texts = read_texts(
        type.id(), space.id(), where,
        [&](hid_t memory_type, void* buffer) { return H5Aread(attribute.id(), memory_type, buffer); });
    if (texts.size() != 1) throw DataError(where + ": is not a single text");
    return texts[0];
}

std::int64_t File::read_integer_attribute(const std::string& object, const std::string& name) const {
    const std::string where = name_of(object) + " attribute " + name;
    Handle attribute(
        check_id(H5Aopen_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
                 "H5Aopen_by_name", where),
        H5Aclose);
    Handle type(check_id(H5Aget_type(attribute.id()), "H5Aget_type", where), H5Tclose);
    Handle space(check_id(H5Aget_space(attribute.id()), "H5Aget_space", where), H5Sclose);
    if (H5Tget_class(type.id()) != H5T_INTEGER || H5Sget_simple_extent_npoints(space.id()) != 1)
        throw DataError(where + ": is not an integer");
    std::int64_t value = 0;
    check(H5Aread(attribute.id(), H5T_NATIVE_INT64, &value), "H5Aread", where);
    return value;
}

std::vector<double> File::read_numbers_attribute(const std::string& object, const std::string& name) const {
    const std::string where = name_of(object) + " attribute " + name;
    Handle attribute(
        check_id(H5Aopen_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
                 "H5Aopen_by_name", where),
        H5Aclose);
    Handle type(check_id(H5Aget_type(attribute.id()), "H5Aget_type", where), H5Tclose);
    Handle space(check_id(H5Aget_space(attribute.id()), "H5Aget_space", where), H5Sclose);
    const H5T_class_t kind = H5Tget_class(type.id());
    if (kind != H5T_FLOAT && kind != H5T_INTEGER) throw DataError(where + ": is not numeric");
    std::vector<double> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space.id())));
    check(H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, values.data()), "H5Aread", where);
    return values;
}

void File::write_typed(const std::string& object, const Array<double>& array, hid_t file_type) {
    const std::string where = name_of(object);
    Handle space(check_id(H5Screate_simple(static_cast<int>(array.shape.size()), array.shape.data(), nullptr),
                          "H5Screate_simple", where),
                 H5Sclose);
    const Handle links = intermediate_groups();
    Handle dataset(check_id(H5Dcreate2(file_.id(), object.c_str(), file_type, space.id(), links.id(),
                                       H5P_DEFAULT, H5P_DEFAULT),
                            "H5Dcreate2", where),
                   H5Dclose);
    check(H5Dwrite(dataset.id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()),
          "H5Dwrite", where);
}

void File::write(const std::string& object, const Array<double>& array) {
    write_typed(object, array, H5T_IEEE_F64LE);
}

void File::write_as_float(const std::string& object, const Array<double>& array) {
    write_typed(object, array, H5T_IEEE_F32LE);
}

void File::write_strings(const std::string& object, const std::vector<std::string>& texts) {
    const std::string where = name_of(object);
    std::size_t length = 1;
    for (const std::string& text : texts) length = std::max(length, text.size());
    std::vector<char> bytes(length * texts.size(), '\0');
    for (std::size_t i = 0; i < texts.size(); ++i)
        std::copy(texts[i].begin(), texts[i].end(), bytes.begin() + static_cast<std::ptrdiff_t>(i * length));
    const Handle type = text_type(length);
    const hsize_t count = texts.size();
    Handle space(check_id(H5Screate_simple(1, &count, nullptr), "H5Screate_simple", where), H5Sclose);
    const Handle links = intermediate_groups();
    Handle dataset(check_id(H5Dcreate2(file_.id(), object.c_str(), type.id(), space.id(), links.id(),
                                       H5P_DEFAULT, H5P_DEFAULT),
                            "H5Dcreate2", where),
                   H5Dclose);
    check(H5Dwrite(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), "H5Dwrite", where);
}

void File::write_attribute(const std::string& object, const std::string& name, const std::string& value) {
    const std::string where = name_of(object) + " attribute " + name;
    const Handle type = text_type(value.size());
    Handle space(check_id(H5Screate(H5S_SCALAR), "H5Screate", where), H5Sclose);
    Handle attribute(check_id(H5Acreate_by_name(file_.id(), object.c_str(), name.c_str(), type.id(),
                                                space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                              "H5Acreate_by_name", where),
                     H5Aclose);
    check(H5Awrite(attribute.id(), type.id(), value.c_str()), "H5Awrite", where);
}

void File::write_attribute(const std::string& object, const std::string& name, std::int64_t value) {
    const std::string where = name_of(object) + " attribute " + name;
    Handle space(check_id(H5Screate(H5S_SCALAR), "H5Screate", where), H5Sclose);
    Handle attribute(check_id(H5Acreate_by_name(file_.id(), object.c_str(), name.c_str(), H5T_STD_I64LE,
                                                space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                              "H5Acreate_by_name", where),
                     H5Aclose);
    check(H5Awrite(attribute.id(), H5T_NATIVE_INT64, &value), "H5Awrite", where);
}

void File::write_number_attribute(const std::string& object, const std::string& name, double value) {
    const std::string where = name_of(object) + " attribute " + name;
    Handle space(check_id(H5Screate(H5S_SCALAR), "H5Screate", where), H5Sclose);
    Handle attribute(check_id(H5Acreate_by_name(file_.id(), object.c_str(), name.c_str(), H5T_IEEE_F64LE,
                                                space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                              "H5Acreate_by_name", where),
                     H5Aclose);
    check(H5Awrite(attribute.id(), H5T_NATIVE_DOUBLE, &value), "H5Awrite", where);
}

std::vector<char> File::image() const {
    check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL), "H5Fflush", path_);
    const ssize_t size = H5Fget_file_image(file_.id(), nullptr, 0);
    if (size < 0) throw OutputError(path_ + ": H5Fget_file_image failed");
    std::vector<char> bytes(static_cast<std::size_t>(size));
    if (H5Fget_file_image(file_.id(), bytes.data(), bytes.size()) != size)
        throw OutputError(path_ + ": H5Fget_file_image failed");
    return bytes;
}

}  // namespace attnpaths::h5
