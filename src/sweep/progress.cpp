#include "sweep/progress.hpp"

#include "base/error.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace attnpaths {

namespace {

/// Whether standard error ends on a terminal. Under mpirun it is a pipe to the launcher, so the launcher's
/// own is looked at.
bool is_terminal() {
    if (isatty(STDERR_FILENO) != 0) return true;
    if (std::getenv("OMPI_COMM_WORLD_SIZE") == nullptr) return false;
    std::error_code error;
    const std::filesystem::path target =
        std::filesystem::read_symlink(fmt::format("/proc/{}/fd/{}", getppid(), STDERR_FILENO), error);
    return !error &&
           (target.string().rfind("/dev/pts/", 0) == 0 || target.string().rfind("/dev/tty", 0) == 0);
}

constexpr double seconds_between_bars = 0.1;
constexpr double seconds_between_lines = 10;

}  // namespace

ProgressStyle parse_progress_style(const std::string& word) {
    if (word == "auto") return ProgressStyle::automatic;
    if (word == "bar") return ProgressStyle::bar;
    if (word == "lines") return ProgressStyle::lines;
    if (word == "none") return ProgressStyle::none;
    throw UsageError(fmt::format("--progress {} is not known; use auto, bar, lines or none", word));
}

std::string duration_text(double seconds) {
    if (seconds < 0.1) return fmt::format("{:.0f} ms", 1000 * seconds);
    if (seconds < 10) return fmt::format("{:.1f} s", seconds);
    if (seconds < 120) return fmt::format("{:.0f} s", seconds);
    if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
    return fmt::format("{:.1f} h", seconds / 3600);
}

Progress::Progress(ProgressStyle style, std::size_t total, std::size_t finished, std::size_t failed)
    : style_(style), total_(total), before_(finished), finished_(finished), failed_(failed) {
    if (style_ == ProgressStyle::automatic)
        style_ = is_terminal() ? ProgressStyle::bar : ProgressStyle::lines;
}

double Progress::seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

std::string Progress::state() const {
    std::string text = fmt::format("{}/{} points", finished_, total_);
    if (failed_ > 0) text += fmt::format(", {} failed", failed_);
    const double elapsed = seconds();
    const std::size_t now = finished_ - before_;
    if (now > 0 && elapsed > 0) {
        const double rate = static_cast<double>(now) / elapsed;
        text += rate >= 1 ? fmt::format(", {:.1f} points/s", rate)
                          : fmt::format(", {} per point", duration_text(1 / rate));
        if (finished_ < total_)
            text += fmt::format(", {} left", duration_text(static_cast<double>(total_ - finished_) / rate));
    }
    return text;
}

void Progress::clear_bar() {
    if (bar_visible_) fmt::print(stderr, "\r\033[K");
    bar_visible_ = false;
}

void Progress::show(bool force) {
    if (style_ == ProgressStyle::none) return;
    const auto now = std::chrono::steady_clock::now();
    const double since = std::chrono::duration<double>(now - last_).count();
    if (!force && since < (style_ == ProgressStyle::bar ? seconds_between_bars : seconds_between_lines))
        return;
    if (style_ == ProgressStyle::lines && shown_ == finished_) return;
    last_ = now;
    shown_ = finished_;
    if (style_ == ProgressStyle::lines) {
        fmt::print(stderr, "{}\n", state());
        return;
    }
    constexpr std::size_t cells = 30;
    const std::size_t filled = total_ == 0 ? cells : cells * finished_ / total_;
    fmt::print(stderr, "\r\033[K[{}{}] {}", std::string(filled, '#'), std::string(cells - filled, '.'),
               state());
    static_cast<void>(std::fflush(stderr));
    bar_visible_ = true;
    if (force) {
        fmt::print(stderr, "\n");
        bar_visible_ = false;
    }
}

void Progress::message(const std::string& line) {
    clear_bar();
    fmt::print(stderr, "{}\n", line);
}

}  // namespace attnpaths
