#include "store/log/point_states.hpp"

#include "analyses/registry.hpp"
#include "point/columns.hpp"

#include <algorithm>
#include <unordered_set>

namespace attnpaths {

namespace {

std::int64_t one_if(bool is_so) {
    return is_so ? 1 : 0;
}

}  // namespace

/// Changes a point and keeps the counts.
template <class Change>
void PointStates::change(Point& point, const Change& change) {
    const auto count = [&](std::int64_t sign) {
        done_ += sign * one_if(point.state.status == PointState::Status::done);
        failed_ += sign * one_if(point.state.status == PointState::Status::failed);
        rows_done_ += sign * one_if(point.row == PointState::Status::done);
        rows_failed_ += sign * one_if(point.row == PointState::Status::failed);
    };
    count(-1);
    change();
    point.state.status = point.is_reopened ? PointState::Status::unfinished : point.row;
    point.state.has_row = point.row != PointState::Status::unfinished;
    count(1);
}

void PointStates::set_row(Point& point, bool is_done, Answers answers) {
    std::string text;
    for (const Answer& answer : answers)
        text += answer.analysis->name + '\t' + answer.key + '\t' + answer.kept + '\t' +
                std::string(to_text(answer.status)) + '\n';
    const Answers& shared = answers_.try_emplace(std::move(text), std::move(answers)).first->second;
    change(point, [&] {
        point.row = is_done ? PointState::Status::done : PointState::Status::failed;
        point.is_reopened = false;
        point.state.answers = &shared;
    });
}

void PointStates::land(const std::string& key) {
    std::erase(in_flight_, key);
}

void PointStates::add(const StoreFile& file) {
    const std::size_t points = file.points();
    const std::vector<std::string> keys = file.texts("point/key", 0, points);
    const std::vector<std::string> status = file.texts("point/status", 0, points);
    const std::vector<std::int64_t> attempts = file.integers("point/attempts", 0, points);
    struct OfAnalysis {
        const Analysis* analysis;
        std::vector<std::string> status, keys, kept;
    };
    std::vector<OfAnalysis> columns;
    for (const Analysis& analysis : analyses()) {
        const auto texts = [&](const char* column) {
            return file.texts(analysis.name + "/" + column, 0, points);
        };
        if (file.has(analysis.name + "/status"))
            columns.push_back({&analysis, texts("status"), texts("key"), texts("kept")});
    }
    states_.reserve(points);
    for (std::size_t i = 0; i < points; ++i) {
        Point& point = states_[keys[i]];
        Answers answers;
        for (const OfAnalysis& column : columns)
            if (!column.status[i].empty())
                answers.push_back(
                    {column.analysis, column.keys[i], column.kept[i], answer_status(column.status[i])});
        set_row(point, status[i] == "done", std::move(answers));
        point.state.attempts = attempts[i] == missing_integer ? 1 : static_cast<int>(attempts[i]);
    }
}

void PointStates::finish(const Record& record) {
    const std::string& key = text_of(record, "point/key");
    land(key);
    Point& point = states_[key];
    set_row(point, text_of(record, "point/status") == "done", answers_of(record));
    PointState& state = point.state;
    state.attempts = static_cast<int>(integer_of(record, "point/attempts", 1));
    state.lost_attempts = 0;
    state.last_loss.clear();
    state.checkpoint = std::string();
}

void PointStates::add(const JournalEntry& entry) {
    if (const auto* record = std::get_if<RecordEntry>(&entry)) finish(decode_record(record->bytes));
    if (const auto* started = std::get_if<StartedEntry>(&entry)) {
        ++states_[started->key].state.attempts;
        land(started->key);
        in_flight_.push_back(started->key);
    }
    if (const auto* lost = std::get_if<LostAttemptEntry>(&entry)) {
        PointState& state = states_[lost->key].state;
        ++state.lost_attempts;
        state.last_loss = lost->message;
        land(lost->key);
    }
    if (const auto* checkpoint = std::get_if<CheckpointEntry>(&entry)) {
        // A point that gets on is not to blame for the runs that died before.
        PointState& state = states_[checkpoint->key].state;
        state.checkpoint = checkpoint->bytes;
        state.lost_attempts = 0;
    }
    if (const auto* released = std::get_if<ReleasedEntry>(&entry)) land(released->key);
    if (const auto* reopened = std::get_if<ReopenedEntry>(&entry)) {
        Point& point = states_[reopened->key];
        change(point, [&] { point.is_reopened = reopened->reopened; });
    }
    if (const auto* carried = std::get_if<CarriedEntry>(&entry)) {
        Point& point = states_[carried->key];
        change(point, [&] { point.is_reopened = carried->reopened; });
        PointState& state = point.state;
        state.attempts = static_cast<int>(carried->attempts);
        state.lost_attempts = static_cast<int>(carried->lost_attempts);
        state.last_loss = carried->last_loss;
        land(carried->key);
        if (carried->in_flight) in_flight_.push_back(carried->key);
    }
}

const PointState* PointStates::find(std::string_view key) const {
    const auto found = states_.find(key);
    return found == states_.end() ? nullptr : &found->second.state;
}

std::vector<JournalEntry> PointStates::carried() const {
    const auto entry_of = [](const std::string& key, const Point& point, bool in_flight) {
        const PointState& state = point.state;
        return CarriedEntry{key,
                            static_cast<std::uint32_t>(state.attempts),
                            static_cast<std::uint32_t>(state.lost_attempts),
                            in_flight,
                            point.is_reopened,
                            state.last_loss};
    };
    std::vector<JournalEntry> entries;
    const std::unordered_set<std::string> flying(in_flight_.begin(), in_flight_.end());
    for (const auto& [key, point] : states_)
        if (!flying.contains(key) &&
            (point.state.status == PointState::Status::unfinished || point.state.lost_attempts > 0))
            entries.emplace_back(entry_of(key, point, false));
    // In their order, which tells who was at work.
    for (const std::string& key : in_flight_) entries.emplace_back(entry_of(key, states_.at(key), true));
    for (const auto& [key, point] : states_)
        if (!point.state.checkpoint.empty())
            entries.emplace_back(CheckpointEntry{key, point.state.checkpoint});
    return entries;
}

std::map<std::string, std::string> PointStates::checkpoints() const {
    std::map<std::string, std::string> checkpoints;
    for (const auto& [key, point] : states_)
        if (!point.state.checkpoint.empty()) checkpoints.emplace(key, point.state.checkpoint);
    return checkpoints;
}

std::vector<std::string> PointStates::reopened() const {
    std::vector<std::string> keys;
    for (const auto& [key, point] : states_)
        if (point.is_reopened) keys.push_back(key);
    return keys;
}

}  // namespace attnpaths
