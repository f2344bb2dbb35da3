#include "store/file/column_layout.hpp"

#include <algorithm>
#include <array>

namespace attnpaths {

using h5::check;
using h5::check_id;
using h5::Handle;

namespace {

/// Opens an attribute for writing; one of another size is replaced.
Handle attribute_of(hid_t object, const std::string& name, hid_t type, const std::string& where) {
    if (H5Aexists(object, name.c_str()) > 0) {
        Handle attribute(check_id(H5Aopen(object, name.c_str(), H5P_DEFAULT), "H5Aopen", where), H5Aclose);
        const Handle old(check_id(H5Aget_type(attribute.id()), "H5Aget_type", where), H5Tclose);
        // Overwritten in place where it fits: each replacement leaves a hole in the file.
        if (H5Tequal(old.id(), type) > 0) return attribute;
        attribute.reset();
        check(H5Adelete(object, name.c_str()), "H5Adelete", where);
    }
    const Handle space(check_id(H5Screate(H5S_SCALAR), "H5Screate", where), H5Sclose);
    return {check_id(H5Acreate2(object, name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT),
                     "H5Acreate2", where),
            H5Aclose};
}

}  // namespace

Handle text_type(std::size_t length) {
    Handle type(check_id(H5Tcopy(H5T_C_S1), "H5Tcopy", "text type"), H5Tclose);
    check(H5Tset_size(type.id(), std::max<std::size_t>(length, 1)), "H5Tset_size", "text type");
    check(H5Tset_strpad(type.id(), H5T_STR_NULLPAD), "H5Tset_strpad", "text type");
    check(H5Tset_cset(type.id(), H5T_CSET_UTF8), "H5Tset_cset", "text type");
    return type;
}

Handle create_rows(hid_t file, const std::string& object, hid_t type, const void* fill,
                   const std::vector<hsize_t>& extent, bool deflate, const std::string& where) {
    const auto rank = static_cast<int>(extent.size());
    std::vector<hsize_t> largest = extent;
    largest[0] = H5S_UNLIMITED;
    std::vector<hsize_t> chunk = extent;
    const bool packed = object.ends_with("/values");
    chunk[0] = packed ? values_per_chunk : rows_per_chunk;
    const Handle space(
        check_id(H5Screate_simple(rank, extent.data(), largest.data()), "H5Screate_simple", where), H5Sclose);
    const Handle layout(check_id(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate", where), H5Pclose);
    check(H5Pset_chunk(layout.id(), rank, chunk.data()), "H5Pset_chunk", where);
    check(H5Pset_fill_value(layout.id(), type, fill), "H5Pset_fill_value", where);
    if (deflate && H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0)
        check(H5Pset_deflate(layout.id(), 1), "H5Pset_deflate", where);
    const Handle links(check_id(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate", where), H5Pclose);
    check(H5Pset_create_intermediate_group(links.id(), 1), "H5Pset_create_intermediate_group", where);
    return {check_id(H5Dcreate2(file, object.c_str(), type, space.id(), links.id(), layout.id(), H5P_DEFAULT),
                     "H5Dcreate2", where),
            H5Dclose};
}

std::pair<Handle, Handle> select_rows(hid_t dataset, hsize_t first, hsize_t count, const std::string& where) {
    Handle in_file(check_id(H5Dget_space(dataset), "H5Dget_space", where), H5Sclose);
    const int rank = std::clamp(H5Sget_simple_extent_ndims(in_file.id()), 1, 2);
    std::array<hsize_t, 2> extent = {0, 1};
    check(H5Sget_simple_extent_dims(in_file.id(), extent.data(), nullptr), "H5Sget_simple_extent_dims",
          where);
    const std::array<hsize_t, 2> start = {first, 0};
    const std::array<hsize_t, 2> size = {count, extent[1]};
    check(H5Sselect_hyperslab(in_file.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr),
          "H5Sselect_hyperslab", where);
    Handle in_memory(check_id(H5Screate_simple(rank, size.data(), nullptr), "H5Screate_simple", where),
                     H5Sclose);
    return {std::move(in_memory), std::move(in_file)};
}

hsize_t rows_of(hid_t dataset, const std::string& where) {
    const Handle space(check_id(H5Dget_space(dataset), "H5Dget_space", where), H5Sclose);
    std::array<hsize_t, H5S_MAX_RANK> extent{};
    check_id(H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr), "H5Sget_simple_extent_dims",
             where);
    return extent[0];
}

void write_attribute(hid_t object, const std::string& name, const std::string& text,
                     const std::string& where) {
    const Handle type = text_type(text.size());
    const Handle attribute = attribute_of(object, name, type.id(), where);
    check(H5Awrite(attribute.id(), type.id(), text.c_str()), "H5Awrite", where + " attribute " + name);
}

void write_attribute(hid_t object, const std::string& name, std::int64_t value, const std::string& where) {
    const Handle attribute = attribute_of(object, name, H5T_STD_I64LE, where);
    check(H5Awrite(attribute.id(), H5T_NATIVE_INT64, &value), "H5Awrite", where + " attribute " + name);
}

void write_attribute(hid_t object, const std::string& name, double value, const std::string& where) {
    const Handle attribute = attribute_of(object, name, H5T_IEEE_F64LE, where);
    check(H5Awrite(attribute.id(), H5T_NATIVE_DOUBLE, &value), "H5Awrite", where + " attribute " + name);
}

}  // namespace attnpaths
