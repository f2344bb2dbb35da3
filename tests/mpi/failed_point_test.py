"""A point that cannot be computed is recorded with its reason while the rest goes on."""

import unittest

from sweep_case import INTERNAL, SMALL_TASK, SweepCase

# P = 400 needs 2.8 MiB: too much for 2 MiB, enough for 8 MiB.
GRID = [*SMALL_TASK, "--grid.width", "10 30 100", "--grid.examples", "20 400 40", "--grid.temperature", 1,
        "--theory.tolerance", "1e-8"]
FAILED, DONE = 3, 6


class FailedPoint(SweepCase):
    def check(self, ranks):
        result = self.sweep("s.h5", *GRID, "--memory-per-rank", "2M", ranks=ranks, code=INTERNAL)
        self.assertIn(f"{DONE} of 9 points done, {FAILED} failed", result.stdout)
        self.assertEqual(result.stderr.count("point failed (width"), FAILED, result.stderr)
        status = self.status("s.h5")
        self.assertEqual((status["done"], status["failed"], status["left"]), (DONE, FAILED, 0))
        points = self.points("s.h5", "point/status", "point/message", "point/examples", "point/attempts").values()
        for point in points:
            failed = point["point/examples"] == 400
            self.assertEqual(point["point/status"], "failed" if failed else "done")
            self.assertEqual("run.memory_per_rank" in (point["point/message"] or ""), failed)

    def test_alone(self):
        self.check(None)

    def test_under_mpirun(self):
        self.check(3)

    def test_failed_points_are_left_alone_until_asked_for(self):
        self.sweep("s.h5", *GRID, "--memory-per-rank", "2M", ranks=3, code=INTERNAL)
        before = self.points("s.h5", "point/finished")
        result = self.sweep("s.h5", *GRID, "--memory-per-rank", "2M", ranks=3, code=INTERNAL)
        self.assertIn("9 points, 9 of them in", result.stdout)
        self.assertIn("--retry-failed tries again", result.stdout)
        self.assertEqual(self.points("s.h5", "point/finished"), before)

        self.sweep("s.h5", *GRID, "--memory-per-rank", "16M", "--retry-failed", ranks=3)
        self.assert_complete("s.h5", 9)
        after = self.points("s.h5", "point/finished", "point/attempts", "point/examples")
        for key, point in after.items():
            retried = point["point/examples"] == 400
            self.assertEqual(point["point/finished"] != before[key]["point/finished"], retried)
            self.assertEqual(point["point/attempts"], 2 if retried else 1)
        self.sweep("whole.h5", *GRID, "--memory-per-rank", "16M")
        self.assert_identical("s.h5", "whole.h5")


if __name__ == "__main__":
    unittest.main()
