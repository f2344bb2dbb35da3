"""Examples of one point that are handed out in blocks: the same results whoever folds which, interrupted and killed or not."""

import json
import os
import signal
import time
import unittest

import launch
from sweep_case import SMALL_TASK, WORK_LEFT, SweepCase, own_lines

# A training set of more than 128 MB of tokens, of 116 features each: some seconds of folding and passes.
POINT = [*SMALL_TASK, "--grid.examples", 120000, "--grid.width", 10, "--grid.temperature", 0.1,
         "--analyses.run", "predictor gaussian-process learning-curve"]
# Blocks in checkpoints as soon as they are folded.
SAVED = ["--run.checkpoint_period", "0.01s"]


class Streamed(SweepCase):
    def folded(self, store):
        """Blocks of each strand that are in the store's checkpoint of its only point, in the mean; 0 if there is none."""
        result = self.run_program("status", self.path(store), "--json")
        if result.returncode != 0:
            return 0
        folding = json.loads(result.stdout)["folding"]
        return folding[0]["blocks"] if folding else 0

    def wait_for_blocks(self, store, running):
        launch.wait_until(lambda: running.process.poll() is not None or self.folded(store) >= 1, 60, "blocks that are folded")
        self.assertIsNone(running.process.poll(), "the point should take longer")

    def test_bits_do_not_depend_on_ranks(self):
        self.undisturbed_sweep("alone.h5", *POINT)
        for ranks in (2, 3, 4):
            self.sweep(f"{ranks}.h5", *POINT, ranks=ranks)
            self.assert_identical(f"{ranks}.h5", "alone.h5")
        # One worker alone would be busy half of the time, one of three a third.
        self.assertGreater(self.status("3.h5")["run_busy_fraction"], 0.53)
        self.assertGreater(self.status("4.h5")["run_busy_fraction"], 0.4)

    def test_goes_on_after_a_signal(self):
        self.undisturbed_sweep("alone.h5", *POINT)
        for ranks in (None, 3):
            name = f"stopped-{ranks}.h5"
            running = self.start_sweep(name, *POINT, *SAVED, ranks=ranks)
            running.wait_for_ranks()
            self.wait_for_blocks(name, running)
            # To the master, as mpirun would kill all ranks a second later, however busy the machine is.
            os.kill(running.rank_pids()[0], signal.SIGTERM)
            begin = time.monotonic()
            result = running.wait()
            self.assertLess(time.monotonic() - begin, 5)
            self.assert_code(result, WORK_LEFT)
            self.assertGreaterEqual(self.folded(name), 1)
            self.assertIn("strands of examples", self.run_program("status", self.path(name)).stdout)
            self.sweep(name, *POINT, ranks=3)
            self.assert_complete(name, 1)
            self.assert_identical(name, "alone.h5")

    def test_goes_on_after_a_worker_died(self):
        self.undisturbed_sweep("alone.h5", *POINT)
        running = self.start_sweep("killed.h5", *POINT, *SAVED, ranks=3)
        running.wait_for_ranks()
        self.wait_for_blocks("killed.h5", running)
        os.kill(running.rank_pids()[2], signal.SIGKILL)
        result = running.wait()
        running.wait_for_processes()
        self.assertNotEqual(result.returncode, 0)
        if not launch.has_mpich():
            lines = [line for line in own_lines(result.stderr) if line.startswith("attnpaths") and "note:" not in line]
            self.assertEqual(len(lines), 1, result.stderr)
            self.assertIn("worker 2", lines[0])
        self.assertGreaterEqual(self.folded("killed.h5"), 1)
        self.sweep("killed.h5", *POINT, ranks=3)
        self.assert_complete("killed.h5", 1)
        self.assert_identical("killed.h5", "alone.h5")


if __name__ == "__main__":
    unittest.main()
