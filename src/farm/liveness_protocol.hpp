#pragma once

#include <cstddef>
#include <cstdint>

/// What goes over a liveness connection: the worker's greeting (the first part of the secret, its rank in 8
/// bytes), the watch's answer (the rest of the secret), and from then on words of 8 bytes from the worker. A
/// word of zero or more is the serial number of the task that the worker begins.
namespace attnpaths::liveness {

using Word = std::int64_t;

inline constexpr Word idle = -1;
inline constexpr Word goodbye = -2;
/// The report of a process that is killed by a signal.
constexpr Word killed_by(int signal) {
    return -1000 - signal;
}
constexpr bool is_signal(Word word) {
    return word < killed_by(0) && word >= killed_by(64);  // the last of the real-time signals
}
/// Whether a word means anything; who says another is no worker, whatever it knows.
constexpr bool is_known(Word word) {
    return word >= 0 || word == idle || word == goodbye || is_signal(word);
}
constexpr int signal_of(Word word) {
    return static_cast<int>(-1000 - word);
}

inline constexpr std::size_t greeting_secret = 32;  ///< characters of the secret that the worker says
inline constexpr std::size_t answer_secret = 16;    ///< characters that the watch answers
inline constexpr std::size_t greeting_bytes = greeting_secret + sizeof(Word);

}  // namespace attnpaths::liveness
