#include "farm/status_line.hpp"

#include "base/error.hpp"
#include "base/printable.hpp"
#include "base/standard_streams.hpp"

#include <fmt/format.h>

#include <algorithm>
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

StatusLine::StatusLine(ProgressStyle style) : style_(style) {
    if (style_ == ProgressStyle::automatic)
        style_ = is_terminal() ? ProgressStyle::bar : ProgressStyle::lines;
}

bool StatusLine::is_due() const {
    if (style_ == ProgressStyle::none) return false;
    const double since = std::chrono::duration<double>(std::chrono::steady_clock::now() - last_).count();
    return since >= (style_ == ProgressStyle::bar ? seconds_between_bars : seconds_between_lines);
}

void StatusLine::show(double fraction, const std::string& state, bool last) {
    if (style_ == ProgressStyle::none) return;
    last_ = std::chrono::steady_clock::now();
    if (style_ == ProgressStyle::lines) {
        print_error("{}\n", state);
        return;
    }
    constexpr std::size_t cells = 30;
    const auto filled = static_cast<std::size_t>(static_cast<double>(cells) * std::clamp(fraction, 0.0, 1.0));
    print_error("\r\033[K[{}{}] {}", std::string(filled, '#'), std::string(cells - filled, '.'), state);
    static_cast<void>(std::fflush(stderr));
    bar_visible_ = true;
    if (last) {
        print_error("\n");
        bar_visible_ = false;
    }
}

void StatusLine::clear_bar() {
    if (bar_visible_) print_error("\r\033[K");
    bar_visible_ = false;
}

void StatusLine::message(const std::string& line) {
    clear_bar();
    print_error("{}\n", printable(line));
}

}  // namespace attnpaths
