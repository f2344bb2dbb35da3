"""Output files of train, dataset and prune: one run at a time, replaced as a whole, links followed."""

import os
import signal
import unittest

import launch
from pruning_case import IMAGES, PruningCase
from sweep_case import OK, USAGE
from training_case import SMALL_NETWORK, TrainingCase

DATA = ["dataset", "hidden-markov", "--examples", 4, "--test-examples", 4]


class OneRunAtATime(TrainingCase):
    def start(self, name, ranks=None):
        """A training run that lasts, and holds its output."""
        training = self.start_training(name, *SMALL_NETWORK, ranks=ranks)
        launch.wait_until(lambda: os.path.exists(self.path(name)) or training.process.poll() is not None, 60, "the first file")
        return training

    def assert_refused(self, result, *words):
        self.assert_code(result, USAGE)
        self.assert_one_line(result, *words)

    def test_a_second_training_run_is_refused_and_the_first_goes_on(self):
        first = self.start("n.h5")
        before = (self.folder / "n.h5").read_bytes()
        for ranks in (None, 2):
            self.assert_refused(self.train("n.h5", *SMALL_NETWORK, ranks=ranks, code=USAGE), "n.h5 is in use by another run",
                                f"pid {first.process.pid} on host", "n.h5.lock")
        self.assertEqual((self.folder / "n.h5").read_bytes(), before)
        first.send(signal.SIGTERM)
        first.wait()
        self.assertNotIn("n.h5.lock", os.listdir(self.folder))

    def test_another_name_of_the_file_is_the_same_file(self):
        os.symlink("n.h5", self.path("link.h5"))
        first = self.start("n.h5")
        self.assert_refused(self.train("link.h5", *SMALL_NETWORK, code=USAGE), "in use by another run",
                            f"pid {first.process.pid} on host")

    def test_data_sets_are_no_exception(self):
        first = self.start("n.h5")
        result = self.run_program(*DATA, "-o", self.path("n.h5"), "--force")
        self.assert_refused(result, "n.h5 is in use by another run", f"pid {first.process.pid} on host")

    def test_the_lock_of_a_killed_run_is_taken_over(self):
        first = self.start("n.h5")
        first.send(signal.SIGKILL)
        first.process.wait()
        self.assertIn("n.h5.lock", os.listdir(self.folder))
        result = self.train("n.h5", *SMALL_NETWORK, "--episodes", 12800, "--test-episodes", 0)
        self.assertIn("n.h5: took over the lock of a run that is gone", result.stderr)
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("n.h5")], ["n.h5"])

    def test_of_data_sets_made_at_once_one_is_kept_and_the_others_say_so(self):
        made = [self.start_program(*DATA, "--seed", seed, "-o", self.path("d.h5")) for seed in range(6)]
        results = [one.wait(120) for one in made]
        self.assertEqual(sorted(result.returncode for result in results)[0], OK)
        self.assertEqual(sum(result.returncode == OK for result in results), 1, [result.stderr for result in results])
        for result in results:
            if result.returncode != OK:
                self.assert_one_line(result, "d.h5")
                self.assertRegex(result.stderr, "is there already|is in use by another run")
        self.assert_code(self.run_program("dataset", "check", self.path("d.h5")), OK)
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("d.h5")], ["d.h5"])


class Links(PruningCase):
    def make_link(self, name):
        """NAME in the test's folder, a link to a file that is not there yet, in another folder."""
        (self.folder / "elsewhere").mkdir(exist_ok=True)
        os.symlink(f"elsewhere/{name}", self.path(name))

    def test_what_a_link_points_to_is_written(self):
        names = ("n.h5", "d.h5", "r.h5", "p.h5")
        for name in names:
            self.make_link(name)
        self.make_inputs(self.folder)
        prune = ["prune", "n.h5", "s.h5", "--width", 10, *IMAGES, "--episodes", 100, "--shuffles", 2, "-o", "r.h5",
                 "--write-pruned", 1, "p.h5"]
        self.assert_code(self.run_program(*prune, cwd=self.folder), OK)
        again = self.run_program(*prune, "--force", cwd=self.folder)
        self.assert_code(again, OK)
        self.assertEqual(sorted(os.listdir(self.folder / "elsewhere")), sorted(names))
        for name in names:
            self.assertTrue(os.path.islink(self.path(name)), name)

    def test_what_is_read_is_not_written_over(self):
        self.make_inputs(self.folder)
        before = (self.folder / "n.h5").read_bytes()
        os.symlink("n.h5", self.path("link.h5"))
        for name in ("n.h5", "link.h5"):
            result = self.run_program("dataset", "one-shot", *IMAGES, "--image-size", 16, "--heads", "n.h5", "--force", "-o",
                                      name, cwd=self.folder)
            self.assert_code(result, USAGE)
            self.assert_one_line(result, f"{name}: is read and cannot be written as well")
        self.assertEqual((self.folder / "n.h5").read_bytes(), before)
        result = self.run_program("prune", "n.h5", "s.h5", "--width", 10, *IMAGES, "-o", "x.h5", "--write-pruned", 1, "./x.h5",
                                  cwd=self.folder)
        self.assert_code(result, USAGE)
        self.assert_one_line(result, "x.h5: cannot be both --output and --write-pruned")


if __name__ == "__main__":
    unittest.main()
