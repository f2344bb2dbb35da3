#include "store/store.hpp"

#include "base/error.hpp"
#include "base/host_name.hpp"
#include "base/utc_time.hpp"
#include "files/file_paths.hpp"
#include "files/new_file.hpp"
#include "point/columns.hpp"
#include "store/file/numerics_lines.hpp"
#include "store/file/result_checksum.hpp"
#include "store/file/seal.hpp"
#include "store/file/store_file.hpp"
#include "store/file/store_writer.hpp"
#include "store/file/stored_rows.hpp"
#include "store/joined_row.hpp"
#include "store/log/journal.hpp"
#include "store/log/point_states.hpp"
#include "store/log/run_plan.hpp"
#include "store/log/store_lock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace attnpaths {

namespace {
using Clock = std::chrono::steady_clock;

/// A compaction may take this fraction of the time between two of them.
constexpr int interval_per_duration = 30;
constexpr std::chrono::seconds shortest_interval(2);
/// Of checkpoints in the journal, most of them outdated, before it is worth starting anew.
constexpr std::uint64_t most_checkpoint_bytes = std::uint64_t{1} << 30U;
}  // namespace

/// Rows of a store file by their keys.
struct FiledRows {
    explicit FiledRows(const std::string& path) : file(path), rows(file) {
        const std::vector<std::string> keys = file.texts("point/key", 0, file.points());
        for (std::size_t i = 0; i < keys.size(); ++i) number[keys[i]] = i;
    }

    StoreFile file;
    StoredRows rows;
    std::unordered_map<std::string, std::size_t> number;
};

struct Store::Impl {
    explicit Impl(const std::string& store_path) : path(store_path), lock(store_path) {}

    void load();
    void settle_abrupt_end();
    void log(const JournalEntry& entry);
    std::uint64_t append(const JournalEntry& entry);
    void sync();
    [[nodiscard]] std::string replaced() const;
    void check_still_ours();
    void compact();
    void write_store_file();
    void restart_journal();
    [[nodiscard]] bool has_news() const;
    std::int64_t plan_unfinished(const std::vector<std::string>& keys);
    Record row(const std::string& key);

    std::string path;
    StoreLock lock;
    std::optional<JournalWriter> journal;
    std::optional<SealedFile> file;      ///< the store file as this run found or left it
    std::optional<StoreHeader> written;  ///< what it says
    PointStates states;
    std::unordered_set<std::string> wanted;  ///< by this run, but for points that were finished
    RunPlan plan;                        ///< of the earlier run until load() has returned, then of this one
    std::int64_t journaled_results = 0;  ///< records since the last compaction
    std::unordered_map<std::string, std::uint64_t> journaled;  ///< where in the journal the rows of these lie
    std::optional<FiledRows> filed;      ///< rows of the store file; made when asked for
    std::uint64_t checkpoint_bytes = 0;  ///< written since the last compaction
    std::uint64_t unreadable_bytes = 0;  ///< of the journal, known since it was opened
    Clock::time_point last_look{};       ///< whether all is still ours
    std::vector<std::string> warnings;
    Clock::time_point last_compaction = Clock::now();
    Clock::duration compaction_time{};
};

/// Reads what earlier runs left, and gets the journal ready for appending.
void Store::Impl::load() {
    const std::string journal_path = path + ".journal";
    remove_abandoned_files(path);
    remove_abandoned_files(journal_path);
    if (!lock.note().empty()) warnings.push_back(lock.note());
    if (file_state(path)) {
        file = check_store_file(path);
        const StoreFile columns(path);
        states.add(columns);
        written = plan.header = columns.header();
    }
    if (!file_state(journal_path)) {
        journal = JournalWriter::create(journal_path);
        return;
    }
    JournalReader reader(journal_path);
    JournalEntry entry;
    while (reader.next(entry)) {
        states.add(entry);
        if (const auto* record = std::get_if<RecordEntry>(&entry)) {
            ++journaled_results;
            journaled[text_of(decode_record(record->bytes), "point/key")] = reader.entry_offset();
        }
        if (const auto* planned = std::get_if<PlanEntry>(&entry))
            plan = decode_plan(planned->json, journal_path);
    }
    if (reader.damaged_bytes() > 0)
        warnings.push_back(
            fmt::format("{}: {} bytes are damaged; the points that were in them are computed again",
                        journal_path, reader.damaged_bytes()));
    if (reader.torn_bytes() > 0)
        warnings.push_back(
            fmt::format("{}: dropped {} bytes of an entry that was being written when an earlier run ended",
                        journal_path, reader.torn_bytes()));
    if (reader.damaged_bytes() == 0) {
        journal = JournalWriter::append_to(journal_path, reader.valid_bytes());
        return;
    }
    // Not to meet the same damage again.
    unreadable_bytes = reader.damaged_bytes() + reader.torn_bytes();
    compact();
}

/// Points that an earlier run left in flight: that run did not end in order. Alone, a rank computes its
/// points in the order in which it started them, so the first one is the only suspect. Of several ranks one
/// cannot tell which died: none is.
void Store::Impl::settle_abrupt_end() {
    const std::vector<std::string> left = states.in_flight();
    if (left.empty()) return;
    const bool alone = plan.ranks == 1;
    for (const std::string& key : left) {
        if (alone && key == left.front())
            log(StrikeEntry{key, "the run ended abruptly while this point was computed"});
        else
            log(ReleasedEntry{key});
    }
    std::string message = fmt::format("{}: the last run ended abruptly with {} point{} in work", path,
                                      left.size(), left.size() == 1 ? "" : "s");
    if (alone)
        message += fmt::format("; strike {} for point {}", states.find(left.front())->strikes, left.front());
    warnings.push_back(message);
}

void Store::Impl::log(const JournalEntry& entry) {
    append(entry);
    states.add(entry);
}

/// @returns where in the journal it lies
std::uint64_t Store::Impl::append(const JournalEntry& entry) {
    // A process that was stopped for a while must find out before it writes into what is another's now.
    constexpr std::chrono::milliseconds longest(100);
    if (Clock::now() - last_look > longest) check_still_ours();
    const std::uint64_t offset = journal->size();
    journal->append(entry);
    return offset;
}

/// The files may have been removed, replaced or taken over by another sweep: then nothing that is known here
/// can be relied on, least of all for a report of success.
void Store::Impl::check_still_ours() {
    lock.check_held();
    if (journal) journal->check_in_place();
    const std::optional<FileState> now = file_state(path);
    if (now.has_value() != file.has_value() || (file && *now != file->state)) throw OutputError(replaced());
    last_look = Clock::now();
}

void Store::Impl::sync() {
    check_still_ours();
    journal->sync();
}

std::string Store::Impl::replaced() const {
    return path +
           ": is not the file that this sweep left there: it was removed, replaced or changed by "
           "somebody else; stopped, and the same command goes on with what is there";
}

/// Whether a new store file would say anything that the present one does not.
bool Store::Impl::has_news() const {
    if (!file || journaled_results > 0) return true;
    const auto is_same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    for (const auto& [name, value] : header_numbers)
        if (!is_same(plan.header.*value, (*written).*value)) return true;
    return plan.header.planned != written->planned ||
           stored_configuration(plan.header) != stored_configuration(*written) ||
           plan.header.numerics != written->numerics ||
           plan.header.program_version != written->program_version ||
           plan.header.git_hash != written->git_hash;
}

void Store::Impl::compact() {
    const Clock::time_point begin = Clock::now();
    check_still_ours();
    if (has_news()) {
        try {
            write_store_file();
        } catch (const DataError& error) {
            // What was whole when it was opened or written here: somebody or something changed it since.
            throw OutputError(
                fmt::format("{} (this happened while the sweep ran, which has stopped)", error.what()));
        }
        check_still_ours();
    }
    // Until the new journal is in place, results are in both; the next opening recognises them by their
    // checksums.
    restart_journal();
    check_still_ours();
    last_compaction = Clock::now();
    compaction_time = last_compaction - begin;
}

/// Writes what store file and journal hold into a new store file, if it is what this run put there: all of it
/// is read again, so all of it is compared.
void Store::Impl::write_store_file() {
    StoreWriter writer(path, StoreWriter::Start::from_old);
    if (writer.old_file() != file) throw OutputError(replaced());
    JournalReader reader(path + ".journal");
    JournalEntry entry;
    std::int64_t results = 0;
    while (reader.next(entry)) {
        const auto* record = std::get_if<RecordEntry>(&entry);
        if (record == nullptr) continue;
        writer.add(decode_record(record->bytes));
        ++results;
    }
    if (journal && reader.state() != journal->state()) journal->check_in_place();
    if (const std::uint64_t unread = reader.damaged_bytes() + reader.torn_bytes(); unread != unreadable_bytes)
        throw DataError(
            fmt::format("{}.journal: {} bytes are damaged; the same command computes the points "
                        "that were in them again",
                        path, unread));
    if (results != journaled_results || writer.done() != states.rows_done() ||
        writer.failed() != states.rows_failed())
        throw OutputError(fmt::format(
            "{}: store and journal hold {} points done and {} failed, but this sweep put {} and {} there; "
            "stopped, and the same command goes on with what is there",
            path, writer.done(), writer.failed(), states.rows_done(), states.rows_failed()));
    check_still_ours();
    plan.header.updated = utc_text(now_seconds());
    file = writer.commit(plan.header);
    written = plan.header;
    journaled_results = 0;
    journaled.clear();
    filed.reset();
}

/// A new journal with what is not in the store file.
void Store::Impl::restart_journal() {
    std::vector<JournalEntry> entries = {PlanEntry{encode_plan(plan)}};
    for (JournalEntry& carried : states.carried()) entries.push_back(std::move(carried));
    journal = JournalWriter::create(path + ".journal", entries);
    checkpoint_bytes = 0;
    unreadable_bytes = 0;
}

/// Plans those of the points that never finished. @returns how many are new to the plan
std::int64_t Store::Impl::plan_unfinished(const std::vector<std::string>& keys) {
    const std::size_t before = wanted.size();
    for (const std::string& key : keys) {
        const PointState* state = states.find(key);
        if (state == nullptr || !state->has_row) wanted.insert(key);
    }
    return static_cast<std::int64_t>(wanted.size() - before);
}

Record Store::Impl::row(const std::string& key) {
    if (const auto found = journaled.find(key); found != journaled.end()) {
        const JournalEntry entry = JournalReader(path + ".journal").read_at(found->second);
        return decode_record(std::get<RecordEntry>(entry).bytes);
    }
    if (!filed && file) filed.emplace(path);
    const auto found = filed ? filed->number.find(key) : decltype(filed->number.end()){};
    if (!filed || found == filed->number.end())
        throw DataError(fmt::format("{}: has no row of point {}", path, key));
    return filed->rows.row(found->second);
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::string& name, const SweepPlan& wanted) {
    const std::string path = followed_path(name);
    if (is_folder(path)) throw UsageError(path + ": is a folder; give the name of a store file");
    auto impl = std::make_unique<Impl>(path);
    impl->load();
    impl->settle_abrupt_end();
    for (const std::string& key : impl->states.reopened()) impl->log(ReopenedEntry{key, false});
    const std::string now = utc_text(now_seconds());
    StoreHeader& header = impl->plan.header;
    if (header.created.empty()) header.created = now;
    header.run_started = now;
    header.host = host_name();
    header.configuration = wanted.configuration;
    header.program_version = wanted.program_version;
    header.git_hash = wanted.git_hash;
    header.planned =
        impl->states.rows_done() + impl->states.rows_failed() + impl->plan_unfinished(wanted.keys);
    impl->plan.ranks = wanted.ranks;
    impl->log(PlanEntry{encode_plan(impl->plan)});
    impl->journal->sync();
    return Store(std::move(impl));
}

const std::string& Store::path() const noexcept {
    return impl_->path;
}
const PointState* Store::find(std::string_view key) const {
    return impl_->states.find(key);
}
std::int64_t Store::planned() const noexcept {
    return impl_->plan.header.planned;
}
std::int64_t Store::done() const noexcept {
    return impl_->states.done();
}
std::int64_t Store::failed() const noexcept {
    return impl_->states.failed();
}
const std::vector<std::string>& Store::warnings() const noexcept {
    return impl_->warnings;
}

void Store::extend(const std::vector<std::string>& keys, double theory, double sampling) {
    const std::int64_t added = impl_->plan_unfinished(keys);
    if (added == 0 && theory + sampling == 0) return;
    StoreHeader& header = impl_->plan.header;
    header.planned += added;
    header.nominal_theory = theory + (std::isfinite(header.nominal_theory) ? header.nominal_theory : 0);
    header.nominal_sampling =
        sampling + (std::isfinite(header.nominal_sampling) ? header.nominal_sampling : 0);
    impl_->log(PlanEntry{encode_plan(impl_->plan)});
    impl_->sync();
}

void Store::start(std::string_view key) {
    impl_->log(StartedEntry{std::string(key)});
}

void Store::reopen(const std::vector<std::string>& keys) {
    for (const std::string& key : keys) impl_->log(ReopenedEntry{key, true});
}

Record Store::row(const std::string& key) {
    return impl_->row(key);
}

void Store::finish(const Record& result) {
    const std::string& key = text_of(result, "point/key");
    const PointState* state = find(key);
    if (state != nullptr && state->status == PointState::Status::done &&
        text_of(result, "point/status") != "done") {
        impl_->log(ReleasedEntry{key});
        return;
    }
    Record record = state != nullptr && state->has_row ? joined_row(impl_->row(key), result) : result;
    record["point/attempts"] = std::int64_t{state != nullptr ? std::max(state->attempts, 1) : 1};
    fit_to_columns(record);
    record["point/checksum"] = result_checksum(record);
    impl_->journaled[key] = impl_->append(RecordEntry{encode_record(record)});
    impl_->states.finish(record);
    ++impl_->journaled_results;
}

void Store::strike(std::string_view key, const std::string& message) {
    impl_->log(StrikeEntry{std::string(key), message});
}

void Store::checkpoint(std::string_view key, std::string bytes) {
    impl_->checkpoint_bytes += bytes.size();
    impl_->log(CheckpointEntry{std::string(key), std::move(bytes)});
}

void Store::note_costs(double theory, double sampling) {
    StoreHeader& header = impl_->plan.header;
    header.nominal_theory = theory;
    header.nominal_sampling = sampling;
    // How the run before this one went is past.
    header.run_workers = header.run_seconds = header.run_busy_seconds = header.run_idle_at_end = NAN;
    impl_->log(PlanEntry{encode_plan(impl_->plan)});
}

std::vector<std::string> Store::numerics() const {
    return numerics_in(impl_->plan.header.numerics);
}

void Store::note_numerics(const std::string& fingerprint) {
    if (add_numerics(impl_->plan.header.numerics, fingerprint))
        impl_->log(PlanEntry{encode_plan(impl_->plan)});
}

void Store::note_end(const RunTimes& times) {
    StoreHeader& header = impl_->plan.header;
    header.run_workers = times.workers;
    header.run_seconds = times.seconds;
    header.run_busy_seconds = times.busy_seconds;
    header.run_idle_at_end = times.idle_at_end;
    impl_->log(PlanEntry{encode_plan(impl_->plan)});
}

void Store::release(std::string_view key) {
    impl_->log(ReleasedEntry{std::string(key)});
}

void Store::sync() {
    impl_->sync();
}

bool Store::compact_if_due() {
    const Clock::duration interval =
        std::max<Clock::duration>(impl_->compaction_time * interval_per_duration, shortest_interval);
    const bool has_much = impl_->journaled_results > 0 || impl_->checkpoint_bytes > most_checkpoint_bytes;
    if (!has_much || Clock::now() - impl_->last_compaction < interval) return false;
    impl_->compact();
    return true;
}

void Store::compact() {
    impl_->compact();
}

}  // namespace attnpaths
