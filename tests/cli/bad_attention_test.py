"""Attention, padding, labels and readouts that are wrong are refused in one line, by `sweep` as by `dataset check`.

`--print` as first word prints the messages.
"""

import sys
import unittest

from bad_input_case import BadInputCase
from sweep_case import BAD_DATA, OK

try:
    import h5py
    import numpy
except ImportError:
    numpy = None

P, TOKENS, WIDTH = 6, 3, 2


@unittest.skipIf(numpy is None, "writing data set files needs python3-h5py and python3-numpy")
class BadAttention(BadInputCase):
    def write(self, change):
        """A data set of two heads whose maps are given, then changed."""
        random = numpy.random.default_rng(1)
        with h5py.File(self.work / "data.h5", "w") as file:
            file.attrs.update({"format": "attnpaths-dataset", "version": 2, "readout": "last"})
            for group in ("train", "test"):
                file[group + "/x"] = random.standard_normal((P, WIDTH, TOKENS))
                file[group + "/y"] = numpy.arange(P) % 3
                file[group + "/attention/layer1"] = numpy.full((P, 2, TOKENS, TOKENS), 1 / TOKENS)
            change(file)

    def assert_bad(self, what, change, *words):
        with self.subTest(what):
            self.write(change)
            for arguments in (["dataset", "check", "data.h5"],
                              ["sweep", "--task.name", "dataset", "--task.file", "data.h5", "--grid.width", "10"]):
                self.assert_refused(BAD_DATA, arguments, "data.h5: ", *words)
            if "--print" in sys.argv:
                print(f"{what}\n  {self.run_program('dataset', 'check', 'data.h5', cwd=self.work).stderr.strip()}")

    def test_each(self):
        def put(name, place, value):
            def change(file):
                file[name][place] = value
            return change

        def replace(name, values, **options):
            def change(file):
                if name in file:
                    del file[name]
                file.create_dataset(name, **options) if values is None else file.__setitem__(name, values)
            return change

        def virtual(file):
            del file["test/x"]
            layout = h5py.VirtualLayout(shape=(P, WIDTH, TOKENS), dtype="f8")
            layout[...] = h5py.VirtualSource("gone.h5", "x", shape=(P, WIDTH, TOKENS))
            file.create_virtual_dataset("test/x", layout)

        maps = "train/attention/layer1"
        self.write(lambda file: None)
        self.assert_code(self.run_program("dataset", "check", "data.h5", cwd=self.work), OK)
        for what, change, words in (
                ("rows that do not sum to 1", put(maps, (4, 1, 2, 0), 0.5), ["example 4, head 1, query 2", "must sum to 1"]),
                ("negative attention", put(maps, (0, 0, 1, 2), -0.1), ["query 1", "attention to key 2 is -0.1"]),
                ("NaN", put(maps, (3, 0, 0, 1), numpy.nan), ["example 3, head 0, query 0", "key 1 is nan"]),
                ("a mask without any token", replace("train/mask", numpy.arange(P * TOKENS).reshape(P, TOKENS) >= TOKENS),
                 ["/train/mask: example 0", "has no token"]),
                ("lengths beyond tokens", replace("train/lengths", [3, 3, 4, 3, 3, 3]), ["example 2", "length 4", "x has 3 tokens"]),
                ("maps of the wrong shape", replace(maps, numpy.full((P, 2, TOKENS, 2), 0.5)), ["has shape [6, 2, 3, 2], expected"]),
                ("maps of another number of heads", replace("test/attention/layer1", numpy.full((P, 3, TOKENS, TOKENS), 1 / 3)),
                 ["/test/attention/layer1 has shape [6, 3, 3, 3], expected", "[6, 2, 3, 3]"]),
                ("a class in test that training lacks", put("test/y", 5, 7), ["/test/y: example 5", "label 7", "0, 1 and 2"]),
                ("one class only", replace("train/y", [1] * P), ["/train/y: all labels are 1", "two classes"]),
                ("readout index outside", lambda file: (file.attrs.__delitem__("readout"),
                                                        file.__setitem__("train/readout", [0, 1, 2, 3, 0, 1]),
                                                        file.__setitem__("test/readout", [0] * P)),
                 ["/train/readout: example 3", "token 3", "0 to 2"]),
                ("both maps and heads", replace("heads/layer1/W", numpy.zeros((2, WIDTH, WIDTH))),
                 ["/train/attention/layer1 and /heads/layer1/W", "keep one"]),
                ("storage never written", replace("train/y", None, shape=(P,), dtype="f8"), ["/train/y: was created and never written"]),
                ("a virtual source that is missing", virtual, ["/test/x: is a virtual data set"]),
                ("an external source that is missing",
                 replace("train/y", None, shape=(P,), dtype="f8", external=[("gone.raw", 0, 8 * P)]),
                 ["/train/y: keeps its numbers in another file"])):
            self.assert_bad(what, change, *words)


if __name__ == "__main__":
    if "--print" in sys.argv:
        unittest.main(argv=[sys.argv[0]])
    unittest.main()
