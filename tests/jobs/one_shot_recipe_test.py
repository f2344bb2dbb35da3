"""jobs/one-shot.sh from invented glyphs to figures, and what a second run does."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "jobs" / "one-shot.sh"
RESULTS = ["trained.h5", "one-shot.h5", "theory.h5", "sampled.h5", "results.h5", "pruning.h5", "temperatures.txt",
           "learned.txt", "figure3.png"]


def has_modules():
    """Whether this Python, or the system's, can draw the figures."""
    return any(subprocess.run([python, "-c", "import h5py, pandas, xarray, matplotlib"], capture_output=True).returncode
               == 0 for python in {sys.executable, "/usr/bin/python3"} if Path(python).exists())


class OneShotRecipe(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="attnpaths-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_script(self, *arguments):
        """Runs the script in an empty folder; standard output and error in one."""
        return subprocess.run(["bash", SCRIPT, *arguments], cwd=self.folder, env={**os.environ, "MPLBACKEND": "Agg"},
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def times(self):
        """When each file was written, of those that a second run leaves alone."""
        return {name: (self.folder / "out" / name).stat().st_mtime_ns
                for name in RESULTS if not name.endswith(".txt")}

    @unittest.skipUnless(has_modules(), "the figures need h5py, pandas, xarray and matplotlib")
    def test_glyphs_to_figures_and_again(self):
        first = self.run_script("--glyphs", "out")
        self.assertEqual(first.returncode, 0, first.stdout)
        for name in RESULTS:
            self.assertGreater((self.folder / "out" / name).stat().st_size, 0, name)
        self.assertIn("20 of 20 points done", first.stdout)
        self.assertEqual(len(re.findall(r"^ *(?:10|100) .*exact posterior", first.stdout, re.MULTILINE)), 2)

        before = self.times()
        second = self.run_script("--glyphs", "out")
        self.assertEqual(second.returncode, 0, second.stdout)
        self.assertEqual(self.times(), before)
        self.assertEqual(second.stdout.count("is up to date"), 6)

        # Only what depends on a lost file is made again.
        (self.folder / "out" / "pruning.h5").unlink()
        third = self.run_script("--glyphs", "out")
        self.assertEqual(third.returncode, 0, third.stdout)
        changed = {name for name, time in self.times().items() if time != before[name]}
        self.assertEqual(changed, {"pruning.h5", "figure3.png"})

    def test_wrong_words_are_told(self):
        for words, message in (([], "say which images"), (["--glyphs", "--images", "."], "choose one"),
                               (["--images", "nowhere"], "nowhere: no such folder"),
                               (["--glyphs", "--select", "best"], "choose validation or test"),
                               (["--mnist"], "--mnist needs a value"), (["--fast"], "--fast is no option")):
            result = self.run_script(*words)
            self.assertEqual(result.returncode, 64, result.stdout)
            self.assertIn(message, result.stdout)
        self.assertEqual(list(self.folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
