#include "python/turn.hpp"

#include <chrono>
#include <mutex>
#include <new>
#include <pthread.h>

namespace attnpaths::python {

namespace py = pybind11;

namespace {

constexpr std::chrono::milliseconds look_interval{50};

/// The one lock of the process. A child by fork has a fresh one: the thread that held its parent's is not in
/// it.
std::recursive_timed_mutex& process_lock() {
    static std::recursive_timed_mutex lock;
    static const int registered =
        pthread_atfork(nullptr, nullptr, [] { new (&lock) std::recursive_timed_mutex; });
    static_cast<void>(registered);
    return lock;
}

void take_turn() {
    while (!process_lock().try_lock_for(look_interval)) check_signals();
}

}  // namespace

void check_signals() {
    const py::gil_scoped_acquire lock;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
}

Turn::Turn() {
    take_turn();
}

Turn::~Turn() {
    process_lock().unlock();
}

void NamedTurn::enter() {
    const py::gil_scoped_release unlocked;
    take_turn();
}

void NamedTurn::exit() {
    process_lock().unlock();
}

}  // namespace attnpaths::python
