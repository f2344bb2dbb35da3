#include "h5/file.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

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

}  // namespace

File File::create(const std::string& path) {
    errno = 0;  // the library may refuse without asking the system
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
