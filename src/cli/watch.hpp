#pragma once

#include <functional>
#include <string>

namespace attnpaths::cli {

/// What a watcher shows of one moment.
struct Glance {
    std::string screen;    ///< for a terminal
    std::string log;       ///< for a file or pipe
    std::string state;     ///< what must have changed for another entry of the log
    bool is_over = false;  ///< nothing will change any more
};

/// Looks again and again until it is over, or SIGINT, SIGTERM or SIGUSR1 comes: on a terminal each look
/// replaces the last, elsewhere every change adds a line.
/// @param seconds  between two looks; longer where looking takes more than a tenth of it
/// @throws what `look` throws, the first time or several times in a row
void watch(const std::function<Glance()>& look, double seconds);

}  // namespace attnpaths::cli
