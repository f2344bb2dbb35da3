#include "store/merge.hpp"

#include "analyses/plan.hpp"
#include "base/error.hpp"
#include "base/host_name.hpp"
#include "base/utc_time.hpp"
#include "files/file_paths.hpp"
#include "point/columns.hpp"
#include "store/compare.hpp"
#include "store/file/numerics_lines.hpp"
#include "store/file/result_checksum.hpp"
#include "store/file/store_writer.hpp"
#include "store/joined_row.hpp"
#include "store/log/store_lock.hpp"
#include "store/store_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace attnpaths {

namespace {

/// A point of the merged store: where it came from.
struct Origin {
    std::vector<std::pair<std::size_t, std::size_t>> places;  ///< input and point there
    bool done;
    std::string checksum;
};

bool is_same_file(const std::string& a, const std::string& b) {
    std::error_code error;
    return std::filesystem::weakly_canonical(a, error) == std::filesystem::weakly_canonical(b, error);
}

/// What two done rows without analyses disagree in, "" if in nothing.
std::string disagreement_of(const Record& a, const Record& b) {
    const std::vector<std::string> differences = record_differences(a, b);
    if (differences.empty()) return "checksums differ";
    return differences.front() +
           (differences.size() > 1 ? fmt::format(" (and {} more columns)", differences.size() - 1) : "");
}

/// The row of a point that came before and comes again.
Union joined(const Record& earlier, const Record& later) {
    if (!answers_of(earlier).empty() && !answers_of(later).empty()) return union_of(earlier, later);
    const bool is_done = text_of(earlier, "point/status") == "done";
    const bool comes_done = text_of(later, "point/status") == "done";
    return {is_done || !comes_done ? earlier : later,
            is_done && comes_done ? disagreement_of(earlier, later) : ""};
}

/// A configuration as it is for all shards of a sweep, whose plans add up.
std::string without_shard(const std::string& configuration) {
    static const std::regex line("(^|\n)run\\.shard = [^\n]*\n");
    return std::regex_replace(configuration, line, "$1");
}

/// One header for all: stores of one configuration share its plan, shards and different sweeps add up.
StoreHeader joint_header(const std::vector<StoreView>& stores, const MergeResult& result) {
    StoreHeader header = stores.front().header();
    std::map<std::string, std::int64_t> planned;  // by configuration with its shard
    std::set<std::string> wholes;                 // configurations without
    std::string configurations;
    for (const StoreView& store : stores) {
        const StoreHeader& part = store.header();
        const std::string whole = without_shard(part.configuration);
        const auto found = planned.try_emplace(part.configuration, part.planned).first;
        found->second = std::max(found->second, part.planned);
        if (wholes.insert(whole).second)
            configurations += fmt::format("# from {}\n{}\n", store.path(), whole);
        if (!part.created.empty() && (header.created.empty() || part.created < header.created))
            header.created = part.created;
        header.run_started = std::max(header.run_started, part.run_started);
        for (const std::string& fingerprint : numerics_in(part.numerics))
            add_numerics(header.numerics, fingerprint);
    }
    header.configuration = wholes.size() > 1 ? configurations : *wholes.begin();
    for (const auto& [unused, value] : header_numbers) header.*value = NAN;
    header.planned = 0;
    for (const auto& [configuration, points] : planned) header.planned += points;
    if (planned.size() > 1) header.planned -= static_cast<std::int64_t>(result.duplicates);
    header.planned = std::max(header.planned, static_cast<std::int64_t>(result.points));
    header.host = host_name();
    header.updated = utc_text(now_seconds());
    return header;
}

}  // namespace

MergeResult merge_stores(const std::string& out_name, const std::vector<std::string>& inputs,
                         bool overwrite) {
    const std::string out = followed_path(out_name);
    if (inputs.empty()) throw UsageError("merge: give at least one store to merge");
    const bool is_input = std::any_of(inputs.begin(), inputs.end(),
                                      [&](const std::string& path) { return is_same_file(path, out); });
    const bool exists = path_exists(out) || path_exists(out + ".journal");
    if (exists && !is_input && !overwrite)
        throw CreateError(
            out +
            ": is there already and not among the inputs; choose another name, or replace it with --force");
    const StoreLock lock(out);
    std::vector<StoreView> stores;
    for (const std::string& path : inputs) stores.push_back(read_whole_store(path));

    MergeResult result;
    for (const StoreView& store : stores)
        result.notes.insert(result.notes.end(), store.notes().begin(), store.notes().end());
    std::unordered_map<std::string, Origin> origins;
    StoreWriter writer(out, StoreWriter::Start::empty);
    for (std::size_t input = 0; input < stores.size(); ++input) {
        for (std::size_t point = 0; point < stores[input].points(); ++point) {
            Record record = stores[input].record(point);
            fit_to_columns(record);
            Origin origin = {
                {{input, point}}, text_of(record, "point/status") == "done", result_checksum(record)};
            if (!matches_its_checksum(record))
                throw DataError(
                    fmt::format("{}: {}: results do not match their checksum; see attnpaths verify {}",
                                inputs[input], point_text(record), inputs[input]));
            const auto [found, is_new] = origins.try_emplace(text_of(record, "point/key"), origin);
            if (!is_new) {
                Origin& earlier = found->second;
                ++result.duplicates;
                if (earlier.done && origin.done && earlier.checksum == origin.checksum) continue;
                Record present;
                for (const auto& [other, place] : earlier.places) {
                    Record one = stores[other].record(place);
                    present = present.empty() ? std::move(one) : joined(present, one).row;
                }
                Union both = joined(present, record);
                if (!both.disagreement.empty())
                    throw DataError(
                        fmt::format("{} and {} disagree on {}: {}; they are not results of one "
                                    "program and configuration",
                                    stores[earlier.places.back().first].path(), inputs[input],
                                    point_text(record), both.disagreement));
                record = std::move(both.row);
                record["point/checksum"] = result_checksum(record);
                earlier.places.emplace_back(input, point);
                earlier.done = text_of(record, "point/status") == "done";
                earlier.checksum = result_checksum(record);
            }
            writer.add(std::move(record));
        }
    }
    result.points = origins.size();
    result.failed = static_cast<std::size_t>(
        std::count_if(origins.begin(), origins.end(), [](const auto& entry) { return !entry.second.done; }));
    writer.commit(joint_header(stores, result));
    // What the journal held is in the store now, or belonged to the store that was replaced.
    remove_file(out + ".journal");
    return result;
}

}  // namespace attnpaths
