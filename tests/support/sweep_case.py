"""A test case with a folder of its own that starts sweeps and looks at their stores."""

import json
import os
import re
import shutil
import tempfile
import time
import unittest
from pathlib import Path

import launch

# A hidden-markov task whose points take milliseconds, and one whose points take seconds.
SMALL_TASK = ["--task.feature_width", 20, "--task.tokens", 8, "--task.test_examples", 20]
# More features (N0 times 4 paths) than examples, or the examples would be reduced to a quick problem.
MEDIUM_TASK = ["--task.feature_width", 80, "--task.tokens", 8, "--task.test_examples", 20, "--grid.examples", 280]
SLOW_TASK = ["--task.feature_width", 320, "--task.tokens", 8, "--task.test_examples", 20, "--grid.examples", 1200,
             "--grid.temperature", 1, "--theory.tolerance", "1e-7"]

# 20 points: depths 1 and 2, equal and unequal heads and widths.
SMALL_GRID = [*SMALL_TASK, "--grid.width", "10 1e3", "--grid.examples", "20 40", "--grid.heads", "2 3 2:1",
              "--grid.depth", "1 2", "--grid.temperature", 0.1]
SMALL_GRID_POINTS = 2 * 2 * 5

ASKED_EACH = 0.1  # seconds: each question to the program is a process

OK, USAGE, BAD_DATA, NO_INPUT, INTERNAL, CANNOT_CREATE, OUTPUT_ERROR, WORK_LEFT = 0, 64, 65, 66, 70, 73, 74, 75


class SweepCase(unittest.TestCase):
    undisturbed = {}  # stores by the arguments of their sweeps

    def setUp(self):
        # In memory where possible: mpirun's own files live here too.
        parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="attnpaths-test-", dir=parent))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.scratch = self.folder / "scratch"
        self.scratch.mkdir()

    def path(self, name):
        return str(self.folder / name)

    def run_program(self, *arguments, ranks=None, **options):
        """Runs the program to its end."""
        return launch.run(arguments, self.scratch, ranks, **options)

    def start_program(self, *arguments, ranks=None):
        """Starts the program in the background; it ends with the test at the latest."""
        started = launch.Launch(arguments, self.scratch, ranks)
        self.addCleanup(started.end)
        return started

    def sweep(self, store, *arguments, ranks=None, code=OK, **options):
        """Runs a sweep into a store of this test's folder and expects an exit code."""
        result = self.run_program("sweep", "--store", self.path(store), *arguments, ranks=ranks, **options)
        self.assert_code(result, code)
        return result

    def undisturbed_sweep(self, store, *arguments, ranks=None):
        """The store of a sweep, made once for all tests of a file."""
        made = tuple(map(str, arguments))
        if made not in SweepCase.undisturbed:
            self.sweep(store, *arguments, ranks=ranks)
            SweepCase.undisturbed[made] = Path(self.path(store)).read_bytes()
        else:
            Path(self.path(store)).write_bytes(SweepCase.undisturbed[made])

    def start_sweep(self, store, *arguments, ranks=None):
        return self.start_program("sweep", "--store", self.path(store), *arguments, ranks=ranks)

    def status(self, store):
        """`status --json` of a store."""
        result = self.run_program("status", self.path(store), "--json")
        self.assert_code(result, OK)
        return json.loads(result.stdout)

    def finished(self, store):
        """Points done so far; 0 if there is no store yet."""
        result = self.run_program("status", self.path(store), "--json")
        return json.loads(result.stdout)["done"] if result.returncode == OK else 0

    def points(self, store, *columns):
        """The points of a store by their key: dictionaries of the columns."""
        result = self.run_program("show", self.path(store), "--json", "--columns", ",".join(["point/key", *columns]))
        self.assert_code(result, OK)
        return {point["point/key"]: point for point in json.loads(result.stdout)}

    def wait_for_points(self, store, number, timeout=60):
        launch.wait_until(lambda: self.finished(store) >= number, timeout, f"{number} points in {store}", ASKED_EACH)

    def holds_lock(self, store, running):
        """Whether this launch, and no earlier one, holds the store's lock."""
        if running.process.poll() is not None:
            raise AssertionError(f"the sweep ended before its time: {running.wait()}")
        try:
            return f"pid {running.rank_pids().get(0)}\n" in Path(self.path(store + ".lock")).read_text()
        except OSError:
            return False

    def wait_for_work(self, store, running, number=1, timeout=60):
        """Waits until this launch, and no earlier one, is computing points."""
        launch.wait_until(lambda: self.holds_lock(store, running) and self.status(store)["in_work"] >= number, timeout,
                          f"{number} points in work in {store}", ASKED_EACH)
        time.sleep(0.1)

    def assert_code(self, result, code):
        if code != OK and result.args[0] == "mpirun" and launch.has_mpich():
            self.assertNotEqual(result.returncode, OK, f"{result.args}\n{result.stdout}{result.stderr}")
            return
        self.assertEqual(result.returncode, code, f"{result.args}\n{result.stdout}{result.stderr}")

    def assert_complete(self, store, points):
        status = self.status(store)
        self.assertEqual((status["done"], status["failed"], status["left"]), (points, 0, 0), status)
        self.assert_code(self.run_program("verify", self.path(store)), OK)

    def assert_identical(self, store, other):
        """Both stores are whole and hold the same points with bit-identical results."""
        result = self.run_program("verify", self.path(store), self.path(other))
        self.assert_code(result, OK)
        self.assertIn("bit-identical", result.stdout)

    def assert_one_line(self, result, *words):
        """Standard error has one line of the program, which says these words. mpirun's own notice of an exit code aside."""
        lines = own_lines(result.stderr)
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertTrue(lines[0].startswith("attnpaths"), lines[0])
        for word in words:
            self.assertIn(word, lines[0])


def own_lines(text):
    """Lines of standard error without mpirun's notices: between rules of dashes (Open MPI) or of equal signs and what follows these
    (MPICH), or after [host:pid], [mpiexec@host]."""
    lines = []
    in_notice = False
    for line in text.splitlines():
        if line.startswith(("-----", "=====")):
            in_notice = not in_notice
        elif line.startswith(("YOUR APPLICATION TERMINATED WITH", "Abort(")):
            continue
        elif not in_notice and line.strip() and not re.match(r"\[([^\]]+:\d+|\w+[@:][^\]]+)\] ", line):
            lines.append(line)
    return lines
