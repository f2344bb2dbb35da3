"""Results are bit-identical for any number of ranks, and for any way of writing the grid."""

import unittest

from sweep_case import SMALL_GRID, SMALL_GRID_POINTS, SMALL_TASK, SweepCase


class RankCount(SweepCase):
    def test_one_to_four_ranks_give_identical_stores(self):
        self.sweep("alone.h5", *SMALL_GRID)
        self.assert_complete("alone.h5", SMALL_GRID_POINTS)
        for ranks in (1, 2, 3, 4):
            self.sweep(f"{ranks}.h5", *SMALL_GRID, ranks=ranks)
            self.assert_complete(f"{ranks}.h5", SMALL_GRID_POINTS)
            self.assert_identical("alone.h5", f"{ranks}.h5")

    def test_samples_do_not_depend_on_ranks(self):
        grid = [*SMALL_TASK, "--grid.width", "10 1000", "--grid.examples", 20, "--grid.seed", "1 2", "--grid.temperature", 0.1,
                "--sampling.method", "nuts", "--sampling.chains", 2, "--sampling.warmup", 40,
                "--sampling.draws", 20, "--sampling.max_draws", 40, "--sampling.predictor_draws", 5]
        self.sweep("alone.h5", *grid)
        self.assert_complete("alone.h5", 4)
        for ranks in (2, 4):
            self.sweep(f"{ranks}.h5", *grid, ranks=ranks)
            self.assert_identical("alone.h5", f"{ranks}.h5")

    def test_order_of_lists_does_not_matter(self):
        grid = [*SMALL_TASK, "--grid.examples", 20]
        self.sweep("a.h5", *grid, "--grid.width", "10 30 20:50:30", "--grid.temperature", "0.01 0.1", "--grid.seed", "1 2")
        self.sweep("b.h5", *grid, "--grid.width", "20:50:30, 30, 10", "--grid.temperature", "1e-1 1e-2", "--grid.seed", "2 1",
                   ranks=3)
        self.assert_complete("a.h5", 12)
        self.assert_identical("a.h5", "b.h5")

    def test_more_workers_than_points(self):
        self.sweep("few.h5", *SMALL_TASK, "--grid.width", "10", "--grid.examples", 20, ranks=4)
        self.assert_complete("few.h5", 1)

    def test_other_results_are_told_apart(self):
        grid = [*SMALL_TASK, "--grid.width", "10 30", "--grid.examples", 20]
        self.sweep("a.h5", *grid)
        self.sweep("b.h5", *grid, "--grid.seed", 2)
        result = self.run_program("verify", self.path("a.h5"), self.path("b.h5"))
        self.assert_code(result, 65)
        self.assertIn("4 differences", result.stdout)


if __name__ == "__main__":
    unittest.main()
