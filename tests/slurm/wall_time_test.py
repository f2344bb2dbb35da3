"""A sweep over two nodes that the wall-time limit stops again and again: it queues itself again, and ends with the same bits."""

import os
import resource
import time
import unittest

from slurm_case import SlurmCase
from sweep_case import SMALL_TASK

# A point samples for seconds, in chains that can be saved and taken up again.
POINT = [*SMALL_TASK, "--grid.examples", 20, "--grid.width", "7:6:5", "--grid.temperature", 0.1,
         "--sampling.methods", "order-parameter weights", "--sampling.chains", 3,
         "--sampling.warmup", 300, "--sampling.draws", 800, "--sampling.max_draws", 1600,
         "--sampling.weights_warmup", 400, "--sampling.weights_draws", 1000, "--sampling.weights_max_draws", 2000,
         "--sampling.target_ess", 1e6, "--run.checkpoint_period", "1s"]
WORKERS = 4

# slurmctld looks at time limits every 30 s, from its start. A job of one minute is asked to stop at the first look after its 15th
# second, and a job that is queued again starts some 8 s after that: with the first job starting 17 s before a look, the second
# stop comes after less than 40 s of work.
PERIOD = 30
START_BEFORE = 18
WORK_SECONDS = 50


def seeds(number):
    return ["--grid.seed", " ".join(str(i + 1) for i in range(number))]


class WallTime(SlurmCase):
    def cpu_seconds_of_undisturbed(self, points):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.sweep("whole.h5", *POINT, *seeds(points), "--progress", "none", ranks=WORKERS + 1, timeout=600)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def wait_for_the_hand(self):
        """Waits for the right moment between two looks of slurmctld at the time limits."""
        started = os.stat(os.environ["SLURM_CONF"]).st_mtime
        time.sleep((-START_BEFORE - (time.time() - started)) % PERIOD)

    def test_the_limit_strikes_twice(self):
        # As many points as keep the workers of this machine busy long enough for two strikes.
        cores = min(WORKERS, len(os.sched_getaffinity(0)))
        first = 8
        cost = self.cpu_seconds_of_undisturbed(first) / first
        points = max(first, round(WORK_SECONDS * cores / cost))
        self.cpu_seconds_of_undisturbed(points)
        print(f"{cost:.1f} CPU seconds a point, {points} points", flush=True)

        self.wait_for_the_hand()
        begin = time.monotonic()
        number = self.submit("s.h5", [*POINT, *seeds(points)], "--nodes", 2, "--time", 1)
        job = self.wait_for_end(number, 500)
        log = self.log("s.h5", number)
        print(log, flush=True)
        print(f"{time.monotonic() - begin:.0f} s, queued again {job['Restarts']} times", flush=True)
        self.assert_completed(job, log)
        self.assertEqual(job["BatchHost"], "node1")
        self.assertEqual(job["NumNodes"], "2")
        self.assertGreaterEqual(int(job["Restarts"]), 2)
        self.assertEqual(log.count("queued again"), int(job["Restarts"]))
        self.assertGreaterEqual(log.count("SIGUSR1"), 2)
        self.assert_complete("s.h5", points)
        self.assert_identical("s.h5", "whole.h5")
        self.assertFalse(os.path.exists(self.path("s.h5.launches")))


if __name__ == "__main__":
    unittest.main()
