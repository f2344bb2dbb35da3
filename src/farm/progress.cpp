#include "farm/progress.hpp"

#include <fmt/format.h>

namespace attnpaths {

Progress::Progress(ProgressStyle style, std::size_t total, std::size_t finished, std::size_t failed,
                   double work)
    : line_(style), total_(total), before_(finished), finished_(finished), failed_(failed), work_(work) {}

double Progress::seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

void Progress::extend(std::size_t points, double work) {
    if (finished_ == total_) {
        rate_start_ = std::chrono::steady_clock::now();
        before_ = finished_;
        work_ = work_done_ = 0;
    }
    total_ += points;
    work_ += work;
}

double Progress::share_done() const {
    if (work_done_ > 0 && work_done_ < work_) return work_done_ / work_;
    return static_cast<double>(finished_ - before_) / static_cast<double>(total_ - before_);
}

std::string Progress::state() const {
    std::string text = fmt::format("{}/{} points", finished_, total_);
    if (failed_ > 0) text += fmt::format(", {} failed", failed_);
    const double elapsed =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - rate_start_).count();
    const std::size_t now = finished_ - before_;
    if (now > 0 && elapsed > 0) {
        const double rate = static_cast<double>(now) / elapsed;
        text += rate >= 1 ? fmt::format(", {:.1f} points/s", rate)
                          : fmt::format(", {} per point", duration_text(1 / rate));
        if (finished_ < total_)
            text += fmt::format(", {} left", duration_text(elapsed * (1 / share_done() - 1)));
    }
    return text;
}

void Progress::show(bool force) {
    if (total_ == 0 || (!force && !line_.is_due())) return;
    const std::string counts = fmt::format("{}/{}", finished_, total_);
    if (!line_.rewrites() && shown_ == counts) return;
    shown_ = counts;
    const double fraction = static_cast<double>(finished_) / static_cast<double>(total_);
    line_.show(fraction, state(), force);
}

}  // namespace attnpaths
