#pragma once

#include <chrono>
#include <string>

namespace attnpaths {

/// How a run shows how far it is.
enum class ProgressStyle { automatic, bar, lines, none };

/// "auto", "bar", "lines" or "none".
/// @throws UsageError for other words
ProgressStyle parse_progress_style(const std::string& word);

/// The state of a run on standard error: a bar that rewrites itself on a terminal, a plain line now and then
/// in a log file.
class StatusLine {
  public:
    explicit StatusLine(ProgressStyle style);

    /// Whether enough time has passed since the last state for another one.
    [[nodiscard]] bool is_due() const;
    /// Whether states replace each other (a bar), instead of one line following the other.
    [[nodiscard]] bool rewrites() const { return style_ == ProgressStyle::bar; }
    /// Shows a state.
    /// @param fraction  of the work that is done
    /// @param last      no state follows: a bar ends its line
    void show(double fraction, const std::string& state, bool last);
    /// Prints a whole line without disturbing the bar.
    void message(const std::string& line);

  private:
    void clear_bar();

    ProgressStyle style_;
    bool bar_visible_ = false;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace attnpaths
