"""attnpaths heads: a row per head, chosen by --where, as table, CSV and JSON; the same --where of show."""

import csv
import io
import json
import unittest

from sweep_case import OK, USAGE, SweepCase

try:
    import h5py
    import numpy
except ImportError:
    numpy = None

SMALL = ["--task.feature_width", 10, "--task.test_examples", 20, "--grid.examples", 20]


class Heads(SweepCase):
    def setUp(self):
        super().setUp()
        self.store = self.path("s.h5")

    def sweep(self, *settings):
        self.assert_code(self.run_program("sweep", "--store", self.store, *settings), OK)

    def rows(self, *options):
        result = self.run_program("heads", self.store, "--json", *options)
        self.assert_code(result, OK)
        return json.loads(result.stdout)

    def test_rows_are_those_of_the_store(self):
        self.sweep(*SMALL, "--grid.width", "10 100", "--grid.heads", "2 3:1", "--grid.temperature", "0.1")
        columns = "width,head_counts,theory/head_scores"
        shown = json.loads(self.run_program("show", self.store, "--json", "--columns", columns).stdout)
        for point in shown:
            heads = [int(count) for count in point["point/head_counts"]]
            rows = self.rows("--where", f"width={point['point/width']:g}", "--where", "heads=" + ":".join(map(str, heads)))
            self.assertEqual([(row["layer"], row["head"]) for row in rows],
                             [(layer, head) for layer, count in enumerate(heads, 1) for head in range(1, count + 1)])
            self.assertEqual([row["score"] for row in rows], point["theory/head_scores"])
            by_rank = [row["score"] for row in sorted(rows, key=lambda row: row["rank"])]
            self.assertEqual(by_rank, sorted(by_rank, reverse=True))
            self.assertEqual({row["width"] for row in rows}, {point["point/width"]})
            self.assertIn("next_order/head_scores", rows[0])
        every = self.rows()
        self.assertEqual(len(every), 16)
        text = self.run_program("heads", self.store, "--csv").stdout
        self.assertEqual([float(row["score"]) for row in csv.DictReader(io.StringIO(text))], [row["score"] for row in every])
        table = self.run_program("heads", self.store).stdout.splitlines()
        self.assertEqual((len(table), table[0].split()[4:9]), (17, ["layer", "head", "name", "score", "rank"]))

    def test_where(self):
        self.sweep(*SMALL, "--grid.width", "10 100 20:50:30", "--grid.temperature", "0.1 1", "--grid.seed", "1 2")
        cases = [("width=10", 4), ("width=20:50:30", 4), ("width>=50", 8), ("temperature=0.1", 6), ("temperature!=0.1", 6),
                 ("temperature<1", 6), ("seed=1 7", 6), ("seed=1 2", 12), ("theory/accuracy>=0", 12), ("task=hidden-markov", 12),
                 ("task!=hidden-markov", 0), ("heads=2", 12), ("heads=2:1", 0), ("width = 10", 4)]
        for condition, number in cases:
            with self.subTest(condition):
                result = self.run_program("show", self.store, "--json", "--where", condition, "--columns", "width")
                self.assert_code(result, OK)
                self.assertEqual(len(json.loads(result.stdout)), number)
        both = self.rows("--where", "width=10", "--where", "seed=2")
        self.assertEqual(len(both), 2 * 4)

    def test_prior_variances_tell_points_apart(self):
        self.sweep(*SMALL, "--grid.width", 10, "--grid.temperature", 0.1)
        self.assertNotIn("variances", self.rows()[0])
        self.sweep(*SMALL, "--grid.width", 10, "--grid.temperature", 0.1, "--grid.variance_readout", "1 4")
        self.assertEqual([row["variances"] for row in self.rows()], ["1"] * 4 + ["1:1:1:4"] * 4)
        for condition, number in (("variance_readout=4", 1), ("variance_readout<4", 1), ("variance_input=1", 2), ("variances=1", 1),
                                  ("variances!=1:1:1:4", 1), ("variance_readout>4", 0)):
            with self.subTest(condition):
                result = self.run_program("show", self.store, "--json", "--where", condition, "--columns", "width")
                self.assertEqual(len(json.loads(result.stdout)), number)

    def test_what_is_wrong_is_said(self):
        self.sweep(*SMALL, "--grid.width", 10, "--grid.temperature", 0.1, "--analyses.run", "saddle-point")
        cases = [
            (["heads", self.store], "has no head scores; sweep with the analysis scores"),
            (["heads", self.store, "--where", "width=7"], "no finished point satisfies --where"),
            (["heads", self.store, "--csv", "--json"], "exclude each other"),
            (["heads"], "give a store"),
            (["show", self.store, "--where", "width"], "write NAME=VALUE"),
            (["show", self.store, "--where", "width=ten"], "ten is not a number"),
            (["show", self.store, "--where", "task<a"], "task is text, use = or !="),
            (["show", self.store, "--where", "width<1 2"], "< compares with one number"),
            (["show", self.store, "--where", "colour=1"], "has no column colour"),
            (["show", self.store, "--where", "widths>1"], "holds an array per point"),
            (["show", self.store, "--columns", "action"], "did you mean theory/action?"),
            (["show", self.store, "--columns", "xyzzy"], "show --list-columns prints the names of all"),
        ]
        for arguments, words in cases:
            with self.subTest(arguments):
                result = self.run_program(*arguments)
                self.assert_code(result, USAGE)
                self.assert_one_line(result, words)

    def test_columns_are_listed_with_their_meaning(self):
        self.sweep(*SMALL, "--grid.width", 10, "--grid.temperature", 0.1)
        lines = self.run_program("show", self.store, "--list-columns").stdout.splitlines()
        self.assertIn("s(l,h): sum |U_1|", next(line for line in lines if "theory/head_scores" in line))
        self.assertTrue(any("point/seconds" in line for line in lines))

    @unittest.skipIf(numpy is None, "making a data set file needs python3-h5py and python3-numpy")
    def test_names_come_from_the_data_set(self):
        random = numpy.random.default_rng(0)
        with h5py.File(self.path("d.h5"), "w") as file:
            file.attrs.update({"format": "attnpaths-dataset", "version": 2, "readout": "last"})
            for name in ("train", "test"):
                file[name + "/x"], file[name + "/y"] = random.normal(size=(8, 3, 4)), numpy.arange(8) % 2
            for layer in (1, 2):
                file[f"heads/layer{layer}/W"] = random.normal(size=(2, 3, 3))
            file["heads/layer2/names"] = ["induction", "previous token"]
        self.sweep("--task.name", "dataset", "--task.file", self.path("d.h5"), "--grid.width", 10, "--grid.temperature", 0.1)
        self.assertEqual([row["name"] for row in self.rows()], ["", "", "induction", "previous token"])
        # The store keeps them.
        (self.folder / "d.h5").unlink()
        self.assertEqual([row["name"] for row in self.rows()], ["", "", "induction", "previous token"])

    def test_tasks_name_their_heads(self):
        self.sweep(*SMALL, "--grid.width", 10, "--grid.temperature", 0.1)
        self.assertTrue(all(row["name"] for row in self.rows()), self.rows())


if __name__ == "__main__":
    unittest.main()
