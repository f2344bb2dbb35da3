#include "store/store.hpp"

#include "base/error.hpp"
#include "base/host_name.hpp"
#include "base/utc_time.hpp"
#include "files/file_paths.hpp"
#include "point/columns.hpp"
#include "store/file/numerics_lines.hpp"
#include "store/file/result_checksum.hpp"
#include "store/joined_row.hpp"
#include "store/store_impl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace attnpaths {

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
    impl->settle_interrupted_points();
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

void Store::lose_attempt(std::string_view key, const std::string& message) {
    impl_->log(LostAttemptEntry{std::string(key), message});
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

}  // namespace attnpaths
