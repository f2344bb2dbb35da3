"""Submissions that are refused: the submitter is told, in one line, and nothing is queued."""

import unittest

from bad_input_case import BadInputCase
from sweep_case import BAD_DATA, CANNOT_CREATE, NO_INPUT, OK, SMALL_TASK, USAGE


class BadSubmit(BadInputCase):
    def setUp(self):
        super().setUp()
        result = self.run_program("sweep", *SMALL_TASK, "--grid.examples", 20, "--grid.width", 10, "--store", "s.h5",
                                  cwd=self.work)
        self.assert_code(result, OK)

    def tearDown(self):
        self.assertFalse((self.work / "s.h5.queue").exists())
        super().tearDown()

    def refuse(self, code, arguments, *words):
        self.assert_refused(code, ["submit", *arguments], *words)

    def test_keys_and_values(self):
        cases = [
            ([], "grid.width is missing"),
            (["--grid.width", "ten"], "--grid.width: \"ten\" is not a whole number"),
            (["--grid.widht", "10"], "did you mean --grid.width?"),
            (["--grid.width", "10", "--grid.examples", "21"], "--grid.examples: 21 is odd"),
            (["--grid.width", "10", "--run.time_limit", "1h"], "--run.time_limit: concerns the sweep that runs"),
            (["--grid.width", "10", "--run.memory_per_rank", "1G"], "--run.memory_per_rank: concerns the sweep"),
            (["--grid.width", "10", "--store.file", "t.h5"], "--store.file: leave it out; the points go to s.h5"),
            (["--grid.width", "10", "--store", "t.h5"], "submit --help"),
            (["a.ini", "b.ini"], "submit --help"),
        ]
        for arguments, words in cases:
            with self.subTest(arguments):
                self.refuse(USAGE, ["s.h5", *arguments], words)
        self.refuse(USAGE, [], "give a store")

    def test_configuration_files(self):
        self.file("a.ini", "[grid]\nwidth = 10\n[run]\ncheckpoint_period = 1m\n")
        self.refuse(USAGE, ["s.h5", "a.ini"], "a.ini:4: run.checkpoint_period: concerns the sweep that runs")
        self.file("b.ini", "[grid]\nwidth = 10\nhight = 3\n")
        self.refuse(USAGE, ["s.h5", "b.ini"], "b.ini:3: unknown key grid.hight")
        self.refuse(NO_INPUT, ["s.h5", "missing.ini"], "missing.ini")

    def test_data(self):
        dataset = ["--task.name", "dataset", "--grid.width", "10", "--task.file"]
        self.refuse(NO_INPUT, ["s.h5", *dataset, "missing.h5"], str(self.work / "missing.h5"))
        self.file("notes.h5", "notes of an afternoon\n")
        self.refuse(BAD_DATA, ["s.h5", *dataset, "notes.h5"], "notes.h5")
        self.refuse(USAGE, ["s.h5", *SMALL_TASK, "--grid.width", "10", "--theory.sub_networks", "x=9.9"],
                    "--theory.sub_networks")

    def test_stores(self):
        point = [*SMALL_TASK, "--grid.width", "20"]
        self.refuse(NO_INPUT, ["t.h5", *point], "t.h5: there is no such store", "--new")
        self.refuse(BAD_DATA, ["a.ini", *point], "a.ini: is not an attnpaths store") if self.file("a.ini", "x") else None
        self.refuse(USAGE, [".", *point], "is a folder")
        self.refuse(CANNOT_CREATE, ["nowhere/t.h5", "--new", *point], "nowhere/t.h5.queue: cannot be made")


class BadWait(BadInputCase):
    def test_without_a_store(self):
        self.assert_refused(USAGE, ["sweep", "--wait"], "needs the store", "--store FILE")

    def test_keys_of_points_without_a_grid(self):
        self.assert_refused(USAGE, ["sweep", "--wait", "--store", "s.h5", "--grid.seed", "1"], "grid.width is missing")
        self.assert_refused(USAGE, ["sweep", "--wait", "--store", "s.h5", "--time-limit", "soon"], "--run.time_limit")


class BadWatch(BadInputCase):
    def test_seconds(self):
        self.assert_refused(USAGE, ["status", "s.h5", "--watch", "0"], "--watch 0")
        self.assert_refused(USAGE, ["status", "s.h5", "--watch=soon"], "--watch")
        self.assert_refused(NO_INPUT, ["status", "s.h5", "--watch", "1"], "s.h5")


if __name__ == "__main__":
    unittest.main()
