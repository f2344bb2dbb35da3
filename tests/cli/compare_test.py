"""show --compare: what every analysis says of a quantity, side by side."""

import unittest

from sweep_case import USAGE, SweepCase

SMALL = ["--task.name", "hidden-markov", "--task.test_examples", 40, "--grid.examples", 20, "--grid.width", "50 1000",
         "--evidence.two_loop", "true"]


class Compare(SweepCase):
    def test_saddle_point_next_order_and_samples_stand_side_by_side(self):
        self.sweep("s.h5", *SMALL)
        result = self.run_program("show", self.path("s.h5"), "--compare")
        self.assertEqual(result.returncode, 0, result.stderr)
        title, *rows = result.stdout.splitlines()
        for quantity in ("order_parameter", "accuracy", "bias", "variance"):
            for group in ("theory", "next_order", "sampling/order-parameter"):
                self.assertIn(f"{group}/{quantity}", title.split())
        self.assertEqual(len(rows), 2)
        for row in rows:
            saddle, sampled = [dict(zip(title.split(), row.split()))[f"{group}/order_parameter"]
                               for group in ("theory", "sampling/order-parameter")]
            value, error = map(float, sampled.split("+-"))
            self.assertGreater(error, 0)
            self.assertLess(abs(value - float(saddle)), 0.5)

        chosen = self.run_program("show", self.path("s.h5"), "--compare=bias", "--where", "width=1000")
        self.assertEqual(len(chosen.stdout.splitlines()), 2)
        self.assertNotIn("accuracy", chosen.stdout)
        for words in (["--compare=bais"], ["--compare", "--csv"], ["--compare", "--columns", "width"]):
            wrong = self.run_program("show", self.path("s.h5"), *words)
            self.assert_code(wrong, USAGE)
            self.assert_one_line(wrong, "compare")

        verdict = "sampling/order-parameter/saddle_verdict"
        for row in self.points("s.h5", "evidence/ratio", "evidence/two_loop", verdict).values():
            self.assertLess(abs(row["evidence/ratio"] - row["evidence/two_loop"]), 0.3)
            self.assertNotEqual(row["evidence/ratio"], row["evidence/two_loop"])
            self.assertIn(row[verdict], ("good", "shifted", "off"))


if __name__ == "__main__":
    unittest.main()
