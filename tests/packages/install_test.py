"""The installed tree: under a prefix with a blank in its name, moved, its parts find each other; what it put there goes again."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUILD = Path(os.environ["ATTNPATHS_BINARY"]).resolve().parents[2]
SOURCE = BUILD.parents[1]
PAGES_OF_THE_PROGRAM = {"attnpaths.1", "attnpaths-analyses.7"}


class Installed(unittest.TestCase):
    """One installation for all tests, which is taken away by the last."""

    @classmethod
    def setUpClass(cls):
        cls.work = Path(tempfile.mkdtemp(prefix="attnpaths install "))
        cls.addClassCleanup(shutil.rmtree, cls.work)
        first = cls.work / "first place"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", first], check=True, stdout=subprocess.DEVNULL)
        first.rename(cls.work / "second place")
        cls.prefix = cls.work / "second place"
        cls.program = cls.prefix / "bin/attnpaths"
        cls.jobs = cls.prefix / "share/attnpaths/jobs"

    def run_clean(self, *words, code=0, **environment):
        """Runs a command in an empty folder that knows of no checkout, and returns its output."""
        known = {name: value for name, value in os.environ.items() if not name.startswith(("ATTNPATHS", "PYTHON"))}
        result = subprocess.run(list(map(str, words)), cwd=self.work, env={**known, **environment}, capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout

    def test_program(self):
        text = self.run_clean(self.program, "--version")
        for line in (r"attnpaths \d+\.\d+\.\d+ \(\S+, \d{4}-\d\d-\d\d\)", r"build     \w+", r"MPI       (Open MPI v|MPICH )\d.*", r"HDF5      1\.\d+\.\d+",
                     r"numerics  OpenBLAS \S+ \w+, arch .+"):
            self.assertRegex(text, rf"(?m)^{line}$")
        self.assertIn("usage: attnpaths COMMAND", self.run_clean(self.program, "help"))

    def test_sweep_and_python_package(self):
        self.run_clean(self.program, "sweep", "--grid.width", "10", "--grid.examples", "20", "--no-samples", "--store", "one point.h5")
        code = ("import attnpaths, attnpaths.program, importlib.metadata, xarray; print(attnpaths.program.find_program()); "
                "print(importlib.metadata.version('attnpaths')); print(xarray.open_dataset('one point.h5', engine='attnpaths').sizes['width'])")
        packages = str(self.prefix / "lib/python3/dist-packages")
        lines = self.run_clean(sys.executable, "-c", code, PYTHONPATH=packages, PATH="/usr/bin:/bin").splitlines()
        self.assertEqual(lines[0], str(self.program))
        self.assertRegex(lines[1], r"^\d+\.\d+\.\d+$")
        self.assertEqual(lines[2], "1")

    def test_job_scripts_take_the_installed_program_and_package(self):
        script = f'source "{self.jobs}/environment.sh"; ready_program; echo "$attnpaths"; analysis --help | head -n 1'
        program, usage = self.run_clean("bash", "-c", script).splitlines()
        self.assertEqual(program, str(self.program))
        self.assertIn("usage: python3 -m attnpaths", usage)
        for script in ("submit.sh", "one-shot.sh"):
            self.assertIn("usage: ", self.run_clean("bash", self.jobs / script, "--help"))
        plan = self.run_clean(self.program, "sweep", self.jobs / "markov-width.ini", "--dry-run")
        self.assertIn("7 points", plan)

    def test_manual(self):
        manual = self.prefix / "share/man"
        pages = {re.sub(r"\.gz$", "", page.name): page for page in manual.glob("man?/*")}
        commands = re.findall(r"(?m)^  ([a-z]+) ", self.run_clean(self.program, "help").split("exit codes")[0])
        self.assertGreater(len(commands), 10)
        self.assertLessEqual(PAGES_OF_THE_PROGRAM | {f"attnpaths-{command}.1" for command in commands}, set(pages))
        for name, page in pages.items():
            with self.subTest(name):
                for tool in (["mandoc", "-Tlint", "-Wstyle"], ["lexgrog"]):
                    if shutil.which(tool[0]):
                        self.run_clean(*tool, page)
                if shutil.which("man"):
                    result = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True, check=False,
                                            env={**os.environ, "MANWIDTH": "80"})
                    self.assertEqual((result.returncode, result.stderr), (0, ""))
                    if name == "attnpaths-sweep.1":
                        self.assertIn("--grid.temperature", result.stdout)

    def test_uninstall_leaves_what_is_not_ours(self):  # the last by its name
        (self.prefix / "bin/another").touch()
        self.run_clean("bash", self.prefix / "share/attnpaths/uninstall.sh")
        self.assertEqual([path for path in self.prefix.rglob("*") if not path.is_dir()], [self.prefix / "bin/another"])
        self.assertEqual(sorted(path.name for path in self.prefix.rglob("*")), ["another", "bin"])


if __name__ == "__main__":
    unittest.main()
