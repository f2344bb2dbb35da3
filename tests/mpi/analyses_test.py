"""A row of a store is a problem, and analyses are added to it: what is missing is (problem, analysis), and nothing else is computed."""

import unittest

from sweep_case import SMALL_TASK, SweepCase

GRID = [*SMALL_TASK, "--grid.examples", "20 40", "--grid.width", "10 20:30:10", "--grid.temperature", 0.1]


def samples(chains=2, draws=40):
    return ["--sampling.chains", chains, "--sampling.warmup", 60, "--sampling.draws", draws, "--sampling.max_draws", draws,
            "--sampling.predictor_draws", 5, "--sampling.method", "nuts"]


SAMPLES = samples()
THEORY = "--no-samples"
ANALYSES = ["saddle-point", "gaussian-process", "predictor", "alignment", "scores", "sub-networks", "next-order", "evidence"]
POINTS = 4


class Analyses(SweepCase):
    def times(self, store, analyses=ANALYSES):
        """When and how long each analysis was computed: changes if it is computed again."""
        points = self.points(store, *[f"{name}/seconds" for name in analyses])
        return {name: sorted((key, point[f"{name}/seconds"]) for key, point in points.items()) for name in analyses}

    def keys(self, store, analysis):
        return sorted(point[f"{analysis}/key"] for point in self.points(store, f"{analysis}/key").values())

    def test_one_more_analysis_is_computed_alone_and_joins_the_rows(self):
        for ranks in (None, 3):
            store = f"added-{ranks}.h5"
            self.sweep(store, *GRID, *SAMPLES, THEORY, ranks=ranks)
            before = self.times(store)
            self.sweep(store, *GRID, *SAMPLES, ranks=ranks)
            self.assertEqual(self.times(store), before, "what was there was computed again")
            self.assert_complete(store, POINTS)
            whole = f"whole-{ranks}.h5"
            self.sweep(whole, *GRID, *SAMPLES, ranks=ranks)
            self.assert_identical(store, whole)
            again = self.sweep(store, *GRID, *SAMPLES, ranks=ranks)
            self.assertIn(f"{POINTS} of them in", again.stdout)
            # Fewer analyses are wanted: the others stay.
            self.sweep(store, *GRID, *SAMPLES, "--analyses.run", "gaussian-process", ranks=ranks)
            self.assert_identical(store, whole)

    def test_a_changed_setting_makes_its_analysis_and_what_needs_it_again(self):
        self.sweep("s.h5", *GRID, *SAMPLES)
        names = [*ANALYSES, "order-parameter-samples"]
        before = self.times("s.h5", names)
        self.sweep("s.h5", *GRID, *samples(chains=3), ranks=2)
        after = self.times("s.h5", names)
        self.assertEqual([name for name in names if after[name] != before[name]], ["order-parameter-samples"])
        self.sweep("whole.h5", *GRID, *samples(chains=3))
        self.assert_identical("s.h5", "whole.h5")
        kernels = self.keys("s.h5", "gaussian-process")
        self.sweep("s.h5", *GRID, *samples(chains=3), "--theory.tolerance", "1e-9")
        remade = self.times("s.h5", names)
        self.assertEqual({name for name in names if remade[name] == after[name]}, {"gaussian-process", "sub-networks"})
        self.assertEqual(self.keys("s.h5", "gaussian-process"), kernels)
        self.assert_complete("s.h5", POINTS)

    def test_a_row_never_mixes_results_of_different_settings(self):
        self.sweep("s.h5", *GRID, THEORY)
        result = self.sweep("s.h5", *GRID, "--analyses.run", "saddle-point", "--theory.tolerance", "1e-9")
        self.assertIn(f"{POINTS} points lose predictor, alignment, scores, next-order, evidence, which need what is made again", result.stderr)
        counts = self.status("s.h5")["analyses"]
        self.assertEqual({name: count["done"] for name, count in counts.items()},
                         {"saddle-point": POINTS, "gaussian-process": POINTS, "sub-networks": POINTS})
        self.assert_complete("s.h5", POINTS)
        result = self.sweep("s.h5", *GRID, THEORY, "--theory.tolerance", "1e-9")
        self.assertIn(f"{POINTS} of them lack predictor, alignment, scores, next-order, evidence;", result.stdout)
        self.assertNotIn("lose", result.stderr)
        self.sweep("whole.h5", *GRID, THEORY, "--theory.tolerance", "1e-9")
        self.assert_identical("s.h5", "whole.h5")

    def test_output_options_change_nothing_that_is_computed(self):
        small = ["--theory.spectrum", 3, "--store.predictions", "false"]
        self.sweep("s.h5", *GRID, *SAMPLES, *small)
        names = [*ANALYSES, "order-parameter-samples"]
        before = self.times("s.h5", names)
        # Less is wanted than is there, and what does not matter: nothing is done.
        self.sweep("s.h5", *GRID, *SAMPLES, "--theory.spectrum", 2, "--store.predictions", "false",
                   "--store.thin", 3)
        self.assertEqual(self.times("s.h5", names), before)
        # What was not kept is made again, from the same streams; the theory is not solved again.
        self.sweep("s.h5", *GRID, *SAMPLES, "--theory.spectrum", 3, "--store.draws",
                   "order-parameters", ranks=2)
        after = self.times("s.h5", names)
        same = {name for name in names if after[name] == before[name]}
        self.assertEqual(same, {"saddle-point", "alignment", "scores", "sub-networks", "next-order", "evidence"})
        self.sweep("whole.h5", *GRID, *SAMPLES, "--theory.spectrum", 3, "--store.draws",
                   "order-parameters")
        self.assert_identical("s.h5", "whole.h5")

    def test_stopped_additions_are_left_to_do(self):
        self.sweep("s.h5", *GRID, *SAMPLES, THEORY)
        self.assertEqual(self.status("s.h5")["left"], 0)
        result = self.run_program("sweep", "--store", self.path("s.h5"), *GRID,
                                  *samples(draws=100000), "--run.time_limit", "1s")
        self.assert_code(result, 75)
        status = self.status("s.h5")
        self.assertEqual((status["points"], status["left"], status["failed"]), (POINTS, POINTS, 0))
        self.assertEqual(status["analyses"]["predictor"], {"done": POINTS, "failed": 0, "left_out": 0})
        self.assert_code(self.run_program("verify", self.path("s.h5")), 0)
        # Who no longer wants them has all that he wants.
        self.sweep("s.h5", *GRID, *SAMPLES, THEORY)
        self.assert_complete("s.h5", POINTS)

    def test_shards_and_stores_of_other_analyses_merge_into_whole_rows(self):
        self.sweep("whole.h5", *GRID, *SAMPLES)
        self.sweep("theory.h5", *GRID, *SAMPLES, THEORY)
        for shard in ("1/2", "2/2"):
            self.sweep(f"samples-{shard[0]}.h5", *GRID, *SAMPLES, "--analyses.run", "order-parameter-samples",
                       "--run.shard", shard)
        merged = self.run_program("merge", self.path("m.h5"), self.path("theory.h5"),
                                  self.path("samples-1.h5"), self.path("samples-2.h5"))
        self.assert_code(merged, 0)
        self.assert_complete("m.h5", POINTS)
        self.assert_identical("m.h5", "whole.h5")
        self.sweep("other.h5", *GRID, *SAMPLES, THEORY, "--theory.tolerance", "1e-9")
        refused = self.run_program("merge", self.path("n.h5"), self.path("theory.h5"), self.path("other.h5"))
        self.assert_code(refused, 65)
        self.assertIn("saddle-point was computed with different settings", refused.stderr)

    def test_parts_that_ask_for_one_point_in_other_ways_are_refused(self):
        path = self.path("parts.ini")
        with open(path, "w") as file:
            file.write("[part a]\n[part b]\ntheory.tolerance = 1e-9\n")
        result = self.run_program("sweep", path, "--store", self.path("s.h5"), *GRID)
        self.assert_code(result, 64)
        self.assertIn("parts a and b ask for", result.stderr)
        with open(path, "w") as file:
            file.write("[part a]\nanalyses.samples = false\n[part b]\n")
        self.sweep("s.h5", path, *GRID, *SAMPLES)
        self.assert_complete("s.h5", POINTS)

    def test_a_submission_may_want_more_of_points_that_are_there(self):
        self.sweep("s.h5", *GRID, *SAMPLES, THEORY)
        before = self.times("s.h5")
        submit = ["submit", self.path("s.h5"), *GRID, *SAMPLES]
        submitted = self.run_program(*submit)
        self.assert_code(submitted, 0)
        self.assertIn(f"{POINTS} to compute", submitted.stdout)
        self.assertEqual(self.status("s.h5")["submissions"][0]["waiting"], POINTS)
        self.sweep("s.h5", *GRID, *SAMPLES, THEORY, ranks=2)
        self.assertEqual(self.times("s.h5"), before)
        self.assertEqual(self.status("s.h5")["submissions"], [])
        self.sweep("whole.h5", *GRID, *SAMPLES)
        self.assert_identical("s.h5", "whole.h5")
        nothing = self.run_program(*submit)
        self.assertIn("nothing to do", nothing.stdout)


if __name__ == "__main__":
    unittest.main()
