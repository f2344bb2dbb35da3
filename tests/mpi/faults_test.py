"""Points that crash, hang or take too long, rehearsed: three lost attempts and they are failed, and all other points are done."""

import contextlib
import os
import signal
import time
import unittest

import launch
from sweep_case import INTERNAL, OK, SweepCase, own_lines

REHEARSAL = ["--task.name", "rehearsal", "--progress", "none"]


def widths(*numbers):
    return ["--grid.width", " ".join(map(str, numbers))]


class Faults(SweepCase):
    def launch_that_ends_early(self, *arguments, ranks=3, store="s.h5"):
        """Runs a sweep that must end before its work is done. Returns the one line that says why."""
        result = self.run_program("sweep", "--store", self.path(store), *REHEARSAL, *arguments, ranks=ranks)
        self.assertNotIn(result.returncode, (OK, INTERNAL), f"{result.stdout}{result.stderr}")
        lines = [line for line in own_lines(result.stderr) if line.startswith("attnpaths") and "note:" not in line]
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertIn("the results so far are safe, run again to go on", lines[0])
        return lines[0]

    def failed(self, store="s.h5"):
        """Messages of the failed points by width; every other point must be done."""
        points = self.points(store, "point/width", "point/status", "point/message").values()
        self.assertEqual({point["point/status"] for point in points} - {"done", "failed"}, set())
        return {point["point/width"]: point["point/message"] for point in points if point["point/status"] == "failed"}

    def test_a_point_that_crashes_is_failed_after_three_launches_and_the_rest_is_done(self):
        grid = [*widths(*range(1, 41)), "--task.crash_widths", 7, "--task.seconds", 0.002]
        for run in range(3):
            line = self.launch_that_ends_early(*grid)
            self.assertRegex(line, r"worker \d \(pid \d+ on \S+\) was killed by signal 11 \(Segmentation fault\) "
                                   r"while computing width 7,")
            if run == 1:
                # A suspect comes last: it does not keep the others from being done.
                self.assertEqual(self.status("s.h5")["done"], 39)
        result = self.sweep("s.h5", *REHEARSAL, *grid, ranks=3, code=INTERNAL)
        self.assertIn("39 of 40 points done, 1 failed", result.stdout)
        messages = self.failed()
        self.assertEqual(set(messages), {7})
        self.assertIn("3 attempts were lost, the last: worker ", messages[7])
        self.assertIn("was killed by signal 11 (Segmentation fault)", messages[7])
        # Left alone until asked for; asked for, and healed, it is done.
        self.sweep("s.h5", *REHEARSAL, *grid, ranks=3, code=INTERNAL)
        self.sweep("s.h5", *REHEARSAL, *widths(*range(1, 41)), "--retry-failed", ranks=3)
        self.assert_complete("s.h5", 40)

    def test_many_points_that_crash_are_sorted_out_in_few_launches(self):
        # All workers meet one at the same time, and mpirun may end the master before it can speak.
        crashing = {3, 6, 9, 12}
        grid = [*widths(*range(1, 21)), "--task.crash_widths", " ".join(map(str, crashing))]
        for run in range(4 * 3 + 1):
            result = self.run_program("sweep", "--store", self.path("s.h5"), *REHEARSAL, *grid, ranks=5)
            if result.returncode == INTERNAL:
                break
        self.assert_code(result, INTERNAL)
        self.assertEqual(set(self.failed()), crashing)
        print(f"4 crashing points sorted out in {run} launches", flush=True)

    def test_the_culprit_is_found_among_points_handed_out_together(self):
        # Points of no time go to workers in large batches, and their results come back in batches.
        grid = [*widths(*range(1, 1001)), "--task.seconds", 0, "--task.crash_widths", 500]
        for _ in range(3):
            line = self.launch_that_ends_early(*grid, ranks=2)
            self.assertIn("while computing width 500,", line)
        self.sweep("s.h5", *REHEARSAL, *grid, ranks=2, code=INTERNAL)
        self.assertEqual(set(self.failed()), {500})

    def test_a_point_that_hangs_is_ended_by_its_limit(self):
        grid = [*widths(*range(1, 11)), "--task.hang_widths", 4, "--run.point_limit", "0.5s"]
        for _ in range(3):
            begin = time.monotonic()
            line = self.launch_that_ends_early(*grid)
            self.assertLess(time.monotonic() - begin, 20)
            self.assertRegex(line, r"worker \d \(pid \d+ on \S+\) took longer than run.point_limit = 0.5 s and does not answer "
                                   r"while computing width 4,")
        self.sweep("s.h5", *REHEARSAL, *grid, ranks=3, code=INTERNAL)
        messages = self.failed()
        self.assertEqual(set(messages), {4})
        self.assertIn("took longer than run.point_limit = 0.5 s and does not answer", messages[4])
        self.sweep("s.h5", *REHEARSAL, *widths(*range(1, 11)), "--retry-failed", ranks=3)
        self.assert_complete("s.h5", 10)

    def test_a_point_that_is_slow_is_given_up_and_the_run_goes_on(self):
        for ranks in (None, 3):
            with self.subTest(ranks=ranks):
                store = f"{ranks}.h5"
                self.sweep(store, *REHEARSAL, *widths(1, 2, 3), ranks=ranks)
                slow = [*widths(1, 2, 3, 4, 5), "--task.seconds", 60, "--run.point_limit", "0.3s"]
                result = self.sweep(store, *REHEARSAL, *slow, ranks=ranks, code=INTERNAL)
                self.assertEqual(result.stderr.count("point given up (width"), 6, result.stderr)
                messages = self.failed(store)
                self.assertEqual(set(messages), {4, 5})
                for message in messages.values():
                    self.assertEqual(message, "3 attempts were lost, the last: took longer than run.point_limit = 0.3 s")
                self.sweep(store, *REHEARSAL, *widths(1, 2, 3, 4, 5), "--retry-failed", ranks=ranks)
                self.assert_complete(store, 5)

    def test_many_lost_at_once_are_no_points_fault(self):
        grid = [*widths(*range(1, 7)), "--task.seconds", 60]
        for _ in range(3):
            running = self.start_sweep("s.h5", *REHEARSAL, *grid, ranks=4)
            running.wait_for_ranks()
            self.wait_for_work("s.h5", running, 3)
            pids = running.rank_pids()
            # With more than two dead at once mpirun ends the master before it can speak.
            for rank in (1, 2):
                # MPICH's mpirun may have killed the second before.
                with contextlib.suppress(*([ProcessLookupError] if launch.has_mpich() else [])):
                    os.kill(pids[rank], signal.SIGKILL)
            result = running.wait()
            running.wait_for_processes()
            if launch.has_mpich():  # the master was killed with them, without a word
                continue
            self.assertIn("2 workers vanished at once, which no point is to blame for", result.stderr)
            self.assertEqual(self.status("s.h5")["in_work"], 0)
        # A fourth launch would find them failed.
        self.sweep("s.h5", *REHEARSAL, *widths(*range(1, 7)), ranks=3)
        self.assert_complete("s.h5", 6)

    def test_a_limit_stops_no_point_in_time(self):
        self.sweep("s.h5", *REHEARSAL, *widths(1, 2, 3), "--task.seconds", 0.5, "--run.point_limit", "2s", ranks=2)
        self.assert_complete("s.h5", 3)


if __name__ == "__main__":
    unittest.main()
