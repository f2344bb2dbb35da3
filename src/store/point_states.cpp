#include "store/point_states.hpp"

#include "store/columns.hpp"

#include <algorithm>
#include <unordered_set>

namespace attnpaths {

void PointStates::set_status(PointState& state, PointState::Status status) {
    const auto count = [&](PointState::Status which) -> std::int64_t {
        return state.status == which ? 1 : 0;
    };
    done_ -= count(PointState::Status::done);
    failed_ -= count(PointState::Status::failed);
    state.status = status;
    done_ += count(PointState::Status::done);
    failed_ += count(PointState::Status::failed);
}

void PointStates::land(const std::string& key) {
    std::erase(in_flight_, key);
}

void PointStates::add(const StoreFile& file) {
    const std::size_t points = file.points();
    const std::vector<std::string> keys = file.texts("point/key", 0, points);
    const std::vector<std::string> status = file.texts("point/status", 0, points);
    const std::vector<std::int64_t> attempts = file.integers("point/attempts", 0, points);
    states_.reserve(points);
    for (std::size_t i = 0; i < points; ++i) {
        PointState& state = states_[keys[i]];
        set_status(state, status[i] == "done" ? PointState::Status::done : PointState::Status::failed);
        state.attempts = attempts[i] == missing_integer ? 1 : static_cast<int>(attempts[i]);
    }
}

void PointStates::finish(const Record& record) {
    const std::string& key = text_of(record, "point/key");
    land(key);
    PointState& state = states_[key];
    const bool done = text_of(record, "point/status") == "done";
    if (!done && state.status == PointState::Status::done) return;
    set_status(state, done ? PointState::Status::done : PointState::Status::failed);
    state.attempts = static_cast<int>(integer_of(record, "point/attempts", 1));
    state.strikes = 0;
    state.last_strike.clear();
    state.checkpoint = std::string();
}

void PointStates::add(const JournalEntry& entry) {
    if (const auto* record = std::get_if<RecordEntry>(&entry)) finish(decode_record(record->bytes));
    if (const auto* started = std::get_if<StartedEntry>(&entry)) {
        ++states_[started->key].attempts;
        land(started->key);
        in_flight_.push_back(started->key);
    }
    if (const auto* strike = std::get_if<StrikeEntry>(&entry)) {
        PointState& state = states_[strike->key];
        ++state.strikes;
        state.last_strike = strike->message;
        land(strike->key);
    }
    if (const auto* checkpoint = std::get_if<CheckpointEntry>(&entry)) {
        // A point that gets on is not to blame for the runs that died before.
        PointState& state = states_[checkpoint->key];
        state.checkpoint = checkpoint->bytes;
        state.strikes = 0;
    }
    if (const auto* released = std::get_if<ReleasedEntry>(&entry)) land(released->key);
    if (const auto* carried = std::get_if<CarriedEntry>(&entry)) {
        PointState& state = states_[carried->key];
        state.attempts = static_cast<int>(carried->attempts);
        state.strikes = static_cast<int>(carried->strikes);
        state.last_strike = carried->last_strike;
        land(carried->key);
        if (carried->in_flight) in_flight_.push_back(carried->key);
    }
}

const PointState* PointStates::find(std::string_view key) const {
    const auto found = states_.find(key);
    return found == states_.end() ? nullptr : &found->second;
}

std::vector<JournalEntry> PointStates::carried() const {
    const auto entry_of = [](const std::string& key, const PointState& state, bool in_flight) {
        return CarriedEntry{key, static_cast<std::uint32_t>(state.attempts),
                            static_cast<std::uint32_t>(state.strikes), in_flight, state.last_strike};
    };
    std::vector<JournalEntry> entries;
    const std::unordered_set<std::string> flying(in_flight_.begin(), in_flight_.end());
    for (const auto& [key, state] : states_)
        if (!flying.contains(key) && (state.status == PointState::Status::unfinished || state.strikes > 0))
            entries.emplace_back(entry_of(key, state, false));
    // In their order, which tells who was at work.
    for (const std::string& key : in_flight_) entries.emplace_back(entry_of(key, states_.at(key), true));
    for (const auto& [key, state] : states_)
        if (!state.checkpoint.empty()) entries.emplace_back(CheckpointEntry{key, state.checkpoint});
    return entries;
}

std::vector<std::string> PointStates::checkpoints() const {
    std::vector<std::string> checkpoints;
    for (const auto& [key, state] : states_)
        if (!state.checkpoint.empty()) checkpoints.push_back(state.checkpoint);
    return checkpoints;
}

}  // namespace attnpaths
