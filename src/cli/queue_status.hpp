#pragma once

#include "store/store_view.hpp"
#include "submit/submission_box.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace attnpaths::cli {

/// A submission that waits in a store's queue, or is being worked on.
struct QueuedSubmission {
    std::string id;
    std::string requested_by;
    std::string at;
    std::size_t points = 0;
    std::size_t waiting = 0;  ///< of them, not finished in the store
};

/// What `status` tells of a store's queue.
struct QueueStatus {
    std::vector<QueuedSubmission> submissions;  ///< the oldest first
    std::vector<RejectedSubmission> rejected;
    std::vector<std::string> warnings;  ///< about what cannot be read

    /// Whether some submission has points that wait.
    [[nodiscard]] bool has_work() const;
};

QueueStatus queue_status(const StoreView& store);

/// The entries "submissions" and "rejected_submissions" of `status --json`.
void add_queue(nlohmann::json& json, const QueueStatus& queue);

/// One line of text each, the oldest first, at most three of a kind: name of the line and what it says.
std::vector<std::pair<std::string, std::string>> queue_lines(const QueueStatus& queue);

}  // namespace attnpaths::cli
