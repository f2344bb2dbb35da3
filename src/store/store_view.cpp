#include "store/store_view.hpp"

#include "base/error.hpp"
#include "files/file_paths.hpp"
#include "files/held_file.hpp"
#include "files/posix_file.hpp"
#include "point/columns.hpp"
#include "store/file/seal.hpp"
#include "store/file/store_file.hpp"
#include "store/file/stored_rows.hpp"
#include "store/log/journal.hpp"
#include "store/log/point_states.hpp"
#include "store/log/run_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>

namespace attnpaths {

namespace {

/// Store files up to this size are read once to check them; of larger ones only the length is checked here
/// (verify and sweep check all).
constexpr std::uint64_t largest_checked = std::uint64_t{1} << 30U;

}  // namespace

struct StoreView::Impl {
    explicit Impl(std::string store_path) : path(std::move(store_path)) {}

    void read_journal();
    void read_file();
    void merge();
    void list_columns();
    template <class T>
    std::vector<T> column(const std::string& name, ColumnType type, T missing,
                          std::vector<T> (StoreFile::*read)(const std::string&, std::size_t, std::size_t)
                              const) const;

    /// A finished point that the journal holds: its scalars here, its arrays read again when they are asked
    /// for.
    struct Journaled {
        std::uint64_t offset;
        Record scalars;
    };

    std::string path;
    StoreHeader header;
    std::optional<JournalReader> journal;
    std::optional<StoreFile> file;
    std::vector<Journaled> results;  ///< of the journal, in its order
    std::map<std::size_t, std::size_t>
        from_journal;  ///< point -> index into results; other points are rows of the file
    std::size_t points = 0;
    std::vector<std::string> columns;
    std::map<std::string, ColumnType, std::less<>> types;
    std::vector<std::string> in_flight;
    std::vector<std::string> reopened;
    std::map<std::string, std::string> checkpoints;
    std::vector<std::string> damage;
    std::vector<std::string> notes;
    mutable std::optional<StoredRows> file_rows;  ///< whole rows of the file
};

void StoreView::Impl::read_journal() {
    const std::string journal_path = path + ".journal";
    if (!file_state(journal_path)) return;
    journal.emplace(journal_path);
    PointStates states;
    JournalEntry entry;
    while (journal->next(entry)) {
        states.add(entry);
        if (const auto* plan = std::get_if<PlanEntry>(&entry))
            header = decode_plan(plan->json, journal_path).header;
        const auto* record = std::get_if<RecordEntry>(&entry);
        if (record == nullptr) continue;
        Record scalars = decode_record(record->bytes);
        for (auto it = scalars.begin(); it != scalars.end();) {
            const bool is_array = std::holds_alternative<ValueArray>(it->second);
            types.emplace(it->first, find_column(it->first).type);
            it = is_array ? scalars.erase(it) : std::next(it);
        }
        results.push_back({journal->entry_offset(), std::move(scalars)});
    }
    in_flight = states.in_flight();
    reopened = states.reopened();
    checkpoints = states.checkpoints();
    if (journal->damaged_bytes() > 0)
        damage.push_back(
            fmt::format("{}: {} bytes are damaged, and points that were in them are missing; the sweep's own "
                        "command computes them again",
                        journal_path, journal->damaged_bytes()));
    if (journal->torn_bytes() > 0)
        notes.push_back(
            fmt::format("{}: the last {} bytes are no whole entry (being written, or cut off by a crash)",
                        journal_path, journal->torn_bytes()));
}

void StoreView::Impl::read_file() {
    if (!file_state(path)) return;
    if (is_folder(path)) throw DataError(path + ": is a folder, not a store");
    const std::uint64_t bytes = PosixFile::open(path).size();
    if (bytes <= largest_checked)
        check_store_file(path);
    else
        check_store_length(path);
    file.emplace(path);
    file_rows.emplace(*file);
    for (const std::string& name : file->columns()) types.insert_or_assign(name, file->type(name));
    // The journal's plan is the newer one; times of writing are the file's.
    StoreHeader written = file->header();
    header.updated = written.updated;
    if (header.created.empty()) header = std::move(written);
}

/// Gives every result of the journal its point: the row of its key in the file, or a new point after the
/// file's.
void StoreView::Impl::merge() {
    const std::size_t rows = file ? file->points() : 0;
    points = rows;
    if (results.empty()) return;
    std::unordered_map<std::string, std::size_t> row_of_key;
    if (file) {
        const std::vector<std::string> keys = file->texts("point/key", 0, rows);
        for (std::size_t i = 0; i < rows; ++i) row_of_key[keys[i]] = i;
    }
    for (std::size_t i = 0; i < results.size(); ++i) {
        const auto [found, is_new] = row_of_key.try_emplace(text_of(results[i].scalars, "point/key"), points);
        if (is_new) ++points;
        from_journal.insert_or_assign(found->second, i);
    }
}

void StoreView::Impl::list_columns() {
    for (const Column& known : schema())
        if (is_point_scalar(known)) types.emplace(known.name, known.type);
    const auto rank = [](const std::string& name) {
        try {
            return static_cast<std::size_t>(&find_column(name) - schema().data());
        } catch (const DataError&) {
            return schema().size();
        }
    };
    std::vector<std::pair<std::size_t, std::string>> ranked;
    for (const auto& [name, type] : types) ranked.emplace_back(rank(name), name);
    std::sort(ranked.begin(), ranked.end());
    for (auto& [number, name] : ranked) columns.push_back(std::move(name));
}

template <class T>
std::vector<T> StoreView::Impl::column(const std::string& name, ColumnType type, T missing,
                                       std::vector<T> (StoreFile::*read)(const std::string&, std::size_t,
                                                                         std::size_t) const) const {
    const auto known = types.find(name);
    if (known != types.end() && known->second != type)
        throw DataError(fmt::format("{}: column {} holds {} values, not {}", path, name,
                                    type_name(known->second), type_name(type)));
    std::vector<T> values = file ? ((*file).*read)(name, 0, file->points()) : std::vector<T>();
    values.resize(points, missing);
    for (const auto& [point, index] : from_journal) {
        const Record& scalars = results[index].scalars;
        const auto found = scalars.find(name);
        values[point] = found == scalars.end() ? missing : std::get<T>(found->second);
    }
    return values;
}

StoreView::StoreView(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StoreView::StoreView(StoreView&&) noexcept = default;
StoreView& StoreView::operator=(StoreView&&) noexcept = default;
StoreView::~StoreView() = default;

const std::string& StoreView::path() const noexcept {
    return impl_->path;
}
const StoreHeader& StoreView::header() const noexcept {
    return impl_->header;
}
std::size_t StoreView::points() const noexcept {
    return impl_->points;
}
const std::vector<std::string>& StoreView::in_flight() const noexcept {
    return impl_->in_flight;
}
const std::vector<std::string>& StoreView::reopened() const noexcept {
    return impl_->reopened;
}
const std::map<std::string, std::string>& StoreView::checkpoints() const noexcept {
    return impl_->checkpoints;
}
const std::vector<std::string>& StoreView::damage() const noexcept {
    return impl_->damage;
}
const std::vector<std::string>& StoreView::notes() const noexcept {
    return impl_->notes;
}
const std::vector<std::string>& StoreView::columns() const noexcept {
    return impl_->columns;
}

ColumnType StoreView::type(std::string_view column) const {
    const auto found = impl_->types.find(column);
    if (found == impl_->types.end())
        throw DataError(fmt::format("{}: has no column {}", impl_->path, column));
    return found->second;
}

std::vector<double> StoreView::reals(const std::string& column) const {
    return impl_->column(column, ColumnType::real, std::numeric_limits<double>::quiet_NaN(),
                         &StoreFile::reals);
}

std::vector<std::int64_t> StoreView::integers(const std::string& column) const {
    return impl_->column(column, ColumnType::integer, missing_integer, &StoreFile::integers);
}

std::vector<std::string> StoreView::texts(const std::string& column) const {
    return impl_->column(column, ColumnType::text, std::string(), &StoreFile::texts);
}

std::vector<ValueArray> StoreView::arrays(const std::string& column) const {
    std::vector<ValueArray> values =
        impl_->file ? impl_->file->arrays(column, 0, impl_->file->points()) : std::vector<ValueArray>();
    values.resize(impl_->points);
    for (const auto& [point, index] : impl_->from_journal) {
        const Record whole = record(point);
        const auto found = whole.find(column);
        values[point] = found == whole.end() ? ValueArray() : std::get<ValueArray>(found->second);
    }
    return values;
}

Record StoreView::record(std::size_t point) const {
    if (point >= impl_->points)
        throw DataError(
            fmt::format("{}: has {} points, none of number {}", impl_->path, impl_->points, point));
    if (const auto found = impl_->from_journal.find(point); found != impl_->from_journal.end())
        return decode_record(
            std::get<RecordEntry>(impl_->journal->read_at(impl_->results[found->second].offset)).bytes);
    return impl_->file_rows->row(point);
}

StoreView read_store(const std::string& name) {
    const std::string path = followed_path(name);
    // Each failed attempt is one that the writer overtook: sweeps compact every two seconds at most, so this
    // is against writers that do nothing else, as tests have them, on a machine that gives the reader little
    // time.
    constexpr int most_attempts = 100;
    for (int attempt = 1;; ++attempt) {
        const HeldFile before(path);
        try {
            auto impl = std::make_unique<StoreView::Impl>(path);
            impl->read_journal();
            impl->read_file();
            if (!impl->file && !impl->journal) throw InputError(path + ": no such store");
            // Nor is what a sweep was writing meanwhile.
            if (!impl->damage.empty() && attempt < most_attempts &&
                file_state(path + ".journal") != impl->journal->state())
                continue;
            impl->merge();
            impl->list_columns();
            return StoreView(std::move(impl));
        } catch (const Error&) {
            // A sweep that replaced the file meanwhile is no damage.
            if (attempt == most_attempts || before.is_still_there()) throw;
        }
    }
}

StoreView read_whole_store(const std::string& path) {
    StoreView store = read_store(path);
    if (!store.damage().empty()) throw DataError(store.damage().front());
    return store;
}

}  // namespace attnpaths
