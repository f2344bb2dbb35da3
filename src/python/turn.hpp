#pragma once

#include <pybind11/pybind11.h>

namespace attnpaths::python {

/// Lets Ctrl-C end long work. Called with or without the interpreter's lock.
/// @throws pybind11::error_already_set
void check_signals();

/// Work on the theory by one of the process's threads, without the interpreter's lock: the others wait for
/// their turn. The serial OpenBLAS hands out its buffers without a lock, and two threads in it at once may
/// get the same one: their products are then wrong, without a word. A thread that has the turn may take it
/// again.
class Turn {
  public:
    /// @throws pybind11::error_already_set at Ctrl-C while it waits
    Turn();
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    pybind11::gil_scoped_release unlocked_;
};

/// A turn as Python's with statement takes it, for what else may not run beside the theory.
class NamedTurn {
  public:
    static void enter();
    static void exit();
};

}  // namespace attnpaths::python
