#include "cli/queue_status.hpp"

#include "base/error.hpp"
#include "files/file_paths.hpp"
#include "submit/point_counts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace attnpaths::cli {

bool QueueStatus::has_work() const {
    return std::any_of(submissions.begin(), submissions.end(),
                       [](const QueuedSubmission& submission) { return submission.waiting > 0; });
}

QueueStatus queue_status(const StoreView& store) {
    QueueStatus status;
    const SubmissionBox box(store.path());
    // A file may go between the list and the look: the sweep has finished it.
    const auto tolerant = [&](const std::string& file, const auto& read) {
        try {
            read();
        } catch (const Error& error) {
            if (path_exists(file)) status.warnings.emplace_back(error.what());
        }
    };
    tolerant(box.folder(), [&] {
        const SubmissionBox::Listing listing = box.list();
        for (const std::string& id : listing.submissions)
            tolerant(fmt::format("{}/{}.json", box.folder(), id), [&] {
                const Submission submission = box.read(id);
                status.submissions.push_back({id, submission.requested_by, submission.at,
                                              submission.keys.size(),
                                              count_points(store, requests_of(submission)).unfinished});
            });
        for (const std::string& id : listing.rejected)
            tolerant(fmt::format("{}/{}.rejected", box.folder(), id),
                     [&] { status.rejected.push_back(box.read_rejected(id)); });
    });
    return status;
}

void add_queue(nlohmann::json& json, const QueueStatus& queue) {
    json["submissions"] = nlohmann::json::array();
    json["rejected_submissions"] = nlohmann::json::array();
    for (const QueuedSubmission& submission : queue.submissions)
        json["submissions"].push_back({{"id", submission.id},
                                       {"asked_by", submission.requested_by},
                                       {"at", submission.at},
                                       {"points", submission.points},
                                       {"waiting", submission.waiting}});
    for (const RejectedSubmission& submission : queue.rejected)
        json["rejected_submissions"].push_back(
            {{"id", submission.id}, {"asked_by", submission.requested_by}, {"reason", submission.reason}});
}

std::vector<std::pair<std::string, std::string>> queue_lines(const QueueStatus& queue) {
    constexpr std::size_t most_listed = 3;
    std::vector<std::pair<std::string, std::string>> lines;
    const auto more = [&](const char* name, std::size_t number) {
        if (number > most_listed)
            lines.emplace_back(name, fmt::format("and {} more (--json lists them)", number - most_listed));
    };
    for (std::size_t i = 0; i < std::min(most_listed, queue.submissions.size()); ++i) {
        const QueuedSubmission& submission = queue.submissions[i];
        lines.emplace_back("queue",
                           fmt::format("{} of {} points wait, asked for by {} at {}", submission.waiting,
                                       submission.points, submission.requested_by, submission.at));
    }
    more("queue", queue.submissions.size());
    for (std::size_t i = 0; i < std::min(most_listed, queue.rejected.size()); ++i)
        lines.emplace_back("rejected", fmt::format("submission {} by {}: {}", queue.rejected[i].id,
                                                   queue.rejected[i].requested_by, queue.rejected[i].reason));
    more("rejected", queue.rejected.size());
    return lines;
}

}  // namespace attnpaths::cli
