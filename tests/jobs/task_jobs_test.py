"""The configurations of jobs/ for tasks whose heads have names, and their data in files."""

import unittest
from pathlib import Path

from sweep_case import OK, SweepCase

JOBS = Path(__file__).resolve().parents[2] / "jobs"

# What makes a job small, and how many points it then has.
SMALL = {
    "induction": (["--grid.width", 10, "--grid.temperature", 0.5, "--task.length", 16, "--task.alphabet", 4,
                   "--task.test_examples", 20, "--grid.examples", 20], 1),
    "chain": (["--grid.width", 10, "--task.test_examples", 20, "--grid.examples", 20, "--grid.depth", "1 2"], 16),
    "graph": (["--grid.width", 10, "--task.nodes", 100, "--task.labelled_nodes", 20, "--grid.examples", 20,
               "--grid.seed", 1], 3),
}
# Options of `dataset` that make the same examples as these settings.
FILES = {
    "induction": ["--length", 16, "--alphabet", 4, "--test-examples", 20, "--examples", 20],
    "chain": ["--test-examples", 20, "--examples", 20],
    "graph": ["--nodes", 100, "--labelled-nodes", 20, "--examples", 20],
}
RESULTS = ["theory/action", "theory/accuracy", "theory/order_parameter", "gp/mse"]


class TaskJobs(SweepCase):
    def test_jobs_have_results_and_references(self):
        for task, (settings, number) in SMALL.items():
            with self.subTest(task):
                self.sweep(f"{task}.h5", JOBS / f"{task}.ini", *settings)
                reference = "reference-neighbours/accuracy" if task == "graph" else "reference-true/accuracy"
                points = self.points(f"{task}.h5", "point/status", "theory/accuracy", reference).values()
                self.assertEqual(len(points), number)
                for point in points:
                    self.assertEqual(point["point/status"], "done")
                    self.assertGreater(point[reference], 0.5)

    def test_a_file_of_a_task_gives_its_results(self):
        for task, options in FILES.items():
            with self.subTest(task):
                grid = ["--grid.width", "10 100", "--grid.examples", 20, "--grid.temperature", 0.1]
                settings = [word.replace("--", "--task.").replace("-examples", "_examples").replace("-nodes", "_nodes")
                            if isinstance(word, str) else word for word in options[:-2]]
                self.sweep(f"of-{task}.h5", "--task.name", task, *settings, *grid)
                self.assert_code(self.run_program("dataset", task, *options, "-o", self.path(f"{task}-data.h5")), OK)
                self.sweep(f"of-file-{task}.h5", "--task.name", "dataset", "--task.file", self.path(f"{task}-data.h5"),
                           *grid)
                results = [sorted(([point[column] for column in RESULTS]
                                   for point in self.points(store, *RESULTS).values()), key=str)
                           for store in (f"of-{task}.h5", f"of-file-{task}.h5")]
                self.assertEqual(len(results[0]), 2)
                self.assertEqual(results[0], results[1])


if __name__ == "__main__":
    unittest.main()
