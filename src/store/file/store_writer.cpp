#include "store/file/store_writer.hpp"

#include "base/error.hpp"
#include "files/file_paths.hpp"
#include "point/columns.hpp"
#include "store/file/column_layout.hpp"
#include "store/file/format_version.hpp"
#include "store/file/seal.hpp"
#include "store/file/store_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace attnpaths {

using h5::check;
using h5::check_id;
using h5::Handle;

namespace {

/// A buffer of this many points or values is written out.
constexpr std::size_t buffered_points = 1024;
constexpr std::size_t most_buffered_values = std::size_t{4} << 20U;

std::size_t values_of(const Record& record) {
    std::size_t count = record.size();
    for (const auto& [name, value] : record)
        if (const auto* array = std::get_if<ValueArray>(&value)) count += array->values.size();
    return count;
}

/// Runs a step of HDF5's; a write that the system refused becomes one line that says so, as HDF5's own report
/// of it does not.
template <class Step>
void with_plain_errors(const std::string& path, const Step& step) {
    try {
        step();
    } catch (const Error& error) {
        constexpr std::string_view label = "errno = ";
        const std::string_view message = error.what();
        const std::size_t found = message.find(label);
        if (found == std::string_view::npos) throw;
        const int reason = std::atoi(message.data() + found + label.size());
        throw OutputError(fmt::format("{}: writing failed: {}", path, std::strerror(reason)));
    }
}

}  // namespace

StoreWriter::StoreWriter(const std::string& path, Start start)
    : path_(path), next_(path, NewFile::Links::replaced) {
    try {
        if (start == Start::from_old && file_state(path)) {
            const PosixFile old = PosixFile::open(path);
            next_.file().copy_from(old);
            old_file_ = SealedFile{old.state(), check_store_file(next_.file(), path).checksum};
        }
        with_plain_errors(path_, [&] { open_file(old_file_.has_value()); });
    } catch (...) {
        abandon();
        throw;
    }
}

StoreWriter::~StoreWriter() {
    abandon();
}

void StoreWriter::open_file(bool has_old) {
    if (has_old) {
        const std::vector<std::string> names = read_rows();
        // Not by its name, which another user of the folder could have made a link by now.
        const std::string openable = next_.file().openable_name();
        file_ = Handle(check_id(H5Fopen(openable.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), "H5Fopen", path_),
                       H5Fclose);
        // Every column has to grow with a new point, also those that it lacks.
        for (const std::string& name : names) open_column(name);
        return;
    }
    const Handle creation(check_id(H5Pcreate(H5P_FILE_CREATE), "H5Pcreate", path_), H5Pclose);
    check(H5Pset_userblock(creation.id(), seal_bytes), "H5Pset_userblock", path_);
    const std::string openable = next_.file().openable_name();
    const hid_t file = H5Fcreate(openable.c_str(), H5F_ACC_TRUNC, creation.id(), H5P_DEFAULT);
    check(file < 0 ? -1 : 0, "H5Fcreate", path_);
    file_ = Handle(file, H5Fclose);
    // Analyses ask for these whether or not a point has them: a store without failures has an empty
    // point/message.
    for (const Column& known : schema())
        if (is_point_scalar(known)) open_column(known.name);
}

std::vector<std::string> StoreWriter::read_rows() {
    const StoreFile old(next_.temporary());
    written_ = old.points();
    const std::vector<std::string> keys = old.texts("point/key", 0, written_);
    const std::vector<std::string> status = old.texts("point/status", 0, written_);
    const std::vector<std::string> checksums = old.texts("point/checksum", 0, written_);
    rows_.reserve(keys.size());
    for (hsize_t i = 0; i < written_; ++i)
        rows_.insert_or_assign(keys[i], Row{i, status[i] == "done", checksums[i]});
    return old.columns();
}

void StoreWriter::add(Record record) {
    const std::string& key = text_of(record, "point/key");
    const bool done = text_of(record, "point/status") == "done";
    const std::string& checksum = text_of(record, "point/checksum");
    const auto [found, is_new] = rows_.try_emplace(key, Row{rows_.size(), done, checksum});
    if (!is_new) {
        Row& row = found->second;
        if (row.done && done && row.checksum == checksum) return;
        row.done = done;
        row.checksum = checksum;
    }
    buffered_values_ += values_of(record);
    buffer_.insert_or_assign(found->second.number, std::move(record));
    if (buffer_.size() >= buffered_points || buffered_values_ >= most_buffered_values)
        with_plain_errors(path_, [&] { flush(); });
}

void StoreWriter::open_column(const std::string& name) {
    columns_.try_emplace(name, BufferedColumn{ColumnWriter(file_.id(), path_, name, written_), {}});
}

void StoreWriter::gather(const Record& record, std::size_t row) {
    // Both are ordered by name: one walk along the two.
    auto column = columns_.begin();
    for (const auto& [name, value] : record) {
        while (column != columns_.end() && column->first < name) ++column;
        if (column == columns_.end() || column->first != name) {
            if (is_missing(value)) continue;
            column = columns_.emplace_hint(
                column, name, BufferedColumn{ColumnWriter(file_.id(), path_, name, rows_.size()), {}});
            column->second.values.assign(buffer_.size(), nullptr);
        }
        column->second.values[row] = &value;
    }
}

void StoreWriter::flush() {
    for (auto& [name, column] : columns_) {
        column.writer.extend(rows_.size());
        column.values.assign(buffer_.size(), nullptr);
    }
    std::size_t row = 0;
    for (const auto& [number, record] : buffer_) gather(record, row++);

    // New points are consecutive rows and go in one call per column; a retried point's row is written on its
    // own, missing values too, because they replace those of the failed attempt.
    const auto first_new = buffer_.lower_bound(written_);
    for (auto& [name, column] : columns_) {
        std::span<const Value* const> values(column.values);
        for (auto it = buffer_.begin(); it != first_new; ++it, values = values.subspan(1))
            column.writer.write(it->first, values.first(1));
        if (std::any_of(values.begin(), values.end(), [](const Value* value) { return value != nullptr; }))
            column.writer.write(written_, values);
    }
    written_ = rows_.size();
    buffer_.clear();
    buffered_values_ = 0;
}

void StoreWriter::write_header(const StoreHeader& header) {
    const Handle root(check_id(H5Oopen(file_.id(), "/", H5P_DEFAULT), "H5Oopen", path_), H5Oclose);
    const auto text = [&](const char* name, const std::string& value) {
        write_attribute(root.id(), name, value, path_);
    };
    const auto number = [&](const char* name, std::int64_t value) {
        write_attribute(root.id(), name, value, path_);
    };
    text("format", "attnpaths-store");
    number("version", store_format_version);
    text("program_version", header.program_version);
    text("git_hash", header.git_hash);
    text("configuration", stored_configuration(header));
    number("points", static_cast<std::int64_t>(written_));
    number("planned", header.planned);
    text("host", header.host);
    text("created", header.created);
    text("updated", header.updated);
    text("run_started", header.run_started);
    text("numerics", header.numerics);
    for (const auto& [name, value] : header_numbers) write_attribute(root.id(), name, header.*value, path_);
}

std::int64_t StoreWriter::done() const {
    return std::count_if(rows_.begin(), rows_.end(), [](const auto& entry) { return entry.second.done; });
}

std::int64_t StoreWriter::failed() const {
    return static_cast<std::int64_t>(rows_.size()) - done();
}

SealedFile StoreWriter::commit(const StoreHeader& header) {
    with_plain_errors(path_, [&] {
        flush();
        write_header(header);
        close();
    });
    SealedFile sealed = seal_store_file(next_.file());
    next_.commit();
    return sealed;
}

void StoreWriter::close() {
    // While all is open, because a failed write in the closing itself leaves HDF5 with a file that it cannot
    // let go.
    check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL), "H5Fflush", path_);
    columns_.clear();
    // The handle's own closing says nothing of its success: it gives up its share, and the last one is closed
    // here.
    const hid_t file = file_.id();
    H5Iinc_ref(file);
    file_.reset();
    check(H5Fclose(file), "H5Fclose", path_);
}

void StoreWriter::abandon() noexcept {
    if (file_) {
        // HDF5 insists on writing out what it holds before it closes a file, and fails for ever on a full
        // disk. Its descriptor is led to memory, where it can write what nobody will read.
        void* descriptor = nullptr;
        const int memory = memfd_create("attnpaths-abandoned", MFD_CLOEXEC);
        if (memory >= 0 && H5Fget_vfd_handle(file_.id(), H5P_DEFAULT, &descriptor) >= 0)
            dup2(memory, *static_cast<int*>(descriptor));
        if (memory >= 0) ::close(memory);
        columns_.clear();
        file_.reset();
    }
}

}  // namespace attnpaths
