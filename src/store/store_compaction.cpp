#include "base/error.hpp"
#include "base/utc_time.hpp"
#include "store/file/store_writer.hpp"
#include "store/store_impl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <variant>

namespace attnpaths {

namespace {
/// A compaction may take this fraction of the time between two of them.
constexpr int interval_per_duration = 30;
constexpr std::chrono::seconds shortest_interval(2);
/// Of checkpoints written before a journal is worth starting anew: so many, and so many times what the
/// present one began with, as most of them are outdated by then.
constexpr std::uint64_t many_checkpoint_bytes = std::uint64_t{64} << 20U;
constexpr std::uint64_t many_times = 4;
}  // namespace

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
    carried_bytes = 0;
    for (JournalEntry& carried : states.carried()) {
        if (const auto* checkpoint = std::get_if<CheckpointEntry>(&carried))
            carried_bytes += checkpoint->bytes.size();
        entries.push_back(std::move(carried));
    }
    journal = JournalWriter::create(path + ".journal", entries);
    checkpoint_bytes = 0;
    unreadable_bytes = 0;
}

bool Store::compact_if_due() {
    const Impl::Clock::duration interval =
        std::max<Impl::Clock::duration>(impl_->compaction_time * interval_per_duration, shortest_interval);
    const bool has_much = impl_->journaled_results > 0 ||
                          impl_->checkpoint_bytes > many_checkpoint_bytes + many_times * impl_->carried_bytes;
    if (!has_much || Impl::Clock::now() - impl_->last_compaction < interval) return false;
    impl_->compact();
    return true;
}

void Store::compact() {
    impl_->compact();
}

}  // namespace attnpaths
