"""Chains that are killed in the middle, or spread over workers, give what undisturbed chains give, to the bit."""

import subprocess
import unittest

from sweep_case import SMALL_TASK, SweepCase

# One point that samples for a second, and keeps all its draws.
POINT = [*SMALL_TASK, "--grid.examples", 20, "--grid.width", "7:6:5", "--grid.temperature", 0.1,
         "--analyses.run", "default weight-samples", "--sampling.method", "nuts", "--sampling.chains", 3,
         "--sampling.warmup", 100, "--sampling.draws", 200, "--sampling.max_draws", 400,
         "--sampling.weights_warmup", 100, "--sampling.weights_draws", 300, "--sampling.weights_max_draws", 600,
         "--sampling.target_ess", 1e6, "--store.draws", "weights", "--store.thin", 5]

# One point that makes independent draws for some seconds.
DRAWS = [*SMALL_TASK, "--grid.examples", 100, "--grid.width", 50, "--grid.temperature", 0.1, "--analyses.run", "order-parameter-samples",
         "--sampling.target_ess", 40000, "--sampling.independent_draws", 100000, "--store.draws", "order-parameters", "--store.thin", 100]


class Sampling(SweepCase):
    def kill_repeatedly(self, store, pauses, *settings, ranks=None):
        """Starts a sweep over and over and kills all of it after a pause, until one comes to its end. Returns how many were killed."""
        for kills, pause in enumerate(pauses):
            running = self.start_sweep(store, *settings, ranks=ranks)
            running.wait_for_ranks()
            try:
                running.process.wait(pause)
                return kills
            except subprocess.TimeoutExpired:
                running.end()
                running.wait_for_processes()
        return len(pauses)

    def test_killed_chains_go_on_where_they_were(self):
        self.undisturbed_sweep("whole.h5", *POINT)
        for ranks, name in ((None, "alone.h5"), (3, "two-workers.h5")):
            pauses = (0.3, 0.5, 0.4, 0.7, 0.6, 0.9, 0.8, 1.1)
            self.assertGreater(self.kill_repeatedly(name, pauses, *POINT, "--run.checkpoint_period", "0.02s", ranks=ranks), 1)
            self.sweep(name, *POINT, ranks=ranks)
            self.assert_complete(name, 1)
            self.assert_identical(name, "whole.h5")

    def test_chains_spread_over_idle_workers(self):
        self.sweep("whole.h5", *POINT, "--grid.seed", "1 2")
        for ranks in (2, 3, 6):
            name = f"{ranks}.h5"
            self.sweep(name, *POINT, "--grid.seed", "1 2", ranks=ranks)
            self.assert_identical(name, "whole.h5")

    def test_independent_draws_are_the_same_killed_or_spread(self):
        self.sweep("whole.h5", *DRAWS)
        (point,) = self.points("whole.h5", "sampling/order-parameter/method", "sampling/order-parameter/ess").values()
        self.assertEqual(point["sampling/order-parameter/method"], "independent")
        self.assertGreater(point["sampling/order-parameter/ess"], 40000)
        for ranks in (3, 5):
            self.sweep(f"{ranks}.h5", *DRAWS, ranks=ranks)
            self.assert_identical(f"{ranks}.h5", "whole.h5")
        # One worker alone would be busy half of the time.
        self.assertGreater(self.status("3.h5")["run_busy_fraction"], 0.55)
        kills = self.kill_repeatedly("killed.h5", (0.5, 0.8), *DRAWS, "--run.checkpoint_period", "0.05s")
        self.assertGreater(kills, 0)
        self.sweep("killed.h5", *DRAWS)
        self.assert_identical("killed.h5", "whole.h5")

    def test_an_interrupted_point_loses_nothing(self):
        self.undisturbed_sweep("whole.h5", *POINT)
        runs = 0
        while runs < 60:
            runs += 1
            # What follows the chains must fit into one run, however busy the machine is.
            limit = f"{0.2 + 0.02 * runs:.2f}s"
            result = self.run_program("sweep", "--store", self.path("s.h5"), *POINT, "--run.time_limit", limit)
            if result.returncode == 0:
                break
            for chains in self.status("s.h5").get("chains", []):
                self.assertTrue(chains["point"].startswith("point width="), chains)
        self.assertGreater(runs, 1, "the point should take longer than one run may")
        self.assert_identical("s.h5", "whole.h5")

    def test_what_does_not_fit_is_a_verdict_and_the_theory_stands(self):
        self.sweep("s.h5", *SMALL_TASK, "--grid.examples", 20, "--grid.width", "5 100000",
                   "--analyses.run", "default weight-samples", "--sampling.weights_draws", 20, "--sampling.weights_max_draws", 20, ranks=2)
        columns = ("point/width", "sampling/weights/verdict", "sampling/weights/message", "theory/accuracy")
        points = sorted(self.points("s.h5", *columns).values(), key=lambda point: point["point/width"])
        self.assertIn(points[0]["sampling/weights/verdict"], ("sampled", "not-converged"))
        self.assertEqual(points[1]["sampling/weights/verdict"], "failed")
        self.assertIn("run.memory_per_rank", points[1]["sampling/weights/message"])
        self.assertGreater(points[1]["theory/accuracy"], 0)


if __name__ == "__main__":
    unittest.main()
