"""`attnpaths select`: the temperature of greatest evidence of every line of a grid."""

import csv
import io
import json
import math
import unittest

from sweep_case import BAD_DATA, OK, SMALL_TASK, USAGE, SweepCase

GRID = [*SMALL_TASK, "--grid.width", "10 100", "--grid.examples", 40, "--no-samples"]


class SelectTest(SweepCase):
    def select(self, store, *options):
        result = self.run_program("select", self.path(store), *options, "--csv")
        self.assert_code(result, OK)
        return {row["width"]: row for row in csv.DictReader(io.StringIO(result.stdout))}

    def test_interpolation_finds_what_a_fine_grid_finds(self):
        self.sweep("coarse.h5", *GRID, "--grid.temperature", "0.01..10..log7")
        self.sweep("fine.h5", *GRID, "--grid.temperature", "0.01..10..log61")
        coarse, fine = self.select("coarse.h5"), self.select("fine.h5")
        self.assertEqual(set(coarse), {"10", "100", "inf"})
        for width, row in coarse.items():
            self.assertEqual(row["note"], "")
            off = abs(math.log(float(row["T of evidence"]) / float(fine[width]["T of evidence"])))
            self.assertLessEqual(off, math.log(float(row["within factor"])) + 0.01, width)
            self.assertAlmostEqual(float(row["log evidence"]), float(fine[width]["log evidence"]), delta=0.3)
        # At a point of the fine grid, no other has more evidence than the maximum.
        highest = max(point["evidence/ratio"] for point in self.points("fine.h5", "evidence/ratio", "point/width").values()
                      if point["point/width"] == 10)
        self.assertGreaterEqual(float(fine["10"]["log evidence"]), highest)
        self.assertLess(float(fine["10"]["log evidence"]), highest + 0.1)

    def test_chooses_by_a_test_set_besides(self):
        self.sweep("s.h5", *GRID, "--grid.temperature", "0.01..10..log7")
        row = self.select("s.h5", "--by", "mse")["10"]
        points = self.points("s.h5", "point/width", "point/temperature", "theory/mse").values()
        best = min((point["theory/mse"], point["point/temperature"]) for point in points if point["point/width"] == 10)
        self.assertEqual((float(row["mse"]), float(row["T of mse"])), best)
        result = self.run_program("select", self.path("s.h5"), "--by", "acuracy")
        self.assert_code(result, USAGE)
        self.assert_one_line(result, "acuracy", "accuracy")

    def test_says_which_prior_variance_has_the_greatest_evidence(self):
        self.sweep("v.h5", *GRID, "--grid.variance_readout", "0.1 1 10", "--grid.temperature", "0.01..10..log7")
        result = self.run_program("select", self.path("v.h5"), "--csv")
        self.assert_code(result, OK)
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        self.assertEqual(len(rows), 9)  # three widths, inf among them, times three variances
        for width in ("10", "100", "inf"):
            of_width = [row for row in rows if row["width"] == width]
            highest = max(float(row["log evidence"]) for row in of_width)
            self.assertEqual([row["note"].startswith("greatest over the variances") for row in of_width],
                             [float(row["log evidence"]) == highest for row in of_width])
            best = next(row for row in of_width if float(row["log evidence"]) == highest)
            self.assertEqual("widen grid.variance_readout" in best["note"], best["variances"] != "1")
        # One of the lines alone is what a sweep without this axis has.
        self.sweep("one.h5", *GRID, "--theory.variance_readout", 10, "--grid.temperature", "0.01..10..log7")
        alone = self.select("one.h5")["100"]
        among = next(row for row in rows if row["width"] == "100" and row["variances"].endswith(":10"))
        self.assertEqual(alone["log evidence"], among["log evidence"])

    def test_says_where_the_grid_is_too_narrow_or_has_no_evidence(self):
        self.sweep("edge.h5", *GRID, "--grid.temperature", "5 10")
        self.assertIn("widen grid.temperature", self.select("edge.h5")["10"]["note"])
        result = self.run_program("select", self.path("edge.h5"), "--json")
        self.assertIsNone(json.loads(result.stdout)[0]["within factor"])
        self.sweep("none.h5", *GRID, "--analyses.run", "predictor")
        result = self.run_program("select", self.path("none.h5"))
        self.assert_code(result, BAD_DATA)
        self.assert_one_line(result, "none.h5", "analyses.run = evidence")


if __name__ == "__main__":
    unittest.main()
