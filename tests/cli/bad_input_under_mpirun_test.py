"""Bad input under mpirun: the same one line, from one rank only, and no rank waits for ever."""

import shutil
import unittest

from bad_input_case import BadInputCase
from sweep_case import BAD_DATA, CANNOT_CREATE, NO_INPUT, SMALL_TASK, USAGE

RANKS = 3


class BadInputUnderMpirun(BadInputCase):
    def refuse(self, code, arguments, *words):
        self.assert_refused(code, ["sweep", *arguments], *words, ranks=RANKS)

    def test_settings(self):
        self.file("sweep.ini", "[grid]\nwidht = 10\n")
        self.refuse(USAGE, ["sweep.ini"], "sweep.ini:2: unknown key grid.widht; did you mean grid.width?")
        self.refuse(USAGE, ["--grid.width", "10", "--colour"], "--colour")
        self.refuse(USAGE, ["--grid.width", ""], "--grid.width: is an empty list")
        self.refuse(USAGE, ["--grid.width", "10", "--grid.examples", "41"], "--grid.examples: 41 is odd")
        self.refuse(NO_INPUT, ["missing.ini"], "missing.ini")

    def test_data_set(self):
        arguments = ["--task.name", "dataset", "--task.file", "data.h5", "--grid.width", "10"]
        self.refuse(NO_INPUT, arguments, "data.h5: no such file")
        result = self.run_program("dataset", "hidden-markov", "--feature-width", 6, "--tokens", 4, "--examples", 20,
                                  "--test-examples", 10, "-o", self.path("good.h5"))
        self.assert_code(result, 0)
        self.file("data.h5", (self.folder / "good.h5").read_bytes()[:-100])
        self.refuse(BAD_DATA, arguments, "data.h5")
        shutil.copy(self.path("good.h5"), self.work / "data.h5")
        self.refuse(USAGE, [*arguments, "--grid.examples", "1000"], "--grid.examples", "the largest possible is 20")

    def test_store(self):
        grid = [*SMALL_TASK, "--grid.width", "10 30", "--grid.examples", "20"]
        self.refuse(CANNOT_CREATE, [*grid, "--store", "no-such-folder/s.h5"], "no-such-folder/s.h5")
        self.sweep("good.h5", *grid)
        content = bytearray((self.folder / "good.h5").read_bytes())
        content[len(content) // 2] ^= 255
        self.file("s.h5", bytes(content))
        self.refuse(BAD_DATA, [*grid, "--store", "s.h5"], "s.h5: is damaged")


if __name__ == "__main__":
    unittest.main()
