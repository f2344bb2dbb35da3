#include "run/overdue.hpp"

#include "farm/duration.hpp"
#include "run/commit_result.hpp"
#include "run/compute_point.hpp"
#include "store/lost_attempts.hpp"

#include <fmt/format.h>

namespace attnpaths {

std::string overdue_text(double point_limit) {
    return "took longer than run.point_limit = " + duration_text(point_limit);
}

void settle_overdue(const PointTask& task, double point_limit, Store& store, PointPool& pool,
                    Progress& progress, CostModel& costs, bool is_stopping) {
    const std::string& key = task.point.key;
    const std::string reason = overdue_text(point_limit);
    // The latest checkpoint is in the store: to note it again would look like progress, which clears lost
    // attempts.
    pool.lose_attempt(key, reason);
    progress.message(fmt::format("point given up ({}): {}", point_text(task.point), reason));
    if (task.part) {
        pool.take_part(task, {Outcome::overdue, {}, {}}, is_stopping);
    } else if (has_lost_too_often(store, key)) {
        commit_result(store, failed_point(task.point, lost_attempts_text(store, key)), progress, costs);
        pool.finish(key);
    } else {
        pool.wait_again(task.point);
    }
}

}  // namespace attnpaths
