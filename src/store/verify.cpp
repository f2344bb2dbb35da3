#include "store/verify.hpp"

#include "analyses/plan.hpp"
#include "base/error.hpp"
#include "files/file_paths.hpp"
#include "point/columns.hpp"
#include "store/file/result_checksum.hpp"
#include "store/file/seal.hpp"
#include "store/file/store_file.hpp"
#include "store/log/journal.hpp"
#include "store/store_view.hpp"

#include <fmt/format.h>

#include <unordered_set>

namespace attnpaths {

namespace {

/// The store file as such, before points are looked at through the view that readers have.
void verify_file(const std::string& path, std::vector<std::string>& problems) {
    if (!path_exists(path)) return;
    check_store_file(path);
    const StoreFile file(path);
    for (const std::string& name : file.columns()) {
        try {
            const Column& column = find_column(name);
            if (column.type != file.type(name))
                problems.push_back(fmt::format("{}: column {} holds {} values, not {}", path, name,
                                               type_name(file.type(name)), type_name(column.type)));
        } catch (const DataError&) {
            problems.push_back(fmt::format("{}: column {} is not known to this version", path, name));
        }
    }
    std::unordered_set<std::string> keys;
    for (const std::string& key : file.texts("point/key", 0, file.points()))
        if (!keys.insert(key).second)
            problems.push_back(fmt::format("{}: point {} is there twice", path, key));
}

void verify_journal(const std::string& path, Verification& result) {
    if (!path_exists(path)) return;
    JournalReader reader(path);
    JournalEntry entry;
    while (reader.next(entry)) {
        if (const auto* record = std::get_if<RecordEntry>(&entry)) {
            try {
                Record decoded = decode_record(record->bytes);
                fit_to_columns(decoded);
            } catch (const DataError& error) {
                result.problems.push_back(
                    fmt::format("{}: entry at byte {}: {}", path, reader.entry_offset(), error.what()));
            }
        }
    }
    if (reader.damaged_bytes() > 0)
        result.problems.push_back(
            fmt::format("{}: {} bytes between whole entries are damaged", path, reader.damaged_bytes()));
    if (reader.torn_bytes() > 0)
        result.notes.push_back(
            fmt::format("{}: the last {} bytes are no whole entry (being written, or cut off by a crash)",
                        path, reader.torn_bytes()));
}

void verify_points(const StoreView& store, Verification& result) {
    for (std::size_t i = 0; i < store.points(); ++i) {
        const Record record = store.record(i);
        const auto report = [&](const std::string& what) {
            result.problems.push_back(fmt::format("{}: {}: {}", store.path(), point_text(record), what));
        };
        ++result.points;
        const std::string& status = text_of(record, "point/status");
        if (status != "done" && status != "failed")
            report(fmt::format("status \"{}\" is neither done nor failed", status));
        for (const Answer& answer : answers_of(record))
            if (answer.key.empty()) report(fmt::format("{} has no key", answer.analysis->name));
        if (!matches_its_checksum(record))
            report(fmt::format("checksum of the results is {}, not {} as written", result_checksum(record),
                               text_of(record, "point/checksum")));
    }
}

}  // namespace

Verification verify_store(const std::string& name) {
    const std::string path = followed_path(name);
    Verification result;
    if (!path_exists(path) && !path_exists(path + ".journal")) throw InputError(path + ": no such store");
    try {
        verify_file(path, result.problems);
        verify_journal(path + ".journal", result);
        // Points of columns that cannot be understood have no checksum to compare.
        if (result.problems.empty()) verify_points(read_store(path), result);
    } catch (const DataError& error) {
        result.problems.emplace_back(error.what());
    }
    return result;
}

}  // namespace attnpaths
