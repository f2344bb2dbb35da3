"""Wrong options, keys and values of every command are refused in one line."""

import unittest

from bad_input_case import BadInputCase
from sweep_case import CANNOT_CREATE, NO_INPUT, SMALL_TASK, USAGE


class SweepSettings(BadInputCase):
    def test_configuration_file(self):
        cases = [
            ("[grid]\nwidht = 10\n", "sweep.ini:2: unknown key grid.widht; did you mean grid.width?"),
            ("[grid]\nwidth = 10\n\nwidth = 20\n", "sweep.ini:4: grid.width is given twice, first at sweep.ini:2"),
            ("[grid]\nwidth 10\n", "sweep.ini:2: \"width 10\" is not of the form key = value"),
            ("[grid\nwidth = 10\n", "sweep.ini:1: section heading [grid has no closing ]"),
            ("[grid]\nwidth =\n", "sweep.ini:2: grid.width: is an empty list"),
            ("[grid]\nwidth = 10\n[theory]\ntolerance = tiny\n", "sweep.ini:4: theory.tolerance: \"tiny\" is not a number"),
            ("", "grid.width is missing"),
            ("\x00\xff binary \x00", "sweep.ini:1: holds a control character (0x00)"),
            ("[grid]\nwidth = 1,5\n", "sweep.ini:2: grid.width: \"1,5\" is not a number; write 1 5"),
            ("[grid]\nwidth = 10\ntemperature = 1,5\n", "sweep.ini:3: grid.temperature: \"1,5\" is not a number; write 1.5 or 1 5"),
            ("[grid]\nwidth = 10\n[store]\nfile = \"open.h5\n", "sweep.ini:4: store.file: the quote \" is not closed"),
            ("[grid]\nwidth = 1..2000\ntemperature = 1..2000\nseed = 1..2000\n", "the grid has 8000000000 points"),
        ]
        for text, words in cases:
            with self.subTest(text):
                self.file("sweep.ini", text)
                self.assert_refused(USAGE, ["sweep", "sweep.ini"], words)

    def test_missing_configuration_file(self):
        self.assert_refused(NO_INPUT, ["sweep", "missing.ini"], "missing.ini", "No such file")
        self.assert_refused(NO_INPUT, ["sweep", "."], "is a folder, not a file")

    def test_options(self):
        cases = [
            (["--grid.widht", "10"], "--grid.widht"),
            (["--grid.width", "10", "--colour"], "--colour"),
            (["--stor", "s.h5", "--grid.width", "10"], "--stor"),
            (["--grid.width"], "--grid.width"),
            (["--grid.width", "10", "--progress", "loud"], "--progress loud is not known; use auto, bar, lines or none"),
            (["--grid.width", "10", "--time-limit", "soon"], "--run.time_limit: is not a time"),
            (["--grid.width", "10", "--run.time_margin", "x"], "--run.time_margin: is not a time"),
            (["--grid.width", "10", "--time-limit", "1e300"], "--run.time_limit: is not a time"),
            (["--grid.width", "10", "--grid.depth", "64"], "have more than 2^63 paths"),
            (["--grid.width", "10\n20"], "--grid.width: holds a control character (0x0a)"),
            (["--grid.width", "10", "--shard", "9/8"], '--run.shard: "9/8" is not a shard'),
            (["--grid.width", "10", "--memory-per-rank", "lots"], "--run.memory_per_rank: is not a size"),
            (["one.ini", "two.ini"], "--help"),
        ]
        for arguments, words in cases:
            with self.subTest(arguments):
                self.assert_refused(USAGE, ["sweep", *arguments], words)

    def test_values(self):
        cases = [
            ("grid.width", "", "is an empty list; give at least one value"),
            ("grid.width", "ten", "\"ten\" is not a whole number"),
            ("grid.width", "-30", "-30 is not a width; widths are at least 1"),
            ("grid.width", "20:", "nothing before or after a colon"),
            ("grid.width", "20:30", "20:30 gives 2 widths, depth 2 needs 3"),
            ("grid.examples", "41", "41 is odd"),
            ("grid.examples", "20,forty", "\"forty\" is not a whole number"),
            ("grid.temperature", "0", "0 is out of range"),
            ("grid.heads", "two", "\"two\" is not a list of head counts"),
            ("task.name", "mnist", "there is no task \"mnist\""),
            ("task.file", "data.h5", "is not a key of the hidden-markov task"),
        ]
        for key, text, words in cases:
            with self.subTest(key=key, text=text):
                self.assert_refused(USAGE, ["sweep", "--grid.width", "10", *SMALL_TASK, f"--{key}", text]
                                    if key != "grid.width" else ["sweep", *SMALL_TASK, "--grid.width", text],
                                    f"--{key}", words)

    def test_rehearsal(self):
        cases = [
            ("task.seconds", "long", "\"long\" is not a number"),
            ("task.seconds", "-1", "-1 is out of range"),
            ("task.crash_widths", "", "is an empty list"),
            ("task.crash_widths", "10 wide", "\"wide\" is not a number"),
            ("task.hang_widths", "0", "0 is out of range"),
            ("task.tokens", "8", "is not a key of the rehearsal task"),
            ("task.file", "data.h5", "is not a key of the rehearsal task"),
            ("analyses.run", "weight-samples", "a rehearsal computes nothing to sample; leave out weight-samples"),
        ]
        for key, text, words in cases:
            with self.subTest(key=key, text=text):
                self.assert_refused(USAGE, ["sweep", "--task.name", "rehearsal", "--grid.width", "10", f"--{key}", text],
                                    f"--{key}: {words}")

    def test_store_that_cannot_be(self):
        self.assert_refused(CANNOT_CREATE, ["sweep", "--grid.width", "10", "--store", "no-such-folder/s.h5"],
                            "no-such-folder/s.h5")
        self.assert_refused(USAGE, ["sweep", "--grid.width", "10", "--store", "."], "is a folder")


class OtherCommands(BadInputCase):
    def test_usage(self):
        cases = [
            (["swep"], "no command swep; did you mean sweep?"),
            (["--colour"], "no command --colour"),
            (["status"], "status --help"),
            (["status", "a", "b"], "status --help"),
            (["status", "--colour"], "--colour"),
            (["show"], "show --help"),
            (["show", "a", "--csv", "--json"], "--csv and --json"),
            (["verify"], "verify --help"),
            (["merge", "out.h5"], "merge --help"),
            (["dataset"], "dataset --help"),
            (["dataset", "hidden_markov"], "hidden_markov"),
            (["dataset", "hidden-markov"], "--output"),
            (["dataset", "hidden-markov", "-o", "d.h5", "--examples", "41"], "41"),
            (["dataset", "hidden-markov", "-o", "d.h5", "--examples", "many"], "many"),
            (["dataset", "hidden-markov", "-o", "d.h5", "--seed", "-1"], "--seed"),
            (["dataset", "check"], "dataset check --help"),
        ]
        for arguments, words in cases:
            with self.subTest(arguments):
                self.assert_refused(USAGE, arguments, words)

    def test_missing_files(self):
        for arguments in (["status", "s.h5"], ["show", "s.h5"], ["verify", "s.h5"], ["merge", "out.h5", "s.h5"],
                          ["dataset", "check", "s.h5"]):
            with self.subTest(arguments):
                self.assert_refused(NO_INPUT, arguments, "s.h5")

    def test_a_data_set_is_not_replaced_unasked(self):
        self.file("d.h5", "precious")
        self.assert_refused(CANNOT_CREATE, ["dataset", "hidden-markov", "-o", "d.h5"], "d.h5", "--force")


if __name__ == "__main__":
    unittest.main()
