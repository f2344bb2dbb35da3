#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace attnpaths {

/// How a run shows how far it is.
enum class ProgressStyle { automatic, bar, lines, none };

/// "auto", "bar", "lines" or "none".
/// @throws UsageError for other words
ProgressStyle parse_progress_style(const std::string& word);

/// Progress on standard error: a bar that rewrites itself on a terminal, a plain line now and then in a log
/// file.
class Progress {
  public:
    /// @param total     points of the grid
    /// @param finished  of them done or failed before this run
    Progress(ProgressStyle style, std::size_t total, std::size_t finished, std::size_t failed);

    void point_done() { ++finished_; }
    void point_failed() {
        ++finished_;
        ++failed_;
    }
    /// Shows the present state if it is time to, or at any rate if `force`.
    void show(bool force = false);
    /// Prints a whole line without disturbing the bar.
    void message(const std::string& line);

    [[nodiscard]] double seconds() const;

  private:
    [[nodiscard]] std::string state() const;
    void clear_bar();

    ProgressStyle style_;
    std::size_t total_;
    std::size_t before_;
    std::size_t finished_;
    std::size_t failed_;
    std::size_t shown_ = static_cast<std::size_t>(-1);
    bool bar_visible_ = false;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point last_ = start_;
};

/// "8 s", "12 min", "3.4 h" for people.
std::string duration_text(double seconds);

}  // namespace attnpaths
