#include "runtime/batch_job.hpp"

#include "base/text.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace attnpaths {

double batch_job_seconds_left() {
    const char* text = std::getenv("SLURM_JOB_END_TIME");
    std::int64_t end = 0;
    if (text == nullptr || !parse_integer(text, end) || end <= 0)
        return std::numeric_limits<double>::infinity();
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<double>(end) - now.count();
}

}  // namespace attnpaths
