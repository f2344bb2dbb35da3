"""The same command again, or one for a larger grid, computes only what is missing."""

import unittest

from sweep_case import SMALL_GRID, SMALL_GRID_POINTS, SMALL_TASK, SweepCase

GRID = [*SMALL_TASK, "--grid.examples", "20 40", "--grid.seed", "1 2"]


class Resume(SweepCase):
    def test_everything_done_answers_at_once(self):
        self.sweep("s.h5", *SMALL_GRID, ranks=3)
        before = self.points("s.h5", "point/finished", "point/attempts")
        for ranks in (None, 3):
            result = self.sweep("s.h5", *SMALL_GRID, ranks=ranks)
            self.assertIn(f"{SMALL_GRID_POINTS} points, {SMALL_GRID_POINTS} of them in", result.stdout)
            self.assertIn(f"{SMALL_GRID_POINTS} of {SMALL_GRID_POINTS} points done", result.stdout)
            self.assertEqual(result.stderr, "")
        self.assertEqual(self.points("s.h5", "point/finished", "point/attempts"), before)

    def test_an_extended_grid_computes_only_new_points(self):
        self.sweep("s.h5", *GRID, "--grid.width", "10 30", ranks=2)
        before = self.points("s.h5", "point/finished", "point/checksum")
        self.assertEqual(len(before), 8)
        result = self.sweep("s.h5", *GRID, "--grid.width", "10 30 100 20:50:30", ranks=3)
        self.assertIn("16 points, 8 of them in", result.stdout)
        after = self.points("s.h5", "point/finished", "point/checksum")
        self.assertEqual(len(after), 16)
        self.assertEqual({key: after[key] for key in before}, before)
        self.sweep("whole.h5", *GRID, "--grid.width", "10 30 100 20:50:30")
        self.assert_identical("s.h5", "whole.h5")

    def test_half_and_half_equals_the_whole(self):
        self.sweep("s.h5", *GRID, "--grid.width", "10 100", "--grid.temperature", "0.01")
        self.sweep("s.h5", *GRID, "--grid.width", "10 100", "--grid.temperature", "0.1", ranks=2)
        self.sweep("whole.h5", *GRID, "--grid.width", "10 100", "--grid.temperature", "0.01 0.1", ranks=4)
        self.assert_identical("s.h5", "whole.h5")

    def test_shards_merge_into_the_whole(self):
        self.sweep("a.h5", *GRID, "--grid.width", "10 30")
        self.sweep("b.h5", *GRID, "--grid.width", "30 100")
        self.assert_code(self.run_program("merge", self.path("joined.h5"), self.path("a.h5"), self.path("b.h5")), 0)
        self.sweep("whole.h5", *GRID, "--grid.width", "10 30 100", ranks=3)
        self.assert_identical("joined.h5", "whole.h5")

    def test_a_dry_run_computes_and_writes_nothing(self):
        for ranks in (None, 3):
            result = self.sweep("s.h5", *SMALL_GRID, "--dry-run", ranks=ranks)
            self.assertIn(f"{SMALL_GRID_POINTS} points for", result.stdout)
            self.assertEqual([file.name for file in self.folder.iterdir()], ["scratch"])


if __name__ == "__main__":
    unittest.main()
