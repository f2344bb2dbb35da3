"""A sweep as an array of eight jobs, one of which is killed and submitted again: merged, it is the store of a single job."""

import os
import re
import signal
import unittest

import launch
from slurm_case import ASKED_EACH, ENDED, SlurmCase
from sweep_case import SMALL_TASK

# Points that sample for about a second, some longer than others.
GRID = [*SMALL_TASK, "--grid.examples", "14 20", "--grid.width", "5 7:6:5", "--grid.temperature", 0.1,
        "--analyses.run", "default weight-samples", "--sampling.method", "nuts", "--sampling.chains", 2, "--sampling.warmup", 200,
        "--sampling.draws", 400, "--sampling.max_draws", 400, "--sampling.weights_warmup", 200,
        "--sampling.weights_draws", 400, "--sampling.weights_max_draws", 400, "--grid.seed", "1 2 3 4 5 6"]
POINTS = 24
SHARDS = 8
VICTIM = 3


class Array(SlurmCase):
    def part(self, shard):
        return f"s.{shard}-of-{SHARDS}.h5"

    def states(self, number):
        """State of each task of an array job, by its index."""
        lines = self.slurm("scontrol", "show", "job", "-o", str(number)).splitlines()
        fields = [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]
        return {int(job["ArrayTaskId"]): job["JobState"] for job in fields if job["ArrayTaskId"].isdigit()}

    def wait_for_tasks(self, number, tasks):
        launch.wait_until(lambda: len(self.states(number)) == tasks and set(self.states(number).values()) <= ENDED,
                          300, f"the end of array {number}", ASKED_EACH)

    def test_a_lost_shard_is_submitted_again(self):
        self.sweep("whole.h5", *GRID, "--progress", "none", ranks=3, timeout=300)

        number = self.submit("s.h5", GRID, "--cores", 1, "--array", SHARDS, "--time", 5)
        launch.wait_until(lambda: os.path.exists(self.path(self.part(VICTIM) + ".lock")), 120, "the victim's start")
        for pid in self.all_processes(self.job(f"{number}_{VICTIM}")["JobId"]):
            os.kill(pid, signal.SIGKILL)
        self.wait_for_tasks(number, SHARDS)
        states = self.states(number)
        logs = {shard: self.log("s.h5", f"{number}_{shard}") for shard in states}
        self.assertEqual(states.pop(VICTIM), "FAILED", logs[VICTIM])
        self.assertEqual(set(states.values()), {"COMPLETED"}, logs)
        self.assertFalse(os.path.exists(self.path("s.h5")), "merged without the shard that was killed")
        self.assertIn(f"shard {VICTIM} of {SHARDS} has", "".join(logs.values()))
        shares = [self.status(self.part(shard))["points"] for shard in range(1, SHARDS + 1)]
        self.assertEqual(sum(shares), POINTS)
        self.assertGreater(min(shares), 0)

        number = self.submit("s.h5", GRID, "--cores", 1, "--array", SHARDS, "--shards", VICTIM, "--time", 5)
        self.wait_for_tasks(number, 1)
        log = self.log("s.h5", f"{number}_{VICTIM}")
        print(log, flush=True)
        self.assertEqual(self.states(number), {VICTIM: "COMPLETED"}, log)
        self.assertTrue(re.search(r"merged 8 stores into \S+/s.h5$", log, re.MULTILINE), log)
        self.assert_complete("s.h5", POINTS)
        self.assert_identical("s.h5", "whole.h5")


if __name__ == "__main__":
    unittest.main()
