"""A sweep over two nodes that the wall-time limit stops again and again: it queues itself again, and ends with the same bits."""

import os
import time
import unittest
from pathlib import Path

from slurm_case import SlurmCase

# slurmctld looks at time limits every 30 s, from its start. A job of one minute is asked to stop at the first look after its 15th
# second, and a job that is queued again starts some 8 s after that: with the first job starting 17 s before a look, the second
# stop comes after less than 40 s of work.
PERIOD = 30
START_BEFORE = 18
WORKERS = 4
WORK_SECONDS = 46

# Points that take a second and no processor time, so that all machines take long enough, and two that sample for many
# seconds, in chains that can be saved and taken up again.
POINTS = WORKERS * WORK_SECONDS + 2
CONFIG = f"""
[run]
checkpoint_period = 2s

[part rehearsal]
task.name = rehearsal
task.seconds = 1
grid.width = {" ".join(str(width) for width in range(1, POINTS - 1))}

[part sampled]
task.name = hidden-markov
task.feature_width = 20
task.tokens = 8
task.test_examples = 20
grid.examples = 20
grid.width = 7:6:5
grid.temperature = 0.1
grid.seed = 1 2
analyses.run = default weight-samples
sampling.method = nuts
sampling.chains = 3
sampling.warmup = 2000
sampling.draws = 5000
sampling.max_draws = 5000
sampling.weights_warmup = 2000
sampling.weights_draws = 6000
sampling.weights_max_draws = 6000
"""


class WallTime(SlurmCase):
    def wait_for_the_hand(self):
        """Waits for the right moment between two looks of slurmctld at the time limits."""
        started = os.stat(os.environ["SLURM_CONF"]).st_mtime
        time.sleep((-START_BEFORE - (time.time() - started)) % PERIOD)

    def test_the_limit_strikes_twice(self):
        Path(self.config).write_text(CONFIG)
        # Many ranks, most of which sleep.
        self.sweep("whole.h5", self.config, "--progress", "none", ranks=33, timeout=300)
        self.assert_complete("whole.h5", POINTS)

        self.wait_for_the_hand()
        begin = time.monotonic()
        number = self.submit("s.h5", [], "--nodes", 2, "--time", 1)
        job = self.wait_for_end(number, 500)
        log = self.log("s.h5", number)
        print(log, flush=True)
        print(f"{time.monotonic() - begin:.0f} s, queued again {job['Restarts']} times", flush=True)
        self.assert_completed(job, log)
        self.assertEqual((job["NumNodes"], job["NumTasks"]), ("2", str(WORKERS)))
        self.assertGreaterEqual(int(job["Restarts"]), 2)
        self.assertEqual(log.count("queued again"), int(job["Restarts"]))
        self.assertGreaterEqual(log.count("SIGUSR1, "), 2)
        self.assert_complete("s.h5", POINTS)
        self.assert_identical("s.h5", "whole.h5")
        self.assertFalse(os.path.exists(self.path("s.h5.launches")))


if __name__ == "__main__":
    unittest.main()
