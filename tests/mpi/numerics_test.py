"""Processors of two kinds, played by two of OpenBLAS' kernels on one machine: results differ in bits and agree in value."""

import subprocess
import unittest

import launch
from sweep_case import BAD_DATA, OK, SMALL_TASK, USAGE, SweepCase, own_lines

GRID = [*SMALL_TASK, "--grid.examples", 20, "--grid.temperature", 0.1]
OLD, NEW = "Nehalem", "Haswell"


def kernels(name):
    return {"OPENBLAS_CORETYPE": name}


class Numerics(SweepCase):
    def notes(self, result):
        return [line for line in own_lines(result.stderr) if "agree to rounding only" in line]

    def assert_names_both(self, notes):
        self.assertEqual(len(notes), 1, notes)
        for word in (OLD, NEW, "verify A B --tolerance"):
            self.assertIn(word, notes[0])

    def compare(self, *arguments):
        return self.run_program("verify", self.path("old.h5"), self.path("new.h5"), *arguments)

    def test_two_kinds_agree_in_value_and_not_in_bits(self):
        for name, kind in (("old.h5", OLD), ("new.h5", NEW)):
            self.assertEqual(self.notes(self.sweep(name, *GRID, "--grid.width", "10 100", variables=kernels(kind))), [])
        bits = self.compare()
        self.assert_code(bits, BAD_DATA)
        for words in ("old.h5 was computed with OpenBLAS", OLD, NEW, "agree to rounding only; see --tolerance"):
            self.assertIn(words, bits.stdout)
        values = self.compare("--tolerance", "1e-9")
        self.assert_code(values, OK)
        self.assertIn("the same 2 points, results equal within 1e-09", values.stdout)
        self.assert_code(self.compare("--tolerance", "1e-17"), BAD_DATA)

    def test_a_store_that_both_fill_says_so_once_a_run(self):
        one = [*GRID, "--grid.width", 10]
        two = [*GRID, "--grid.width", "10 20 30"]
        self.assertEqual(self.notes(self.sweep("s.h5", *one, variables=kernels(OLD))), [])
        self.assertEqual(self.notes(self.sweep("s.h5", *one, variables=kernels(NEW))), [], "nothing is computed")
        self.assert_names_both(self.notes(self.sweep("s.h5", *two, variables=kernels(NEW))))
        self.assert_complete("s.h5", 3)

    def test_workers_of_two_kinds_say_so_once(self):
        words = [launch.program(), "sweep", "--store", self.path("s.h5"), *map(str, GRID), "--grid.width", "10 20 30 40"]
        contexts = [["-n", "2", "env", f"OPENBLAS_CORETYPE={OLD}", *words], ["-n", "2", "env", f"OPENBLAS_CORETYPE={NEW}", *words]]
        result = subprocess.run(["mpirun", *contexts[0], ":", *contexts[1]], env=launch.mpi_environment(self.scratch),
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.assert_code(result, OK)
        self.assert_names_both(self.notes(result))
        self.assert_complete("s.h5", 4)

    def test_tolerances_that_mean_nothing_are_refused(self):
        self.sweep("old.h5", *GRID, "--grid.width", 10)
        for arguments in (["--tolerance", "0"], ["--tolerance", "2"], ["--tolerance", "nan"], ["--tolerance", "much"]):
            result = self.run_program("verify", self.path("old.h5"), self.path("old.h5"), *arguments)
            self.assert_code(result, USAGE)
            self.assert_one_line(result, "tolerance")
        self.assert_code(self.run_program("verify", self.path("old.h5"), "--tolerance", "1e-9"), USAGE)


if __name__ == "__main__":
    unittest.main()
