#pragma once

namespace attnpaths {

/// Seconds until the batch job that this process belongs to is ended by Slurm, counted from its allocation
/// (SLURM_JOB_END_TIME); infinite outside a job, or in one without a limit.
double batch_job_seconds_left();

}  // namespace attnpaths
