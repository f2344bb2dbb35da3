#include "farm/batch_job.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace attnpaths {

namespace {

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value == nullptr ? "" : value;
}

std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The process that started this one; 0 if that cannot be told.
std::int64_t parent_of(std::int64_t process) {
    const std::string status = content(fmt::format("/proc/{}/stat", process));
    const std::size_t end_of_name = status.rfind(')');  // a name may hold anything
    if (end_of_name == std::string::npos) return 0;
    const std::vector<std::string> fields = split(std::string_view(status).substr(end_of_name + 1), " ");
    std::int64_t parent = 0;
    return fields.size() > 1 && parse_integer(fields[1], parent) ? parent : 0;
}

bool is_below(std::int64_t ancestor) {
    constexpr int deepest = 1000;
    std::int64_t process = getpid();
    for (int depth = 0; process > 1 && depth < deepest; ++depth, process = parent_of(process))
        if (process == ancestor) return true;
    return false;
}

bool is_in_job(const std::string& id) {
    std::int64_t task = 0;
    return names_group_of_job(content("/proc/self/cgroup"), id) ||
           (parse_integer(variable("SLURM_TASK_PID"), task) && is_below(task));
}

}  // namespace

bool names_group_of_job(const std::string& control_groups, const std::string& id) {
    for (const std::string& line : split(control_groups, "\n"))
        for (const std::string& folder : split(line, "/"))
            if (folder == "job_" + id) return true;
    return false;
}

BatchJob judge_batch_job(const std::string& id, const std::string& end, bool is_in_job, double now) {
    BatchJob job{id, std::numeric_limits<double>::infinity(), ""};
    if (end.empty()) return job;
    std::int64_t seconds = 0;
    const auto doubt = [&](const std::string& reason) {
        job.doubt = fmt::format("SLURM_JOB_END_TIME = {} is not believed: {}", end, reason);
        return job;
    };
    if (!parse_integer(end, seconds)) return doubt("it is not a time in seconds since 1970");
    if (id.empty()) return doubt("SLURM_JOB_ID is not set, so this is no job");
    if (static_cast<double>(seconds) <= now)
        return doubt(fmt::format("it is over; was it left by job {}?", id));
    if (!is_in_job) return doubt(fmt::format("this process is not in job {}", id));
    job.seconds_left = static_cast<double>(seconds) - now;
    return job;
}

BatchJob batch_job() {
    const std::string id = variable("SLURM_JOB_ID");
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    return judge_batch_job(id, variable("SLURM_JOB_END_TIME"), is_in_job(id), now.count());
}

}  // namespace attnpaths
