#include "store/file/store_file.hpp"

#include "base/error.hpp"
#include "h5/input_file.hpp"
#include "point/columns.hpp"
#include "store/file/column_layout.hpp"
#include "store/file/format_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace attnpaths {

using h5::check_id;
using h5::Handle;

namespace {

void check_read(herr_t status, const std::string& where) {
    if (status < 0) h5::fail(where, "cannot be read; the file is damaged or cut short");
}

template <class T>
void read_rows(hid_t dataset, hid_t type, std::size_t first, std::size_t count, T* data,
               const std::string& where) {
    if (count == 0) return;
    if (first + count > rows_of(dataset, where))
        throw DataError(fmt::format("{}: has {} rows, but row {} is asked for", where,
                                    rows_of(dataset, where), first + count - 1));
    const auto [in_memory, in_file] = select_rows(dataset, first, count, where);
    check_read(H5Dread(dataset, type, in_memory.id(), in_file.id(), H5P_DEFAULT, data), where);
}

Handle open_dataset(hid_t file, const std::string& object, const std::string& where) {
    return {check_id(H5Dopen2(file, object.c_str(), H5P_DEFAULT), "H5Dopen2", where), H5Dclose};
}

/// Where a row's values lie among the packed ones.
struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// Extent of a row; sizes are checked before they are multiplied or trusted.
Extent extent_of(std::uint64_t offset, const std::vector<std::uint64_t>& shape, std::uint64_t packed,
                 const std::string& where) {
    Extent extent = {offset, 1};
    for (const std::uint64_t length : shape) {
        if (length != 0 && extent.size > packed / length)
            throw DataError(where + ": a shape points beyond the values");
        extent.size *= length;
    }
    if (extent.size > packed || extent.offset > packed - extent.size)
        throw DataError(where + ": an offset points beyond the values");
    return extent;
}

}  // namespace

StoreFile::StoreFile(const std::string& path) : path_(path) {
    // Rows are read in this process, once a reader process has been through everything that leads to them.
    h5::InputFile(path).check_structure();
    file_ = Handle(check_id(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), "H5Fopen", path), H5Fclose);
    read_header();
    find_columns("", 0);
    const std::size_t rows =
        has("point/key") ? rows_of(open_rows("point/key", ColumnType::text).id(), path) : 0;
    if (points_ != rows)
        throw DataError(
            fmt::format("{}: attribute points is {}, but point/key has {} rows; the file is damaged", path,
                        points_, rows));
}

void StoreFile::read_header() {
    const h5::InputFile file(path_);
    const auto text = [&](const char* name) {
        return file.has_attribute("/", name) ? file.read_text_attribute("/", name) : std::string();
    };
    if (text("format") != "attnpaths-store")
        throw DataError(path_ + ": is not an attnpaths store (root attribute format)");
    check_format_version(path_, "store", file.read_integer_attribute("/", "version"), store_format_version);
    points_ = static_cast<std::size_t>(file.read_integer_attribute("/", "points"));
    header_.planned = file.read_integer_attribute("/", "planned");
    header_.configuration = text("configuration");
    header_.program_version = text("program_version");
    header_.git_hash = text("git_hash");
    header_.host = text("host");
    header_.created = text("created");
    header_.updated = text("updated");
    header_.run_started = text("run_started");
    header_.numerics = text("numerics");
    for (const auto& [name, value] : header_numbers)
        if (file.has_attribute("/", name)) header_.*value = file.read_numbers_attribute("/", name).at(0);
}

/// @param depth  groups above this one: links of any kind can make a file's groups endless, but columns of a
///               store lie two or three groups deep, each in one place
void StoreFile::find_columns(const std::string& group, int depth) {
    struct Found {
        std::vector<std::string> names;
        std::vector<std::string> links;  // that lead to a name, or out of the file
    } found;
    const auto visit = [](hid_t, const char* name, const H5L_info_t* link, void* list) -> herr_t {
        auto& [names, links] = *static_cast<Found*>(list);
        (link->type == H5L_TYPE_HARD ? names : links).emplace_back(name);
        return 0;
    };
    const std::string where = group.empty() ? "/" : group;
    constexpr int deepest = 4;
    if (depth > deepest)
        throw DataError(fmt::format("{}: {}: groups lie deeper than those of a store", path_, where));
    check_read(H5Literate_by_name(file_.id(), where.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, +visit,
                                  &found, H5P_DEFAULT),
               path_ + ": " + where);
    const std::vector<std::string>& names = found.names;
    if (!found.links.empty())
        throw DataError(
            fmt::format("{}: {} of {} is a link; a store has none", path_, found.links.front(), where));
    if (std::find(names.begin(), names.end(), "offsets") != names.end()) {
        columns_.emplace(group, ColumnType::array);
        return;
    }
    for (const std::string& name : names) {
        const std::string object = group.empty() ? name : group + "/" + name;
        const Handle opened(
            check_id(H5Oopen(file_.id(), object.c_str(), H5P_DEFAULT), "H5Oopen", path_ + ": " + object),
            H5Oclose);
        H5O_info_t info;
        check_read(H5Oget_info2(opened.id(), &info, H5O_INFO_BASIC), path_ + ": " + object);
        if (info.rc != 1)
            throw DataError(fmt::format("{}: {} is linked from {} places; a store has every column once",
                                        path_, object, info.rc));
        if (info.type == H5O_TYPE_GROUP) {
            find_columns(object, depth + 1);
        } else if (info.type == H5O_TYPE_DATASET) {
            const Handle type(check_id(H5Dget_type(opened.id()), "H5Dget_type", path_ + ": " + object),
                              H5Tclose);
            const H5T_class_t kind = H5Tget_class(type.id());
            columns_.emplace(object, kind == H5T_STRING    ? ColumnType::text
                                     : kind == H5T_INTEGER ? ColumnType::integer
                                                           : ColumnType::real);
        }
    }
}

std::vector<std::string> StoreFile::columns() const {
    std::vector<std::string> names;
    for (const auto& [name, type] : columns_) names.push_back(name);
    return names;
}

ColumnType StoreFile::type(const std::string& column) const {
    const auto found = columns_.find(column);
    if (found == columns_.end()) throw DataError(fmt::format("{}: has no column {}", path_, column));
    return found->second;
}

Handle StoreFile::open_rows(const std::string& column, ColumnType expected) const {
    if (type(column) != expected)
        throw DataError(fmt::format("{}: column {} holds {} values, not {}", path_, column,
                                    type_name(type(column)), type_name(expected)));
    const std::string object = expected == ColumnType::array ? column + "/offsets" : column;
    return open_dataset(file_.id(), object, path_ + ": " + object);
}

std::vector<double> StoreFile::reals(const std::string& column, std::size_t first, std::size_t count) const {
    std::vector<double> values(count, std::numeric_limits<double>::quiet_NaN());
    if (!has(column)) return values;
    const Handle rows = open_rows(column, ColumnType::real);
    read_rows(rows.id(), H5T_NATIVE_DOUBLE, first, count, values.data(), path_ + ": " + column);
    return values;
}

std::vector<std::int64_t> StoreFile::integers(const std::string& column, std::size_t first,
                                              std::size_t count) const {
    std::vector<std::int64_t> values(count, missing_integer);
    if (!has(column)) return values;
    const Handle rows = open_rows(column, ColumnType::integer);
    read_rows(rows.id(), H5T_NATIVE_INT64, first, count, values.data(), path_ + ": " + column);
    return values;
}

std::vector<std::string> StoreFile::texts(const std::string& column, std::size_t first,
                                          std::size_t count) const {
    std::vector<std::string> values(count);
    if (!has(column)) return values;
    const Handle rows = open_rows(column, ColumnType::text);
    const Handle type(check_id(H5Dget_type(rows.id()), "H5Dget_type", path_ + ": " + column), H5Tclose);
    const std::size_t length = H5Tget_size(type.id());
    if (H5Tis_variable_str(type.id()) != 0)
        throw DataError(path_ + ": " + column + ": texts are not of fixed length");
    std::vector<char> bytes(count * length);
    read_rows(rows.id(), type.id(), first, count, bytes.data(), path_ + ": " + column);
    for (std::size_t i = 0; i < count; ++i)
        values[i].assign(&bytes[i * length], strnlen(&bytes[i * length], length));
    return values;
}

std::vector<ValueArray> StoreFile::arrays(const std::string& column, std::size_t first,
                                          std::size_t count) const {
    std::vector<ValueArray> values(count);
    if (!has(column) || count == 0) return values;
    const std::string where = path_ + ": " + column;
    const Handle offset_rows = open_rows(column, ColumnType::array);
    const Handle shape_rows = open_dataset(file_.id(), column + "/shape", where);
    const Handle packed = open_dataset(file_.id(), column + "/values", where);
    const std::uint64_t packed_size = rows_of(packed.id(), where);
    const Handle space(check_id(H5Dget_space(shape_rows.id()), "H5Dget_space", where), H5Sclose);
    if (H5Sget_simple_extent_ndims(space.id()) != 2) throw DataError(where + ": shape is not a table");
    std::array<hsize_t, 2> shape_extent{};
    H5Sget_simple_extent_dims(space.id(), shape_extent.data(), nullptr);
    const std::size_t rank = shape_extent[1];

    std::vector<std::uint64_t> offsets(count);
    std::vector<std::uint64_t> shapes(count * rank);
    read_rows(offset_rows.id(), H5T_NATIVE_UINT64, first, count, offsets.data(), where);
    read_rows(shape_rows.id(), H5T_NATIVE_UINT64, first, count, shapes.data(), where);
    std::vector<Extent> extents(count);
    std::uint64_t begin = packed_size;
    std::uint64_t end = 0;
    std::uint64_t wanted = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t* shape = shapes.data() + i * rank;
        values[i].shape.assign(shape, shape + rank);
        extents[i] = extent_of(offsets[i], values[i].shape, packed_size, where);
        if (extents[i].size == 0) continue;
        begin = std::min(begin, extents[i].offset);
        end = std::max(end, extents[i].offset + extents[i].size);
        wanted += extents[i].size;
    }
    // Neighbouring rows lie side by side, unless a retried point's values went to the end: then one call per
    // row.
    constexpr std::uint64_t most_surplus = 2;
    const bool together = end > begin && end - begin <= most_surplus * wanted;
    std::vector<double> block(together ? end - begin : 0);
    if (together) read_rows(packed.id(), H5T_NATIVE_DOUBLE, begin, block.size(), block.data(), where);
    for (std::size_t i = 0; i < count; ++i) {
        if (extents[i].size == 0) {
            values[i] = {};
        } else if (together) {
            const double* from = block.data() + (extents[i].offset - begin);
            values[i].values.assign(from, from + extents[i].size);
        } else {
            values[i].values.resize(extents[i].size);
            read_rows(packed.id(), H5T_NATIVE_DOUBLE, extents[i].offset, extents[i].size,
                      values[i].values.data(), where);
        }
    }
    return values;
}

std::vector<Record> StoreFile::records(std::size_t first, std::size_t count) const {
    std::vector<Record> records(count);
    const auto take = [&](const std::string& name, auto&& values) {
        for (std::size_t i = 0; i < count; ++i) {
            Value value = std::move(values[i]);
            if (!is_missing(value)) records[i].emplace_hint(records[i].end(), name, std::move(value));
        }
    };
    for (const auto& [name, type] : columns_) {
        switch (type) {
            case ColumnType::real:
                take(name, reals(name, first, count));
                break;
            case ColumnType::integer:
                take(name, integers(name, first, count));
                break;
            case ColumnType::text:
                take(name, texts(name, first, count));
                break;
            case ColumnType::array:
                take(name, arrays(name, first, count));
                break;
        }
    }
    return records;
}

}  // namespace attnpaths
