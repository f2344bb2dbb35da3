#pragma once

#include <limits>
#include <string>

namespace attnpaths {

/// The batch job that this process is in, as far as its environment can be believed.
struct BatchJob {
    std::string id;                                                 ///< "" outside a job
    double seconds_left = std::numeric_limits<double>::infinity();  ///< infinite without a known end
    std::string doubt;  ///< why SLURM_JOB_END_TIME is not believed, for a message; "" if it is, or is not set
};

/// What Slurm says of this process's job (SLURM_JOB_ID, SLURM_JOB_END_TIME). Variables outlive their job, in
/// a terminal multiplexer or a script that exported them; the end is believed if it lies ahead and the
/// process is in the job: in a control group of that job, or below the process that Slurm started
/// (SLURM_TASK_PID).
BatchJob batch_job();

/// The same from what is known.
/// @param id          SLURM_JOB_ID, "" if it is not set
/// @param end         SLURM_JOB_END_TIME, likewise; seconds since 1970
/// @param is_in_job   whether the process is in the job `id`
/// @param now         seconds since 1970
BatchJob judge_batch_job(const std::string& id, const std::string& end, bool is_in_job, double now);

/// Whether /proc/self/cgroup, given as text, names a control group of the job.
bool names_group_of_job(const std::string& control_groups, const std::string& id);

}  // namespace attnpaths
