"""Pruning a trained network by the theory's scores, from images to a smaller network that works everywhere."""

import csv
import io
import unittest

from pruning_case import IMAGES, PruningCase
from sweep_case import OK, USAGE

try:
    import h5py
except ImportError:
    h5py = None

needs_h5py = unittest.skipIf(h5py is None, "no h5py")


class Prune(PruningCase):
    def setUp(self):
        super().setUp()
        self.make_inputs(self.folder)

    def prune(self, *options, network="n.h5", store="s.h5", choice=("--width", 10)):
        result = self.run_program("prune", network, store, *choice, *IMAGES, "--episodes", 1000, *options, cwd=self.folder)
        self.assert_code(result, OK)
        self.assertEqual(result.stderr, "")
        return result.stdout

    def rows(self, *options, **inputs):
        return list(csv.DictReader(io.StringIO(self.prune("--csv", *options, **inputs))))

    def test_tables_and_statement(self):
        text = self.prune()
        self.assertIn("(width 10, P 60, T 0.5)", text)
        for word in ("theory/test", "theory/validation", "1000 episodes of 16 test classes of glyphs", "20 random orders"):
            self.assertIn(word, text)
        self.assertRegex(text, r"network: averaged over 1 to 3 removals, ascending order keeps 0\.\d{4} \+- 0\.\d{4} (more|less)")
        self.assertEqual(self.prune(), text)
        self.assertNotEqual(self.prune("--seed", 2), text)

    def test_orders_follow_the_scores_of_the_point(self):
        rows = self.rows()
        (point,) = [point for point in self.points("s.h5", "point/width", "theory/head_scores").values()
                    if point["point/width"] == 10]
        single = [row for row in rows if row["subject"] == "network" and row["order"] == "single"]
        self.assertEqual([float(row["score"]) for row in single], point["theory/head_scores"])
        self.assertEqual([(row["layer"], row["head"]) for row in single],
                         [("1", "1"), ("1", "2"), ("1", "3"), ("2", "1"), ("2", "2")])
        for subject in ("network", "theory/test", "theory/validation"):
            for order, sign in (("ascending", 1), ("descending", -1)):
                steps = [row for row in rows if (row["subject"], row["order"]) == (subject, order)]
                self.assertEqual([row["removed"] for row in steps], ["0", "1", "2", "3"])
                scores = [sign * float(row["score"]) for row in steps[1:]]
                self.assertEqual(scores, sorted(scores))
                self.assertEqual(sum(row["layer"] == "1" for row in steps), 2)
        shuffles = {row["shuffle"] for row in rows if row["order"] == "random"}
        self.assertEqual(len(shuffles), 20)

    def test_the_whole_theory_is_that_of_the_store(self):
        rows = self.rows()
        for name, column in (("theory/test", "theory/accuracy"), ("theory/validation", "theory/accuracy-validation")):
            (accuracy,) = [point[column] for point in self.points("s.h5", "point/width", column).values()
                           if point["point/width"] == 10]
            (whole,) = [row for row in rows
                        if (row["subject"], row["order"], row["removed"]) == (name, "ascending", "0")]
            self.assertEqual(float(whole["accuracy"]), accuracy)

    def test_the_pruned_network_answers_as_the_lesion_and_goes_on(self):
        rows = self.rows("--write-pruned", 2, "p.h5")
        (lesion,) = [row for row in rows
                     if (row["subject"], row["order"], row["removed"]) == ("network", "ascending", "2")]
        # Heads differ from layer to layer: the theory takes them, ...
        self.assert_code(self.run_program("dataset", "one-shot", *IMAGES, "--image-size", 16, "--heads", "p.h5", "--examples",
                                          60, "--test-examples", 100, "-o", "d2.h5", cwd=self.folder), OK)
        self.assert_code(self.run_program("sweep", "--store", "s2.h5", "--task.name", "dataset", "--task.file", "d2.h5",
                                          "--grid.width", 10, "--grid.examples", 60, "--grid.temperature", 0.5,
                                          cwd=self.folder), OK)
        # ... the network gives the very answers of the lesion on the same episodes, ...
        (whole,) = [row for row in self.rows(network="p.h5", store="s2.h5", choice=())
                    if (row["subject"], row["order"], row["removed"]) == ("network", "ascending", "0")]
        self.assertEqual(whole["accuracy"], lesion["accuracy"])
        self.assertAlmostEqual(float(whole["loss"]), float(lesion["loss"]), places=12)
        # ... and training goes on from it.
        self.train("t.h5", *IMAGES, "--from", self.path("p.h5"), "--episodes", 1280, "--test-episodes", 0)

    def test_without_the_data_set(self):
        (self.folder / "d.h5").rename(self.folder / "moved.h5")
        with_it = self.prune("--dataset", "moved.h5")
        without = self.prune("--dataset", "none")
        self.assertIn("theory/test", with_it)
        self.assertNotIn("theory/", without)
        self.assertIn(without.splitlines()[-2], with_it)

    def test_without_a_network(self):
        """The theory's own lesion, of whatever data set: as beside the network."""
        whole = self.rows()
        result = self.run_program("prune", "s.h5", "--width", 10, "--csv", cwd=self.folder)
        self.assert_code(result, OK)
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        self.assertEqual(rows, [row for row in whole if row["subject"] != "network"])
        result = self.run_program("prune", "s.h5", "--width", 10, "-o", "p.h5", cwd=self.folder)
        self.assert_code(result, OK)
        self.assertIn("theory/validation", result.stdout)
        for option, value in (("--images", "glyphs"), ("--dataset", "none")):
            result = self.run_program("prune", "s.h5", "--width", 10, option, value, cwd=self.folder)
            self.assert_code(result, USAGE)
            self.assert_one_line(result, option, "trained network")

    def test_a_point_by_its_key(self):
        keys = {point["point/width"]: key for key, point in self.points("s.h5", "point/width").items()}
        self.assertEqual(self.prune(choice=("--point", keys[20.0])), self.prune(choice=("--width", 20)))
        self.assertEqual(self.prune(choice=("--point", keys[20.0][:12])), self.prune(choice=("--width", 20)))

    @needs_h5py
    def test_results_file(self):
        rows = self.rows("-o", "r.h5", "--shuffles", 5)
        with h5py.File(self.path("r.h5")) as file:
            self.assertEqual(file.attrs["format"], b"attnpaths-pruning")
            for name in ("network", "theory/test", "theory/validation"):
                group = file[name]
                for order in ("single", "ascending", "descending", "random-mean"):
                    ours = group[order.split("-")[0]]
                    theirs = [row for row in rows if (row["subject"], row["order"]) == (name, order)]
                    for quantity in ("accuracy", "accuracy_error", "change", "change_error", "loss", "loss_error"):
                        self.assertEqual(ours[quantity][:].tolist(), [float(row[quantity]) for row in theirs])
                self.assertEqual(group["random/accuracy_by_shuffle"].shape, (5, 4))
                self.assertEqual(group["random/layer"].shape, (5, 3))
                self.assertIn("advantage_over_random", group.attrs)

            def documented(name, item):
                if isinstance(item, h5py.Dataset):
                    self.assertTrue(item.attrs["description"], name)
                    self.assertTrue(item.attrs["unit"], name)
            file.visititems(documented)


if __name__ == "__main__":
    unittest.main()
