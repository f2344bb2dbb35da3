#include "h5/local_file.hpp"

#include "base/error.hpp"
#include "h5/array.hpp"
#include "h5/reader_process.hpp"
#include "h5/structure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace attnpaths::h5 {

namespace {

/// What a text or a table of attributes may take; none of ours comes near.
constexpr std::size_t most_text_bytes = std::size_t{1} << 24U;

Handle open_file(const std::string& path) {
    // Another driver than the one that this program writes with (this one logs nothing): the library takes a
    // file that it has open already, as the parent of this process may have, for the same one, and would use
    // that one's descriptor.
    const Handle access(check_id(H5Pcreate(H5P_FILE_ACCESS), "H5Pcreate", path), H5Pclose);
    check(H5Pset_fapl_log(access.id(), nullptr, 0, 0), "H5Pset_fapl_log", path);
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose);
    if (!file) fail(path, "is damaged or cut short (HDF5 cannot open it); make or copy it again");
    return file;
}

/// What links say before they are followed, one name of the path after the other.
enum class Link { object, missing, dangling, circular, foreign };

Link look_at_link(hid_t file, const std::string& name) {
    if (H5Lexists(file, name.c_str(), H5P_DEFAULT) <= 0) return Link::missing;
    H5L_info_t info{};
    if (H5Lget_info(file, name.c_str(), &info, H5P_DEFAULT) < 0) return Link::missing;
    if (info.type != H5L_TYPE_HARD && info.type != H5L_TYPE_SOFT) return Link::foreign;
    if (H5Oexists_by_name(file, name.c_str(), H5P_DEFAULT) > 0) return Link::object;
    if (info.type == H5L_TYPE_HARD) return Link::object;  // damaged; opening it tells
    std::vector<char> target(info.u.val_size + 1, '\0');
    const bool is_known = H5Lget_val(file, name.c_str(), target.data(), info.u.val_size, H5P_DEFAULT) >= 0;
    return is_known && H5Lexists(file, target.data(), H5P_DEFAULT) > 0 ? Link::circular : Link::dangling;
}

std::size_t text_count(hid_t space, std::size_t bytes_each, const std::string& where) {
    const hssize_t count = H5Sget_simple_extent_npoints(space);
    if (count < 0 || static_cast<std::size_t>(count) > most_text_bytes / std::max<std::size_t>(1, bytes_each))
        throw DataError(where + ": is larger than any text of this kind; the file is damaged");
    return static_cast<std::size_t>(count);
}

/// Texts of a fixed- or variable-length string data set or attribute, read by `read(type, buffer)`.
template <class Read>
std::vector<std::string> read_texts(hid_t file_type, hid_t space, const std::string& where,
                                    const Read& read) {
    if (H5Tget_class(file_type) != H5T_STRING) throw DataError(where + ": is not text");
    const bool is_variable = H5Tis_variable_str(file_type) > 0;
    const std::size_t length = is_variable ? sizeof(char*) : H5Tget_size(file_type);
    std::vector<std::string> texts(text_count(space, length, where));
    const auto check_read = [&](herr_t status) {
        if (status < 0) h5::fail(where, "cannot be read; the file is damaged or cut short");
    };
    if (is_variable) {
        const Handle type(check_id(H5Tcopy(file_type), "H5Tcopy", where), H5Tclose);
        std::vector<char*> pointers(texts.size(), nullptr);
        check_read(read(type.id(), pointers.data()));
        for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = pointers[i] != nullptr ? pointers[i] : "";
        H5Dvlen_reclaim(type.id(), space, H5P_DEFAULT, pointers.data());
    } else {
        std::vector<char> bytes(texts.size() * length);
        check_read(read(file_type, bytes.data()));
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const char* text = bytes.data() + i * length;
            texts[i].assign(text, strnlen(text, length));
        }
    }
    return texts;
}

herr_t append_name(hid_t, const char* name, const void*, void* list) {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
}

}  // namespace

LocalFile::LocalFile(const std::string& path) : path_(path) {
    // A link into another file would read whatever this user can read.
    H5Lunregister(H5L_TYPE_EXTERNAL);
    file_ = open_file(path);
}

bool LocalFile::has(const std::string& object) const {
    std::size_t start = 1;
    while (start <= object.size() && object != "/") {
        const std::size_t end = std::min(object.find('/', start), object.size());
        const std::string prefix = object.substr(0, end);
        switch (look_at_link(file_.id(), prefix)) {
            case Link::object:
                break;
            case Link::missing:
                return false;
            case Link::dangling:
                throw DataError(name_of(prefix) +
                                ": is a link to something that is not in the file; remove it, or put the "
                                "data there");
            case Link::circular:
                throw DataError(name_of(prefix) +
                                ": is a link that leads to no object, in a circle or out of the file; put "
                                "the data there");
            case Link::foreign:
                throw DataError(name_of(prefix) +
                                ": is a link into another file; copy the data into this one");
        }
        start = end + 1;
    }
    return true;
}

bool LocalFile::has_attribute(const std::string& object, const std::string& name) const {
    return H5Aexists_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> LocalFile::members(const std::string& group) const {
    std::vector<std::string> names;
    const auto visit = [](hid_t id, const char* name, const H5L_info_t* info, void* list) -> herr_t {
        return append_name(id, name, info, list);
    };
    if (H5Literate_by_name(file_.id(), group.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, +visit, &names,
                           H5P_DEFAULT) < 0)
        throw DataError(name_of(group) + " is not a group that can be listed");
    return names;
}

std::vector<std::string> LocalFile::attributes(const std::string& object) const {
    std::vector<std::string> names;
    const auto visit = [](hid_t id, const char* name, const H5A_info_t* info, void* list) -> herr_t {
        return append_name(id, name, info, list);
    };
    if (H5Aiterate_by_name(file_.id(), object.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, +visit, &names,
                           H5P_DEFAULT) < 0)
        fail(name_of(object), "its attributes cannot be listed; the file is damaged");
    return names;
}

Handle LocalFile::open_object(const std::string& object) const {
    if (!has(object)) throw DataError(name_of(object) + ": is missing");
    Handle opened(H5Oopen(file_.id(), object.c_str(), H5P_DEFAULT), H5Oclose);
    if (!opened) fail(name_of(object), "cannot be opened; the file is damaged");
    return opened;
}

Handle LocalFile::open_dataset(const std::string& object) const {
    Handle opened = open_object(object);
    if (H5Iget_type(opened.id()) != H5I_DATASET)
        throw DataError(name_of(object) + ": is a group or type, not an array of numbers or texts");
    return opened;
}

Handle LocalFile::open_attribute(const std::string& object, const std::string& name) const {
    Handle attribute(H5Aopen_by_name(file_.id(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
                     H5Aclose);
    if (!attribute)
        throw DataError(
            fmt::format("{} attribute {}: is missing or cannot be opened", name_of(object), name));
    return attribute;
}

void LocalFile::check_structure() const {
    h5::check_structure(file_.id(), path_);
}

bool LocalFile::is_text(const std::string& object) const {
    const Handle dataset = open_dataset(object);
    const Handle type(check_id(H5Dget_type(dataset.id()), "H5Dget_type", name_of(object)), H5Tclose);
    return H5Tget_class(type.id()) == H5T_STRING;
}

NumberSet LocalFile::describe(const std::string& object) const {
    const auto known = described_.find(object);
    if (known != described_.end()) return known->second;
    return described_[object] = describe_numbers(open_dataset(object).id(), name_of(object));
}

void LocalFile::read(const std::string& object, const RowRange& range, const Take& take) const {
    const std::string where = name_of(object);
    const Handle dataset = open_dataset(object);
    const NumberSet set = describe(object);
    if (set.count == 0) return;
    const Handle in_file(check_id(H5Dget_space(dataset.id()), "H5Dget_space", where), H5Sclose);
    const std::size_t rank = set.shape.size();
    const std::uint64_t rows = rank > 0 ? set.shape[0] : 1;
    const std::uint64_t row_size = set.count / rows;
    const std::uint64_t start = std::min(range.first, rows);
    const std::uint64_t end = start + std::min(range.count, rows - start);
    std::vector<double> block;
    std::vector<hsize_t> offset(rank, 0);
    std::vector<hsize_t> extent = set.shape;
    for (std::uint64_t row = start; row < end; row += set.rows_at_a_time) {
        const std::uint64_t now = std::min(set.rows_at_a_time, end - row);
        limit_next_step(now * row_size * sizeof(double));
        block.resize(now * row_size);
        if (rank > 0) {
            offset[0] = row;
            extent[0] = now;
            check(H5Sselect_hyperslab(in_file.id(), H5S_SELECT_SET, offset.data(), nullptr, extent.data(),
                                      nullptr),
                  "H5Sselect_hyperslab", where);
        }
        const hsize_t size = block.size();
        const Handle in_memory(check_id(H5Screate_simple(1, &size, nullptr), "H5Screate_simple", where),
                               H5Sclose);
        if (H5Dread(dataset.id(), H5T_NATIVE_DOUBLE, in_memory.id(), in_file.id(), H5P_DEFAULT,
                    block.data()) < 0)
            fail(where, "cannot be read; the file is damaged or cut short");
        take(block);
    }
}

std::vector<std::string> LocalFile::read_strings(const std::string& object) const {
    const std::string where = name_of(object);
    const Handle dataset = open_dataset(object);
    const Handle type(check_id(H5Dget_type(dataset.id()), "H5Dget_type", where), H5Tclose);
    const Handle space(check_id(H5Dget_space(dataset.id()), "H5Dget_space", where), H5Sclose);
    return read_texts(type.id(), space.id(), where, [&](hid_t memory_type, void* buffer) {
        return H5Dread(dataset.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
    });
}

std::string LocalFile::read_text_attribute(const std::string& object, const std::string& name) const {
    const std::string where = name_of(object) + " attribute " + name;
    const Handle attribute = open_attribute(object, name);
    const Handle type(check_id(H5Aget_type(attribute.id()), "H5Aget_type", where), H5Tclose);
    const Handle space(check_id(H5Aget_space(attribute.id()), "H5Aget_space", where), H5Sclose);
    const std::vector<std::string> texts = read_texts(
        type.id(), space.id(), where,
        [&](hid_t memory_type, void* buffer) { return H5Aread(attribute.id(), memory_type, buffer); });
    if (texts.size() != 1) throw DataError(where + ": is not a single text");
    return texts[0];
}

std::int64_t LocalFile::read_integer_attribute(const std::string& object, const std::string& name) const {
    const std::string where = name_of(object) + " attribute " + name;
    const Handle attribute = open_attribute(object, name);
    const Handle type(check_id(H5Aget_type(attribute.id()), "H5Aget_type", where), H5Tclose);
    const Handle space(check_id(H5Aget_space(attribute.id()), "H5Aget_space", where), H5Sclose);
    const H5T_class_t kind = H5Tget_class(type.id());
    if ((kind != H5T_INTEGER && kind != H5T_ENUM) || H5Sget_simple_extent_npoints(space.id()) != 1)
        throw DataError(where + ": is not an integer");
    std::int64_t value = 0;
    if (H5Aread(attribute.id(), H5T_NATIVE_INT64, &value) < 0)
        fail(where, "cannot be read; the file is damaged");
    return value;
}

std::vector<double> LocalFile::read_numbers_attribute(const std::string& object,
                                                      const std::string& name) const {
    const std::string where = name_of(object) + " attribute " + name;
    const Handle attribute = open_attribute(object, name);
    const Handle type(check_id(H5Aget_type(attribute.id()), "H5Aget_type", where), H5Tclose);
    const Handle space(check_id(H5Aget_space(attribute.id()), "H5Aget_space", where), H5Sclose);
    const H5T_class_t kind = H5Tget_class(type.id());
    if (kind != H5T_FLOAT && kind != H5T_INTEGER) throw DataError(where + ": is not numeric");
    std::vector<double> values(text_count(space.id(), sizeof(double), where));
    if (H5Aread(attribute.id(), H5T_NATIVE_DOUBLE, values.data()) < 0)
        fail(where, "cannot be read; the file is damaged");
    return values;
}

}  // namespace attnpaths::h5
