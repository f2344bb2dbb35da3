"""Progress is a bar on a terminal and plain lines in a file; results go to standard output, which programs can read."""

import os
import subprocess
import unittest

import launch
from sweep_case import OK, SMALL_TASK, SweepCase
from terminal import run_on_terminal

GRID = [*SMALL_TASK, "--grid.width", "10 30 100", "--grid.examples", "20"]


class Progress(SweepCase):
    def errors_on_terminal(self, store, *arguments, ranks=None):
        """Standard error of a sweep as a terminal receives it."""
        command = launch.command_line(["sweep", "--store", self.path(store), *GRID, *arguments], ranks)
        code, text, output = run_on_terminal(command, "stderr", launch.mpi_environment(self.scratch))
        self.assertEqual(code, OK, text)
        self.assertIn("3 of 3 points done", output)
        return text

    def test_a_pipe_gets_lines_without_escape_codes(self):
        for ranks in (None, 3):
            result = self.sweep(f"{ranks}.h5", *GRID, ranks=ranks)
            self.assertIn("3/3 points", result.stderr)
            for text in (result.stdout, result.stderr):
                self.assertNotIn("\033", text)
                self.assertNotIn("\r", text)

    def test_a_terminal_gets_a_bar(self):
        for ranks in (None, 3):
            text = self.errors_on_terminal(f"{ranks}.h5", ranks=ranks)
            self.assertIn("\r\033[K[", text)
            self.assertIn("[" + "#" * 30 + "] 3/3 points", text)
            self.assertTrue(text.endswith("\n"))

    def test_styles_can_be_chosen(self):
        self.assertNotIn("\033", self.errors_on_terminal("a.h5", "--progress", "lines"))
        self.assertEqual(self.errors_on_terminal("b.h5", "--progress", "none"), "")
        self.assertIn("\033[K[", self.sweep("c.h5", *GRID, "--progress", "bar").stderr)
        self.assertEqual(self.sweep("d.h5", *GRID, "--progress", "none").stderr, "")

    def test_readers_write_plain_text(self):
        self.sweep("s.h5", *GRID)
        for arguments in (["status"], ["status", "--json"], ["show"], ["show", "--csv"], ["verify"]):
            result = self.run_program(arguments[0], self.path("s.h5"), *arguments[1:])
            self.assert_code(result, OK)
            self.assertEqual(result.stderr, "")
            self.assertNotIn("\033", result.stdout)
            self.assertTrue(result.stdout.endswith("\n"))

    def test_output_that_nobody_reads_is_no_error(self):
        self.sweep("s.h5", *GRID)
        for arguments in (["show"], ["show", "--csv"], ["show", "--json"], ["status"]):
            reader, writer = os.pipe()
            os.close(reader)
            result = subprocess.run(launch.command_line([arguments[0], self.path("s.h5"), *arguments[1:]], None), stdout=writer,
                                    stderr=subprocess.PIPE, env=launch.mpi_environment(self.scratch), restore_signals=True)
            os.close(writer)
            self.assertEqual(result.stderr, b"")


if __name__ == "__main__":
    unittest.main()
