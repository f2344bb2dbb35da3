#include "submit/submissions.hpp"

#include "base/error.hpp"
#include "sweep/configuration.hpp"
#include "sweep/missing_points.hpp"
#include "tasks/rehearsal/rehearsal_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace attnpaths {

namespace {

constexpr std::chrono::seconds look_interval(1);
/// A file that changed within so many seconds may still be being copied.
constexpr double copying_seconds = 5;

/// A submission that was made by hand, or by a newer program, may hold keys that we do not know.
void check_keys(const Settings& settings) {
    const std::vector<SettingKey>& keys = sweep_keys();
    for (const auto& [name, setting] : settings.values()) {
        const bool known = std::any_of(keys.begin(), keys.end(),
                                       [&name = name](const SettingKey& key) { return key.name == name; });
        if (!known) settings.fail(name, "is not a key that this program knows");
        if (concerns_the_run(name))
            settings.fail(name, "concerns the sweep that runs; it cannot be submitted");
        if (is_rehearsed_fault(name))
            settings.fail(name, "ends or blocks processes of the sweep; it cannot be submitted");
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
    return is_reading() || std::chrono::steady_clock::now() - last_look_ >= look_interval;
}

void Submissions::warn(const std::string& line) {
    if (warnings_.insert(line).second) say_(line);
}

void Submissions::find() {
    last_look_ = std::chrono::steady_clock::now();
    SubmissionBox::Listing listing;
    try {
        listing = box_.list();
    } catch (const InputError& error) {
        warn(fmt::format("no submissions are taken: {}", error.what()));
    }
    for (const std::string& name : listing.foreign)
        warn(fmt::format("{}/{}: is no submission; left alone", box_.folder(), name));
    for (const std::string& id : listing.submissions)
        if (seen_.insert(id).second) unread_.push_back(id);
}

std::vector<AcceptedSubmission> Submissions::look() {
    std::vector<AcceptedSubmission> accepted;
    if (!is_reading()) find();
    while (is_reading()) {
        if (reader_ == nullptr) {
            const std::string id = unread_.front();
            unread_.pop_front();
            begin_reading(id);
        } else if (reader_->poll()) {
            if (std::optional<AcceptedSubmission> read = end_reading()) accepted.push_back(std::move(*read));
        } else {
            break;
        }
    }
    return accepted;
}

bool Submissions::may_be_incomplete(const std::string& id) const {
    try {
        return box_.age(id) < copying_seconds;
    } catch (const Error&) {
        return false;
    }
}

void Submissions::begin_reading(const std::string& id) {
    std::string requested_by = "unknown";
    try {
        Submission submission = box_.read(id);
        requested_by = submission.requested_by;
        reader_ = std::make_unique<SubmissionReader>(std::move(submission), memory_per_rank_);
    } catch (const std::exception& error) {
        if (may_be_incomplete(id)) {
            warn(fmt::format("{}; left alone", error.what()));
            seen_.erase(id);  // looked at again next time
        } else {
            reject(id, requested_by, error.what());
        }
    }
}

std::optional<AcceptedSubmission> Submissions::end_reading() {
    const std::unique_ptr<SubmissionReader> reader = std::exchange(reader_, nullptr);
    const Submission& submission = reader->submission();
    std::optional<AcceptedSubmission> accepted;
    try {
        SubmittedWork work = reader->result();
        Open open{submission.id, submission.requested_by, {}, work.points.size()};
        for (GridPoint& point : work.points) {
            point.submission = submission.id;
            point.requested_by = submission.requested_by;
            open.requests.push_back({point.key, point.plan});
        }
        open_.push_back(std::move(open));
        accepted = AcceptedSubmission{submission.id, submission.requested_by, std::move(work.parts),
                                      std::move(work.points)};
    } catch (const std::exception& error) {
        reject(submission.id, submission.requested_by, error.what());
    }
    return accepted;
}

void Submissions::reject(const std::string& id, const std::string& requested_by, const std::string& reason) {
    seen_.insert(id);
    std::string line = fmt::format("submission {} by {} is set aside: {}", id, requested_by, reason);
    try {
        box_.reject(id, reason);
    } catch (const std::exception& error) {
        line += fmt::format(" ({})", error.what());
    }
    say_(line);
}

void Submissions::settle(Store& store) {
    for (Open& submission : open_)
        for (Open::PointRequest& request : submission.requests) {
            if (request.is_answered || !is_answered(store, request.key, request.plan.get())) continue;
            request.is_answered = true;
            --submission.left;
        }
    const auto finished = std::stable_partition(open_.begin(), open_.end(),
                                                [](const Open& submission) { return submission.left > 0; });
    if (finished == open_.end()) return;
    store.sync();
    for (auto submission = finished; submission != open_.end(); ++submission) finish(*submission, store);
    open_.erase(finished, open_.end());
}

void Submissions::finish(const Open& submission, const Store& store) {
    const auto failed = std::count_if(
        submission.requests.begin(), submission.requests.end(), [&](const Open::PointRequest& request) {
            return store.find(request.key)->status == PointState::Status::failed;
        });
    std::string line = fmt::format("submission {} by {} is finished", submission.id, submission.requested_by);
    if (failed > 0) line += fmt::format(", {} of {} points failed", failed, submission.requests.size());
    try {
        box_.remove(submission.id);
    } catch (const Error& error) {
        line += fmt::format("; {}", error.what());
    }
    say_(line);
}

}  // namespace attnpaths
