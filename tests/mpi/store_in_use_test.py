"""Two sweeps on one store: the second is refused and says whom it waits for; readers are welcome."""

import os
import signal
import socket
import unittest

from sweep_case import SLOW_TASK, SMALL_TASK, USAGE, WORK_LEFT, SweepCase


class StoreInUse(SweepCase):
    def test_a_second_sweep_is_refused_and_named_the_first(self):
        first = self.start_sweep("s.h5", *SLOW_TASK, "--grid.width", "10 20 30 40 50 60", ranks=2)
        self.wait_for_work("s.h5", first)
        master = first.rank_pids()[0]
        for ranks in (None, 3):
            result = self.sweep("s.h5", *SMALL_TASK, "--grid.width", "10", "--grid.examples", 20, ranks=ranks, code=USAGE)
            self.assert_one_line(result, self.path("s.h5"), "in use", f"pid {master}", f"host {socket.gethostname()}")
        status = self.status("s.h5")
        self.assertEqual(status["running"], "yes")
        self.assertEqual(status["points"], 6)
        first.send(signal.SIGUSR1)
        self.assert_code(first.wait(), WORK_LEFT)
        self.assertEqual(self.status("s.h5")["running"], "no")

    def test_the_lock_of_a_dead_sweep_is_taken_over_with_a_note(self):
        first = self.start_sweep("s.h5", *SLOW_TASK, "--grid.width", "10 20 30")
        self.wait_for_work("s.h5", first)
        first.send(signal.SIGKILL)
        first.wait()
        self.assertTrue(os.path.exists(self.path("s.h5.lock")))
        result = self.sweep("s.h5", *SMALL_TASK, "--grid.width", "10", "--grid.examples", 20)
        self.assertIn("took over the lock of a sweep that is gone", result.stderr)
        self.assertFalse(os.path.exists(self.path("s.h5.lock")))

    def test_nothing_is_left_beside_the_store(self):
        self.sweep("s.h5", *SMALL_TASK, "--grid.width", "10 30", "--grid.examples", 20, ranks=3)
        self.assertLessEqual({file.name for file in self.folder.iterdir()}, {"s.h5", "s.h5.journal", "scratch"})


if __name__ == "__main__":
    unittest.main()
