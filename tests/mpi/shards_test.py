"""Shards of a grid, computed by runs of their own and merged, are the grid."""

import unittest

from sweep_case import BAD_DATA, SMALL_GRID, SMALL_GRID_POINTS, SMALL_TASK, SweepCase

SHARDS = 3


class Shards(SweepCase):
    def compute(self):
        for number in range(1, SHARDS + 1):
            self.sweep(f"{number}.h5", *SMALL_GRID, "--shard", f"{number}/{SHARDS}", ranks=None if number == 1 else 2)
        return [self.path(f"{number}.h5") for number in range(1, SHARDS + 1)]

    def test_merged_they_are_the_whole(self):
        shards = self.compute()
        sizes = []
        for shard in shards:
            status = self.status(shard)
            self.assertEqual((status["left"], status["failed"]), (0, 0))
            sizes.append(status["points"])
        self.assertEqual(sum(sizes), SMALL_GRID_POINTS)
        self.assertGreater(min(sizes), 0)
        self.assert_code(self.run_program("merge", self.path("merged.h5"), *shards), 0)
        self.assert_complete("merged.h5", SMALL_GRID_POINTS)
        self.sweep("whole.h5", *SMALL_GRID, ranks=3)
        self.assert_identical("merged.h5", "whole.h5")
        # The merged store is one of the whole grid: nothing is left to compute, and its configuration names no shard.
        result = self.sweep("merged.h5", *SMALL_GRID, ranks=2)
        self.assertIn(f"{SMALL_GRID_POINTS} of them in", result.stdout)

    def test_a_shard_that_is_missing_is_seen(self):
        shards = self.compute()
        self.assert_code(self.run_program("merge", self.path("some.h5"), *shards[:2]), 0)
        done = self.status("some.h5")["done"]
        self.assertLess(done, SMALL_GRID_POINTS)
        # The whole grid on that store computes the missing shard only.
        result = self.sweep("some.h5", *SMALL_GRID, ranks=2)
        self.assertIn(f"{done} of them in", result.stdout)
        self.assert_complete("some.h5", SMALL_GRID_POINTS)

    def test_shards_that_disagree_are_refused(self):
        # The same point with and without predictions of other programs would be a disagreement; here a column is changed by hand.
        import h5py
        self.sweep("a.h5", *SMALL_TASK, "--grid.width", 10)
        self.sweep("b.h5", *SMALL_TASK, "--grid.width", 10)
        with h5py.File(self.path("b.h5"), "r+") as store:
            store["theory/accuracy"][0] += 0.25
        result = self.run_program("merge", self.path("m.h5"), self.path("a.h5"), self.path("b.h5"))
        self.assert_code(result, BAD_DATA)


if __name__ == "__main__":
    unittest.main()
