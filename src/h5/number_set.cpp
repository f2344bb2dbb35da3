#include "h5/number_set.hpp"

#include "base/error.hpp"
#include "h5/array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace attnpaths::h5 {

namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 23U;

const char* kind_text(H5T_class_t kind) {
    switch (kind) {
        case H5T_STRING:
            return "text";
        case H5T_COMPOUND:
            return "compound values (complex numbers?)";
        case H5T_REFERENCE:
            return "references";
        case H5T_VLEN:
            return "lists of different lengths";
        case H5T_OPAQUE:
            return "opaque bytes";
        default:
            return "values of another kind";
    }
}

void check_filters(hid_t creation, const std::string& where) {
    const int count = H5Pget_nfilters(creation);
    for (int i = 0; i < count; ++i) {
        unsigned flags = 0;
        std::size_t values = 0;
        std::array<char, 64> name{};
        const H5Z_filter_t filter = H5Pget_filter2(creation, static_cast<unsigned>(i), &flags, &values,
                                                   nullptr, name.size(), name.data(), nullptr);
        name.back() = '\0';
        if (filter < 0 || H5Zfilter_avail(filter) <= 0)
            throw DataError(fmt::format(
                "{}: is packed by filter {} ({}), which this program's HDF5 lacks; write it with gzip", where,
                filter, name[0] != '\0' ? name.data() : "unnamed"));
    }
}

/// Numbers that nobody wrote would be read as zeros.
void check_chunks(hid_t dataset, hid_t space, hid_t creation, NumberSet& set, const std::string& where) {
    std::vector<hsize_t> chunk(set.shape.size());
    if (H5Pget_chunk(creation, static_cast<int>(chunk.size()), chunk.data()) !=
            static_cast<int>(chunk.size()) ||
        std::find(chunk.begin(), chunk.end(), hsize_t{0}) != chunk.end())
        throw DataError(where + ": its chunks cannot be read; the file is damaged");
    std::vector<hsize_t> chunks;
    for (std::size_t axis = 0; axis < chunk.size(); ++axis)
        chunks.push_back((set.shape[axis] - 1) / chunk[axis] + 1);
    const std::size_t expected = element_count(chunks, 1, where);
    hsize_t written = 0;
    if (H5Dget_num_chunks(dataset, space, &written) < 0)
        throw DataError(where + ": its chunks cannot be counted; the file is damaged");
    if (written == 0)
        throw DataError(where + ": was created and never written; write its values, or make the file again");
    if (written < expected)
        throw DataError(
            fmt::format("{}: only {} of its {} chunks were ever written; write all values, or "
                        "make the file again",
                        where, written, expected));
    set.rows_at_a_time = chunk[0];
}

void check_storage(hid_t dataset, hid_t space, NumberSet& set, const std::string& where) {
    const Handle creation(check_id(H5Dget_create_plist(dataset), "H5Dget_create_plist", where), H5Pclose);
    const H5D_layout_t layout = H5Pget_layout(creation.id());
    if (layout == H5D_VIRTUAL)
        throw DataError(where +
                        ": is a virtual data set, whose numbers lie in other files; copy them into this one "
                        "(in h5py: file[name] = old[name][...])");
    if (H5Pget_external_count(creation.id()) > 0)
        throw DataError(where +
                        ": keeps its numbers in another file (external storage); copy them into this one "
                        "(in h5py: file[name] = old[name][...])");
    check_filters(creation.id(), where);
    set.stored_bytes = H5Dget_storage_size(dataset);
    if (set.count == 0) return;
    if (layout == H5D_CHUNKED) check_chunks(dataset, space, creation.id(), set, where);
    if (layout == H5D_CONTIGUOUS && set.stored_bytes == 0)
        throw DataError(where + ": was created and never written; write its values, or make the file again");
}

}  // namespace

NumberSet describe_numbers(hid_t dataset, const std::string& where) {
    const Handle type(check_id(H5Dget_type(dataset), "H5Dget_type", where), H5Tclose);
    const H5T_class_t kind = H5Tget_class(type.id());
    if (kind != H5T_FLOAT && kind != H5T_INTEGER && kind != H5T_ENUM)
        throw DataError(fmt::format("{}: is not numeric: it holds {}; write floating-point or whole numbers",
                                    where, kind_text(kind)));
    const Handle space(check_id(H5Dget_space(dataset), "H5Dget_space", where), H5Sclose);
    if (H5Sget_simple_extent_type(space.id()) == H5S_NULL)
        throw DataError(where + ": is empty (no shape, no value); write its values");
    const int rank = H5Sget_simple_extent_ndims(space.id());
    NumberSet set;
    set.shape.resize(static_cast<std::size_t>(std::max(rank, 0)));
    if (rank < 0 || H5Sget_simple_extent_dims(space.id(), set.shape.data(), nullptr) != rank)
        throw DataError(where + ": its shape cannot be read; the file is damaged");
    set.is_integer = kind != H5T_FLOAT;
    set.count = element_count(set.shape, sizeof(double), where);
    check_storage(dataset, space.id(), set, where);
    if (set.count > 0 && rank > 0) {
        // Whole rows of chunks, and not many small blocks.
        const std::uint64_t row_bytes = set.count / set.shape[0] * sizeof(double);
        const std::uint64_t rows = set.rows_at_a_time;
        const std::uint64_t times = std::max<std::uint64_t>(1, block_bytes / row_bytes / rows);
        set.rows_at_a_time = std::min<std::uint64_t>(set.shape[0], rows * times);
    }
    return set;
}

}  // namespace attnpaths::h5
