"""Pruning that cannot be: one line says what is wrong, and no file is made or changed."""

import unittest

from bad_input_case import BadInputCase
from pruning_case import IMAGES, PruningCase
from sweep_case import BAD_DATA, CANNOT_CREATE, INTERNAL, NO_INPUT, OK, USAGE


class BadPruning(BadInputCase, PruningCase):
    def setUp(self):
        super().setUp()
        self.make_inputs(self.work, "0.5 1")

    def refuse(self, code, options, *words, network="n.h5", store="s.h5"):
        """`options` are added to those of a good command; None takes one away."""
        options = {"--images": "glyphs", "--width": 10, "--temperature": 0.5, **options}
        arguments = [word for option, value in options.items() if value is not None for word in (option, value)]
        self.assert_refused(code, ["prune", network, store, *arguments], *words)

    def make(self, *words):
        self.assert_code(self.run_program(*words, cwd=self.work), OK)

    def test_inputs(self):
        for words, told in (([], "give a store, or the file of a network and a store"),
                            (["n.h5"], "--images is about a trained network; give its file before the store")):
            self.assert_refused(USAGE, ["prune", *words, *IMAGES], told)
        self.refuse(USAGE, {"--images": None}, "'--images' is required")
        self.refuse(NO_INPUT, {"--images": "missing"}, "missing: no such folder")
        self.refuse(NO_INPUT, {}, "x.h5: no such file", network="x.h5")
        self.refuse(NO_INPUT, {}, "x.h5: no such store", store="x.h5")
        self.refuse(BAD_DATA, {}, "d.h5: /network/a is missing", network="d.h5")
        self.refuse(NO_INPUT, {"--dataset": "x.h5"}, "x.h5: no such file")
        (self.work / "d.h5").unlink()
        self.refuse(NO_INPUT, {}, "s.h5: was made of the data set d.h5, which is not there", "--dataset")

    def test_points(self):
        self.refuse(USAGE, {"--width": None, "--temperature": None}, "s.h5: 4 points fit; choose width 10 or 20, temperature 0.5 or 1")
        self.refuse(USAGE, {"--width": None}, "s.h5: 2 points fit; choose width 10 or 20")
        self.refuse(USAGE, {"--width": 11}, "s.h5: no finished point fits; it has width 10 or 20, examples 60, temperature 0.5 or 1")
        self.refuse(USAGE, {"--point": "nothing"}, "s.h5: no finished point fits")

    def test_stores_of_others(self):
        # Of other head counts, of other heads, and of the same heads but other examples.
        other = ["--image-size", 16, "--examples", 60, "--test-examples", 100, "--validation-examples", 60]
        grid = ["--task.name", "dataset", "--grid.width", 10, "--grid.examples", 60, "--grid.temperature", 0.5]
        self.make("dataset", "one-shot", *IMAGES, *other, "--random-heads", "2:2", "-o", "d22.h5")
        self.make("sweep", "--store", "s22.h5", "--task.file", "d22.h5", *grid)
        self.refuse(BAD_DATA, {}, "s22.h5: its points are of heads 2:2, the network has 3:2", store="s22.h5")
        self.make("dataset", "one-shot", *IMAGES, *other, "--random-heads", "3:2", "--head-width", 8, "-o", "d32.h5")
        self.make("sweep", "--store", "s32.h5", "--task.file", "d32.h5", *grid)
        self.refuse(BAD_DATA, {}, "d32.h5: its heads are not those of n.h5", store="s32.h5")
        self.make("dataset", "one-shot", *IMAGES, *other, "--heads", "n.h5", "--seed", 2, "-o", "e.h5")
        self.refuse(BAD_DATA, {"--dataset": "e.h5"}, "e.h5: is not the data set of this point")
        self.make("sweep", "--store", "m.h5", "--grid.width", 10, "--grid.examples", 20, "--grid.heads", "3:2",
                  "--grid.temperature", 0.1)
        self.refuse(USAGE, {}, "m.h5: no finished point fits", store="m.h5")
        self.refuse(NO_INPUT, {"--temperature": 0.1}, "m.h5: was made of the data set hidden-markov", store="m.h5")

    def test_a_store_without_scores(self):
        result = self.run_program("sweep", "--store", "f.h5", "--task.name", "dataset", "--task.file", "d.h5", "--grid.width", 10,
                                  "--grid.examples", 60, "--grid.temperature", 0.5, "--memory-per-rank", "1K", cwd=self.work)
        self.assert_code(result, INTERNAL)
        self.refuse(BAD_DATA, {}, "f.h5: has no finished point", store="f.h5")

    def test_outputs(self):
        self.file("r.h5", "precious")
        self.refuse(CANNOT_CREATE, {"--output": "r.h5"}, "r.h5: is there already", "--force")
        self.refuse(CANNOT_CREATE, {"--output": "missing/r.h5"}, "missing/r.h5: cannot be created")
        command = ["prune", "n.h5", "s.h5", *IMAGES, "--width", 10, "--temperature", 0.5, "--write-pruned"]
        self.assert_refused(CANNOT_CREATE, [*command, 1, "r.h5"], "r.h5: is there already", "--force")
        self.assert_refused(CANNOT_CREATE, [*command, 1, "missing/p.h5"], "missing/p.h5: cannot be created")
        for name in ("n.h5", "s.h5"):
            self.assert_refused(USAGE, [*command, 1, name, "--force"], f"{name}: is read and cannot be written as well")
        self.assert_refused(USAGE, [*command, 1, "q.h5", "-o", "q.h5"], "q.h5: cannot be both --output and --write-pruned")
        self.assert_refused(USAGE, [*command, 1], "--write-pruned takes a number of removals and a file")
        self.assert_refused(USAGE, [*command, "some", "p.h5"], "--write-pruned takes a number of removals and a file")
        self.assert_refused(USAGE, [*command, 4, "p.h5"], "--write-pruned 4: a head must stay in every layer",
                            "of heads 3:2 at most 3 can go")

    def test_options(self):
        for option, value, words in (("--episodes", 0, "--episodes = 0 is out of range"),
                                     ("--episodes", 7, "--episodes = 7: half of the episodes are of each target"),
                                     ("--shuffles", 1, "--shuffles = 1 is out of range"),
                                     ("--train-classes", 1, "--train-classes = 1: an episode needs two classes"),
                                     ("--seed", -1, "--seed = -1 is negative"),
                                     ("--width", "wide", "wide"),
                                     ("--speed", 1, "unknown option --speed")):
            with self.subTest(option=option, value=value):
                self.refuse(USAGE, {option: value}, words)


if __name__ == "__main__":
    unittest.main()
