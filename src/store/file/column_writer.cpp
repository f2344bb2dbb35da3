#include "store/file/column_writer.hpp"

#include "point/columns.hpp"
#include "store/file/column_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace attnpaths {

using h5::check;
using h5::check_id;
using h5::Handle;

namespace {

Handle open_column(hid_t file, const std::string& object, const std::string& where) {
    return {check_id(H5Dopen2(file, object.c_str(), H5P_DEFAULT), "H5Dopen2", where), H5Dclose};
}

bool exists(hid_t file, const std::string& object) {
    for (std::size_t end = object.find('/'); end != std::string::npos; end = object.find('/', end + 1))
        if (H5Lexists(file, object.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    return H5Lexists(file, object.c_str(), H5P_DEFAULT) > 0;
}

template <class T>
void write_rows(hid_t dataset, hid_t type, hsize_t first, hsize_t count, const std::vector<T>& data,
                const std::string& where) {
    if (count == 0) return;
    const auto [in_memory, in_file] = select_rows(dataset, first, count, where);
    check(H5Dwrite(dataset, type, in_memory.id(), in_file.id(), H5P_DEFAULT, data.data()), "H5Dwrite", where);
}

}  // namespace

ColumnWriter::ColumnWriter(hid_t file, const std::string& where, const std::string& name, hsize_t rows)
    : where_(where + ": " + name), column_(find_column(name)), rows_(rows) {
    const bool is_new = !exists(file, name);
    const auto make = [&](const std::string& object, hid_t type, const void* fill,
                          const std::vector<hsize_t>& extent) {
        return is_new ? create_rows(file, object, type, fill, extent, false, where_)
                      : open_column(file, object, where_);
    };
    const std::uint64_t zero = 0;
    switch (column_.type) {
        case ColumnType::real: {
            const double fill = std::numeric_limits<double>::quiet_NaN();
            rows_set_ = make(name, H5T_IEEE_F64LE, &fill, {rows});
            break;
        }
        case ColumnType::integer: {
            const std::int64_t fill = missing_integer;
            rows_set_ = make(name, H5T_STD_I64LE, &fill, {rows});
            break;
        }
        case ColumnType::text: {
            text_length_ = text_length(name);
            const Handle type = text_type(text_length_);
            const std::string fill(text_length_, '\0');
            constexpr hsize_t long_text = 64;
            rows_set_ = is_new ? create_rows(file, name, type.id(), fill.data(), {rows},
                                             text_length_ > long_text, where_)
                               : open_column(file, name, where_);
            break;
        }
        case ColumnType::array:
            rank_ = array_rank(column_);
            rows_set_ = make(name + "/offsets", H5T_STD_U64LE, &zero, {rows});
            shapes_ = make(name + "/shape", H5T_STD_U64LE, &zero, {rows, rank_});
            const double fill = 0;
            values_ = make(name + "/values", H5T_IEEE_F64LE, &fill, {0});
            packed_ = rows_of(values_.id(), where_);
            break;
    }
    if (is_new) {
        const Handle object(check_id(H5Oopen(file, name.c_str(), H5P_DEFAULT), "H5Oopen", where_), H5Oclose);
        write_attribute(object.id(), "units", column_.units, where_);
        write_attribute(object.id(), "description", column_.description, where_);
        write_attribute(object.id(), "shape", column_.shape, where_);
    }
    if (rows_of(rows_set_.id(), where_) != rows) extend(rows);
}

void ColumnWriter::extend(hsize_t rows) {
    rows_ = rows;
    check(H5Dset_extent(rows_set_.id(), &rows), "H5Dset_extent", where_);
    if (!shapes_) return;
    const std::array<hsize_t, 2> extent = {rows, rank_};
    check(H5Dset_extent(shapes_.id(), extent.data()), "H5Dset_extent", where_);
}

void ColumnWriter::write(hsize_t first, std::span<const Value* const> values) {
    switch (column_.type) {
        case ColumnType::real:
        case ColumnType::integer:
            write_scalars(first, values);
            break;
        case ColumnType::text:
            write_texts(first, values);
            break;
        case ColumnType::array:
            write_arrays(first, values);
            break;
    }
}

void ColumnWriter::write_scalars(hsize_t first, std::span<const Value* const> values) {
    const auto gather = [&]<class T>(T missing, hid_t type) {
        std::vector<T> data(values.size(), missing);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (values[i] != nullptr) data[i] = std::get<T>(*values[i]);
        write_rows(rows_set_.id(), type, first, data.size(), data, where_);
    };
    if (column_.type == ColumnType::real)
        gather(std::numeric_limits<double>::quiet_NaN(), H5T_NATIVE_DOUBLE);
    else
        gather(missing_integer, H5T_NATIVE_INT64);
}

void ColumnWriter::write_texts(hsize_t first, std::span<const Value* const> values) {
    std::vector<char> data(values.size() * text_length_, '\0');
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] == nullptr) continue;
        const auto& text = std::get<std::string>(*values[i]);
        std::copy_n(text.data(), std::min<std::size_t>(text.size(), text_length_),
                    data.data() + i * text_length_);
    }
    const Handle type = text_type(text_length_);
    write_rows(rows_set_.id(), type.id(), first, values.size(), data, where_);
}

void ColumnWriter::write_arrays(hsize_t first, std::span<const Value* const> values) {
    std::vector<std::uint64_t> offsets(values.size(), 0);
    std::vector<std::uint64_t> shapes(values.size() * rank_, 0);
    std::vector<double> packed;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] == nullptr || is_missing(*values[i])) continue;
        const auto& array = std::get<ValueArray>(*values[i]);
        offsets[i] = packed_ + packed.size();
        std::copy(array.shape.begin(), array.shape.end(),
                  shapes.begin() + static_cast<std::ptrdiff_t>(i * rank_));
        packed.insert(packed.end(), array.values.begin(), array.values.end());
    }
    const hsize_t longer = packed_ + packed.size();
    if (!packed.empty()) check(H5Dset_extent(values_.id(), &longer), "H5Dset_extent", where_);
    write_rows(values_.id(), H5T_NATIVE_DOUBLE, packed_, packed.size(), packed, where_);
    write_rows(rows_set_.id(), H5T_NATIVE_UINT64, first, offsets.size(), offsets, where_);
    write_rows(shapes_.id(), H5T_NATIVE_UINT64, first, values.size(), shapes, where_);
    packed_ = longer;
}

}  // namespace attnpaths
