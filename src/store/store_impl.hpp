#pragma once

#include "store/file/seal.hpp"
#include "store/file/store_file.hpp"
#include "store/file/store_header.hpp"
#include "store/file/stored_rows.hpp"
#include "store/log/journal.hpp"
#include "store/log/point_states.hpp"
#include "store/log/run_plan.hpp"
#include "store/log/store_lock.hpp"
#include "store/store.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace attnpaths {

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

/// What a Store holds; its parts are in store.cpp, open_store.cpp (what earlier runs left) and
/// store_compaction.cpp.
struct Store::Impl {
    using Clock = std::chrono::steady_clock;

    explicit Impl(const std::string& store_path) : path(store_path), lock(store_path) {}

    void load();
    void settle_interrupted_points();
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
    std::uint64_t carried_bytes = 0;     ///< of checkpoints, into the journal by the last compaction
    std::uint64_t unreadable_bytes = 0;  ///< of the journal, known since it was opened
    Clock::time_point last_look{};       ///< whether all is still ours
    std::vector<std::string> warnings;
    Clock::time_point last_compaction = Clock::now();
    Clock::duration compaction_time{};
};

}  // namespace attnpaths
