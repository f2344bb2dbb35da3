#pragma once

#include "store/file/store_file.hpp"
#include "store/log/journal.hpp"
#include "store/log/point_state.hpp"

#include <cstdint>
#include <functional>
#include <map>
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
    /// Takes the row of a finished point, in place of the one that it had.
    void finish(const Record& record);

    [[nodiscard]] const PointState* find(std::string_view key) const;
    [[nodiscard]] std::int64_t done() const noexcept { return done_; }
    [[nodiscard]] std::int64_t failed() const noexcept { return failed_; }
    /// Points with a row, done or failed, whether or not more is wanted of them.
    [[nodiscard]] std::int64_t rows_done() const noexcept { return rows_done_; }
    [[nodiscard]] std::int64_t rows_failed() const noexcept { return rows_failed_; }
    /// Keys of finished points of which more is wanted.
    [[nodiscard]] std::vector<std::string> reopened() const;
    /// Points started and neither finished, lost nor released, in the order in which they were started.
    [[nodiscard]] const std::vector<std::string>& in_flight() const noexcept { return in_flight_; }
    /// Checkpoints of unfinished points, by their keys.
    [[nodiscard]] std::map<std::string, std::string> checkpoints() const;
    /// Entries that say what finished records do not: unfinished points with their checkpoints, those in
    /// flight and those with lost_attempts.
    [[nodiscard]] std::vector<JournalEntry> carried() const;

  private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    /// `state` is what others see; its status follows from the rest.
    struct Point {
        PointState state;
        PointState::Status row = PointState::Status::unfinished;  ///< of its row; unfinished: it has none
        bool is_reopened = false;
    };

    template <class Change>
    void change(Point& point, const Change& change);
    void set_row(Point& point, bool is_done, Answers answers);
    void land(const std::string& key);

    std::unordered_map<std::string, Point, TextHash, std::equal_to<>> states_;
    std::map<std::string, Answers> answers_;  // by their text: most points have the same ones
    std::vector<std::string> in_flight_;
    std::int64_t done_ = 0;
    std::int64_t failed_ = 0;
    std::int64_t rows_done_ = 0;
    std::int64_t rows_failed_ = 0;
};

}  // namespace attnpaths
