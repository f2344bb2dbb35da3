#pragma once

#include "store/journal.hpp"
#include "store/store.hpp"
#include "store/store_file.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace attnpaths {

/// What is known of every point that was started: the state that store file and journal entries add up to.
class PointStates {
  public:
    /// Takes the finished points of a store file.
    void add(const StoreFile& file);
    /// Takes a journal entry; plans change nothing here. @throws DataError if a record cannot be decoded
    void add(const JournalEntry& entry);
    /// Takes a finished point. A failed one does not replace a done one.
    void finish(const Record& record);

    [[nodiscard]] const PointState* find(std::string_view key) const;
    [[nodiscard]] std::int64_t done() const noexcept { return done_; }
    [[nodiscard]] std::int64_t failed() const noexcept { return failed_; }
    /// Points started and neither finished, struck nor released, in the order in which they were started.
    [[nodiscard]] const std::vector<std::string>& in_flight() const noexcept { return in_flight_; }
    /// Checkpoints of unfinished points.
    [[nodiscard]] std::vector<std::string> checkpoints() const;
    /// Entries that say what finished records do not: unfinished points with their checkpoints, those in
    /// flight and those with strikes.
    [[nodiscard]] std::vector<JournalEntry> carried() const;

  private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    void set_status(PointState& state, PointState::Status status);
    void land(const std::string& key);

    std::unordered_map<std::string, PointState, TextHash, std::equal_to<>> states_;
    std::vector<std::string> in_flight_;
    std::int64_t done_ = 0;
    std::int64_t failed_ = 0;
};

}  // namespace attnpaths
