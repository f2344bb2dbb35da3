#include "base/record.hpp"
#include "files/file_paths.hpp"
#include "files/new_file.hpp"
#include "point/columns.hpp"
#include "store/store_impl.hpp"

#include <fmt/format.h>

#include <variant>

namespace attnpaths {

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
void Store::Impl::settle_interrupted_points() {
    const std::vector<std::string> left = states.in_flight();
    if (left.empty()) return;
    const bool alone = plan.ranks == 1;
    for (const std::string& key : left) {
        if (alone && key == left.front())
            log(LostAttemptEntry{key, "the run ended abruptly while this point was computed"});
        else
            log(ReleasedEntry{key});
    }
    std::string message = fmt::format("{}: the last run ended abruptly with {} point{} in work", path,
                                      left.size(), left.size() == 1 ? "" : "s");
    if (alone)
        message += fmt::format("; attempt {} lost at point {}", states.find(left.front())->lost_attempts,
                               left.front());
    warnings.push_back(message);
}

}  // namespace attnpaths
