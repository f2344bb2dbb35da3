#include "sweep/submissions.hpp"

#include "base/error.hpp"
#include "sweep/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>

namespace attnpaths {

namespace {

constexpr std::chrono::seconds look_interval(1);

/// A submission that was made by hand, or by a newer program, may hold keys that we do not know.
void check_keys(const Settings& settings) {
    const std::vector<SettingKey>& keys = sweep_keys();
    for (const auto& [name, setting] : settings.values()) {
        const bool known = std::any_of(keys.begin(), keys.end(),
                                       [&name = name](const SettingKey& key) { return key.name == name; });
        if (!known) settings.fail(name, "is not a key that this program knows");
        if (concerns_the_run(name))
            settings.fail(name, "concerns the sweep that runs; it cannot be submitted");
    }
}

}  // namespace

std::vector<Configuration> load_submitted_parts(const std::string& encoded_parts,
                                                const Setting& memory_per_rank) {
    std::vector<PartSettings> settings;
    for (EncodedPart& part : decode_parts(encoded_parts)) {
        check_keys(part.settings.settings);
        // It decides how kernels are evaluated, hence the last bits of a result.
        part.settings.settings.set("run.memory_per_rank", memory_per_rank);
        settings.push_back(std::move(part.settings));
    }
    if (settings.empty()) throw DataError("the submission has no parts");
    return load_parts(std::move(settings));
}

Submissions::Submissions(const std::string& store_path, Setting memory_per_rank, Say say)
    : box_(store_path), memory_per_rank_(std::move(memory_per_rank)), say_(std::move(say)) {}

bool Submissions::is_due() const {
    return std::chrono::steady_clock::now() - last_look_ >= look_interval;
}

void Submissions::warn(const std::string& line) {
    if (warnings_.insert(line).second) say_(line);
}

std::vector<Arrival> Submissions::look() {
    last_look_ = std::chrono::steady_clock::now();
    std::vector<Arrival> arrivals;
    SubmissionBox::Listing listing;
    try {
        listing = box_.list();
    } catch (const InputError& error) {
        warn(fmt::format("no submissions are taken: {}", error.what()));
    }
    for (const std::string& name : listing.foreign)
        warn(fmt::format("{}/{}: is no submission; left alone", box_.folder(), name));
    for (const std::string& id : listing.submissions)
        if (!seen_.contains(id)) take(id, arrivals);
    return arrivals;
}

void Submissions::take(const std::string& id, std::vector<Arrival>& arrivals) {
    Submission submission;
    try {
        submission = box_.read(id);
    } catch (const Error& error) {
        // Perhaps somebody is copying it: looked at again next time.
        warn(fmt::format("{}; left alone", error.what()));
        return;
    }
    seen_.insert(id);
    try {
        const std::vector<Configuration> parts = load_submitted_parts(submission.parts, memory_per_rank_);
        Arrival arrival{id, submission.asked_by, encodable(parts), grid_points(parts)};
        Open open{id, submission.asked_by, {}, arrival.points.size()};
        for (GridPoint& point : arrival.points) {
            point.submission = id;
            point.asked_by = submission.asked_by;
            open.keys.push_back(point.key);
        }
        open_.push_back(std::move(open));
        arrivals.push_back(std::move(arrival));
    } catch (const Error& error) {
        reject(submission, error.what());
    } catch (const std::bad_alloc&) {
        reject(submission, "its data do not fit into the memory of the sweep's first process");
    }
}

void Submissions::reject(const Submission& submission, const std::string& reason) {
    std::string line =
        fmt::format("submission {} by {} is set aside: {}", submission.id, submission.asked_by, reason);
    try {
        box_.reject(submission.id, reason);
    } catch (const Error& error) {
        line += fmt::format(" ({})", error.what());
    }
    say_(line);
}

void Submissions::settle(Store& store) {
    const auto is_finished = [&](const std::string& key) {
        const PointState* state = store.find(key);
        return state != nullptr && state->status != PointState::Status::unfinished;
    };
    for (Open& submission : open_)
        while (submission.left > 0 && is_finished(submission.keys[submission.left - 1])) --submission.left;
    const auto finished = std::stable_partition(open_.begin(), open_.end(),
                                                [](const Open& submission) { return submission.left > 0; });
    if (finished == open_.end()) return;
    store.sync();
    for (auto submission = finished; submission != open_.end(); ++submission) finish(*submission, store);
    open_.erase(finished, open_.end());
}

void Submissions::finish(const Open& submission, const Store& store) {
    const auto failed = std::count_if(
        submission.keys.begin(), submission.keys.end(),
        [&](const std::string& key) { return store.find(key)->status == PointState::Status::failed; });
    std::string line = fmt::format("submission {} by {} is finished", submission.id, submission.asked_by);
    if (failed > 0) line += fmt::format(", {} of {} points failed", failed, submission.keys.size());
    try {
        box_.remove(submission.id);
    } catch (const Error& error) {
        line += fmt::format("; {}", error.what());
    }
    say_(line);
}

}  // namespace attnpaths
