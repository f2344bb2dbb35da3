"""Training with a topology: ranks that have weights of their own and average with their neighbours."""

import re
import signal
import time
import unittest

from sweep_case import BAD_DATA, NO_INPUT, OK, USAGE, WORK_LEFT
from training_case import SMALL_NETWORK, SMALL_RUN, TrainingCase

PLAIN = ["--optimiser", "sgd", "--learning-rate", 0.05]


class Topology(TrainingCase):
    def number(self, text, words):
        found = re.search(words + r" ([0-9.e+-]+)", text)
        self.assertIsNotNone(found, text)
        return float(found.group(1))

    def test_the_complete_graph_is_all_reduce(self):
        self.train("shared.h5", *SMALL_RUN, *PLAIN, ranks=4)
        result = self.train("complete.h5", *SMALL_RUN, *PLAIN, "--topology", "complete", ranks=4)
        self.assert_same_training("shared.h5", "complete.h5", tolerance=1e-4)
        self.assertEqual(self.number(result.stdout, "consensus distance"), 0)
        self.assertEqual(self.number(result.stdout, "spectral gap"), 1)
        self.assertEqual(self.number(result.stdout, "effective number of neighbours"), 4)

    def test_neighbours_keep_ranks_near_each_other(self):
        ring = self.train("ring.h5", *SMALL_RUN, *PLAIN, "--topology", "ring", ranks=4)
        self.assertGreater(self.number(ring.stdout, "consensus distance"), 0)
        self.assertAlmostEqual(self.number(ring.stdout, "spectral gap"), 2 / 3, places=4)
        self.assertGreater(self.number(ring.stdout, "effective number of neighbours"), 3)
        # Nobody hears anybody: ranks drift apart.
        with open(self.path("alone.txt"), "w") as file:
            file.write("".join(" ".join("1" if i == j else "0" for j in range(4)) + "\n" for i in range(4)))
        alone = self.train("alone.h5", *SMALL_RUN, *PLAIN, "--topology", self.path("alone.txt"), ranks=4)
        self.assertEqual(self.number(alone.stdout, "effective number of neighbours"), 1)
        self.assertGreater(self.number(alone.stdout, "consensus distance"),
                           2 * self.number(ring.stdout, "consensus distance"))

    def test_stopped_and_killed_ranks_go_on_where_the_file_stands(self):
        run = [*SMALL_NETWORK, "--episodes", "102400", "--validate-every", 25600, "--validation-episodes", 500,
               "--test-episodes", 1000, *PLAIN, "--topology", "ring"]
        self.train("whole.h5", *run, ranks=4)
        often = [*run, "--checkpoint-period", "0.05s"]
        self.train("s.h5", *often, "--time-limit", "0.5s", ranks=4, code=WORK_LEFT)
        training = self.start_training("s.h5", *often, ranks=4)
        training.wait_for_ranks()
        time.sleep(0.5)
        training.send(signal.SIGTERM)
        training.wait()
        training.wait_for_processes()
        self.assert_code(self.train("s.h5", *often, ranks=4), OK)
        self.assert_same_training("s.h5", "whole.h5")

    def test_mistakes_are_one_line(self):
        with open(self.path("W.txt"), "w") as file:
            file.write("0.5 0.5\n0.5 0.4\n")
        train = ["train", *SMALL_NETWORK, "-o", self.path("n.h5")]
        for options, code, words in (
                ([*PLAIN, "--topology", self.path("W.txt")], BAD_DATA, "row 1 (counted from 0) sums to 0.9"),
                ([*PLAIN, "--topology", "rign"], NO_INPUT, "rign: is none of ring, torus, exponential and complete"),
                (["--topology", "ring"], USAGE, "add --optimiser sgd"),
                (["--optimiser", "lbfgs"], USAGE, "--optimiser = lbfgs is not known; choose adam or sgd"),
                ([*PLAIN, "--topology", "ring", "--batch", 1], USAGE, "has no episode for some of 2 ranks")):
            with self.subTest(words):
                result = self.run_program(*train, *options, ranks=2)
                self.assert_code(result, code)
                self.assert_one_line(result, words)

    def test_going_on_needs_the_same_topology_and_ranks(self):
        run = [*SMALL_NETWORK, "--episodes", 256, "--test-episodes", 0, *PLAIN]
        self.train("n.h5", *run, "--topology", "ring", ranks=2)
        for options, ranks in ((["--topology", "ring"], 3), (["--topology", "complete"], 3), ([], 2)):
            result = self.train("n.h5", *run, *options, ranks=ranks, code=USAGE)
            self.assertIn("holds a run with --topology = ring of 2 ranks", result.stderr)


if __name__ == "__main__":
    unittest.main()
