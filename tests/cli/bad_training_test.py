"""Training that cannot be: one line says what is wrong, and no file is made or changed."""

import os
import unittest

from bad_input_case import BadInputCase
from sweep_case import BAD_DATA, CANNOT_CREATE, NO_INPUT, OK, USAGE
from training_case import SMALL_NETWORK


class BadTraining(BadInputCase):
    def refuse(self, code, options, *words, ranks=None):
        """`options` are added to those of a good command; None takes one away."""
        options = {**dict(zip(SMALL_NETWORK[::2], SMALL_NETWORK[1::2])), "--output": "n.h5", **options}
        arguments = [word for option, value in options.items() if value is not None for word in (option, value)]
        self.assert_refused(code, ["train", *arguments], *words, ranks=ranks)

    def train(self, *options):
        self.assert_code(self.run_program("train", *SMALL_NETWORK, *options, cwd=self.work), OK)

    def test_images(self):
        self.refuse(NO_INPUT, {"--images": "missing"}, "missing: no such folder")
        self.refuse(NO_INPUT, {"--images": "missing"}, "missing: no such folder", ranks=2)
        (self.work / "empty").mkdir()
        self.refuse(NO_INPUT, {"--images": "empty"}, "empty: holds no images that are known")
        self.refuse(USAGE, {"--images": None}, "'--images' is required")

    def test_output(self):
        self.refuse(CANNOT_CREATE, {"--output": "missing/n.h5"}, "missing/n.h5: cannot be created")
        self.refuse(CANNOT_CREATE, {"--output": "missing/n.h5"}, "missing/n.h5: cannot be created", ranks=2)
        self.refuse(USAGE, {"--output": None}, "'--output' is required")
        self.file("n.h5", "precious")
        self.refuse(BAD_DATA, {}, "n.h5: is not an HDF5 file")
        (self.work / "n.h5").unlink()
        self.assert_code(self.run_program("dataset", "hidden-markov", "--examples", 10, "-o", "n.h5", cwd=self.work), OK)
        self.refuse(BAD_DATA, {}, "n.h5: is there already and holds no training run", "choose another name")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_read_only_folder(self):
        (self.work / "locked").mkdir(mode=0o555)
        self.refuse(CANNOT_CREATE, {"--output": "locked/n.h5"}, "locked/n.h5: cannot be created")

    def test_going_on_with_another_run(self):
        self.train("--episodes", 256, "--test-episodes", 0, "-o", "n.h5")
        for option, value, theirs in (("--width", 32, 64), ("--heads", "1:2", "2:2"), ("--query-width", 8, 16),
                                      ("--batch", 64, 128), ("--seed", 2, 1), ("--learning-rate", 0.1, 0.0003)):
            with self.subTest(option):
                self.refuse(USAGE, {option: value}, f"n.h5: holds a run with {option} = {theirs}", f"has {value}",
                            "choose another --output")
        self.refuse(USAGE, {"--train-classes": 8}, "n.h5: holds a run with --images = glyphs")
        self.refuse(USAGE, {"--width": 32}, "n.h5: holds a run with --width = 64", ranks=2)

    def test_a_file_cut_short(self):
        self.train("--episodes", 256, "--test-episodes", 0, "-o", "n.h5")
        content = (self.work / "n.h5").read_bytes()
        self.file("n.h5", content[:len(content) // 2])
        self.refuse(BAD_DATA, {}, "n.h5: is damaged or cut short")

    def test_network_to_start_from(self):
        start = {"--from": "a.h5", "--image-size": None, "--width": None, "--query-width": None, "--heads": None}
        self.refuse(NO_INPUT, start, "a.h5: no such file")
        self.refuse(USAGE, {**start, "--width": 7}, "--width is that of the network in a.h5")
        self.assert_code(self.run_program("dataset", "one-shot", "--images", "glyphs", "--random-heads", "1:1", "--examples", 2,
                                          "--test-examples", 2, "-o", "a.h5", cwd=self.work), OK)
        self.refuse(BAD_DATA, start, "a.h5: /network/a is missing")
        self.assert_code(self.run_program("dataset", "hidden-markov", "--examples", 10, "-o", "b.h5", cwd=self.work), OK)
        self.refuse(BAD_DATA, {**start, "--from": "b.h5"}, "b.h5: has no label vectors")

    def test_options(self):
        for option, value, words in (
                ("--episodes", "1.5", "--episodes = 1.5 is out of range"),
                ("--episodes", 0, "--episodes = 0 is out of range"),
                ("--batch", 0, "--batch = 0 is out of range"),
                ("--width", -1, "--width = -1 is out of range"),
                ("--query-width", 0, "--query-width = 0 is out of range"),
                ("--layers", 0, "--layers = 0 is out of range"),
                ("--heads", "2:0", "--heads"),
                ("--patch-size", 5, "--patch-size = 5 does not divide --image-size = 16"),
                ("--train-classes", 1, "--train-classes = 1: an episode needs two classes"),
                ("--augment", "mirrors", "--augment = mirrors is not known"),
                ("--learning-rate", 0, "--learning-rate = 0 is out of range"),
                ("--weight-decay", -1, "--weight-decay = -1 is out of range"),
                ("--time-limit", "soon", "--time-limit = soon is no time"),
                ("--checkpoint-period", "-1s", "--checkpoint-period = -1s is no time"),
                ("--progress", "loud", "--progress loud is not known"),
                ("--seed", -1, "--seed = -1 is negative"),
                ("--speed", 1, "unknown option --speed")):
            with self.subTest(option=option, value=value):
                self.refuse(USAGE, {option: value}, words)
        self.assert_refused(USAGE, ["train", *SMALL_NETWORK, "--heads", "1:2:3", "--layers", 2, "-o", "n.h5"])


if __name__ == "__main__":
    unittest.main()
