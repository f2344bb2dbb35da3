"""An analysis that is run by default is left out, with its reason, of points that are no case for it; asked for, it fails."""

import unittest

from sweep_case import INTERNAL, MEDIUM_TASK, OK, SweepCase, own_lines

# All of it fits into 160 MiB but the next order of 36 paths, which takes 254.
SETTINGS = [*MEDIUM_TASK, "--grid.width", 100, "--no-samples"]
LITTLE = ["--run.memory_per_rank", "160M"]
GRID = [*SETTINGS, "--grid.heads", "2:2 6:6"]


class LeftOutTest(SweepCase):
    def test_sweep_is_done_and_says_what_it_lacks(self):
        plan = self.run_program("sweep", "--store", self.path("s.h5"), *GRID, *LITTLE, "--dry-run")
        self.assert_code(plan, OK)
        self.assertRegex(plan.stdout, r"1 point will be without next-order: needs about .* \(\d:\d fit\)")
        first = self.sweep("s.h5", *GRID, *LITTLE)
        notes = [line for line in own_lines(first.stderr) if "next-order is left out" in line]
        self.assertEqual(len(notes), 1, first.stderr)
        self.assertRegex(notes[0], "heads 6.*needs about .* of memory.*leave next-order out of analyses.run")
        self.assertEqual(self.status("s.h5")["analyses"]["next-order"], {"done": 1, "failed": 0, "left_out": 1})
        table = self.run_program("show", self.path("s.h5")).stdout.splitlines()
        self.assertTrue(table[1].endswith("done"), table[1])
        self.assertTrue(table[2].endswith("done, without next-order"), table[2])
        self.assertIn("2 of them in", self.sweep("s.h5", *GRID, *LITTLE).stdout)
        tried = self.sweep("s.h5", *GRID, *LITTLE, "--retry-failed")
        self.assertIn("1 of them lacks next-order", tried.stdout)
        self.assertEqual(self.status("s.h5")["analyses"]["next-order"], {"done": 1, "failed": 0, "left_out": 1})

    def test_asked_for_by_name_it_is_a_failure(self):
        grid = [*SETTINGS, *LITTLE, "--grid.heads", "6:6"]
        self.sweep("s.h5", *grid)
        asked = self.sweep("s.h5", *grid, "--analyses.run", "default next-order", code=INTERNAL)
        self.assertIn("next-order: needs about", asked.stderr)
        self.assertEqual(self.status("s.h5")["analyses"]["next-order"], {"done": 0, "failed": 1, "left_out": 0})


if __name__ == "__main__":
    unittest.main()
