"""What `show` prints on a terminal fits into its lines, and says what was left out; a pipe gets all of it."""

import re
import unittest

import launch
from sweep_case import OK, SMALL_TASK, SweepCase
from terminal import run_on_terminal


def titles_of(line):
    """Titles of a table's columns, which may have blanks in them, but two of them between each other."""
    return re.split("  +", line.strip())


class ShowOnATerminal(SweepCase):
    def shown(self, width, *arguments):
        """Lines of `show` on a terminal of so many columns."""
        command = launch.command_line(["show", self.path("s.h5"), *arguments], None)
        code, text, _ = run_on_terminal(command, "stdout", launch.mpi_environment(self.scratch), width)
        self.assertEqual(code, OK)
        return text.splitlines()

    def test_lines_fit_and_what_is_left_out_is_said(self):
        self.sweep("s.h5", *SMALL_TASK, "--grid.width", "10 30", "--grid.examples", 20, "--no-samples")
        piped = self.run_program("show", self.path("s.h5")).stdout.splitlines()
        titles = titles_of(piped[0])
        self.assertGreater(len(piped[0]), 60)
        narrow = self.shown(60)
        self.assertTrue(all(len(line) <= 60 for line in narrow[:3]), narrow)
        kept = titles_of(narrow[0])
        self.assertEqual(kept, [*titles[:len(kept) - 1], "status"])
        self.assertIn(f"{len(kept)} of {len(titles)} columns fit here", narrow[3])
        self.assertGreater(len(titles_of(self.shown(80)[0])), len(kept))
        # Where there is room, or the size of the terminal is not known, it is what a pipe gets.
        for width in (0, 500):
            self.assertEqual(self.shown(width), piped)
        # What was asked for by name is printed whole.
        self.assertEqual(self.shown(20, "--columns", "point/width,point/key")[0].split(), ["point/width", "point/key"])


if __name__ == "__main__":
    unittest.main()
