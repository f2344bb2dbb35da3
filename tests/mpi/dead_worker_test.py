"""A worker that dies ends the launch at once with one clear line; the attempt at its point is lost, and three are enough."""

import os
import signal
import time
import unittest

import launch
from sweep_case import INTERNAL, SLOW_TASK, SMALL_TASK, SweepCase, own_lines

SLOW_POINT = [*SLOW_TASK, "--grid.width", "10"]


class DeadWorker(SweepCase):
    def kill_worker(self, rank, ranks, *grid):
        """Starts a sweep and kills a worker once work has begun. Returns the result."""
        running = self.start_sweep("s.h5", *grid, ranks=ranks)
        running.wait_for_ranks()
        self.wait_for_work("s.h5", running, ranks - 1)
        pid = running.rank_pids()[rank]
        os.kill(pid, signal.SIGKILL)
        begin = time.monotonic()
        result = running.wait()
        self.assertLess(time.monotonic() - begin, 8)
        running.wait_for_processes()
        self.assertNotEqual(result.returncode, 0)
        lines = [line for line in own_lines(result.stderr) if line.startswith("attnpaths") and "note:" not in line]
        if launch.has_mpich():
            self.assertEqual(lines, [])
            return result
        self.assertEqual(len(lines), 1, result.stderr)
        for words in (f"worker {rank} (pid {pid} on ", "died without reporting a signal (SIGKILL", "while computing width ",
                      "run again to go on"):
            self.assertIn(words, lines[0])
        return result

    def test_ends_the_launch_and_nothing_is_lost(self):
        # Two points that take seconds for the workers to die in, after some that do not.
        few = [*SMALL_TASK, "--grid.width", "10 30", "--grid.examples", 20]
        self.sweep("s.h5", *few)
        before = self.points("s.h5", "point/checksum")
        self.kill_worker(1, 3, *SLOW_TASK, "--grid.width", "10 20")
        self.assertEqual(self.points("s.h5", "point/checksum"), before)
        status = self.status("s.h5")
        self.assertEqual((status["failed"], status["left"], status["running"]), (0, 2, "no"))
        # A master that was killed too could not put the points back; the next run does.
        self.assertEqual(status["in_work"], 2 if launch.has_mpich() else 0)

    def test_three_lost_attempts_mark_the_point_failed(self):
        for _ in range(3):
            self.kill_worker(1, 2, *SLOW_POINT)
        if launch.has_mpich():  # a master that was killed as well blames nobody: the point is computed
            self.sweep("s.h5", *SLOW_POINT, ranks=2)
            self.assert_complete("s.h5", 1)
            return
        result = self.sweep("s.h5", *SLOW_POINT, ranks=2, code=INTERNAL)
        self.assertIn("1 failed", result.stdout)
        (point,) = self.points("s.h5", "point/status", "point/message").values()
        self.assertEqual(point["point/status"], "failed")
        self.assertIn("3 attempts were lost, the last: worker 1 (pid", point["point/message"])
        # Asked for, it is tried again, and nobody kills it this time.
        self.sweep("s.h5", *SLOW_POINT, "--retry-failed", ranks=2)
        self.assert_complete("s.h5", 1)

    def test_a_sweep_alone_that_dies_loses_an_attempt_too(self):
        for _ in range(3):
            running = self.start_sweep("s.h5", *SLOW_POINT)
            self.wait_for_work("s.h5", running)
            running.send(signal.SIGKILL)
            running.wait()
        self.sweep("s.h5", *SLOW_POINT, code=INTERNAL)
        self.assertIn("3 attempts were lost", self.status("s.h5")["messages"][0]["message"])


if __name__ == "__main__":
    unittest.main()
