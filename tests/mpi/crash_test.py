"""Kills a sweep at random instants, again and again, and looks whether anything is ever lost.

usage: crash_test.py [--kills N] [--seed S]

A sweep of 200 points on two workers is killed by SIGKILL at a random instant of its life, from the first moments of mpirun to
the last compaction; targets alternate among mpirun, the master rank and a worker rank. The same command starts again until
all points are done; then it begins with a new store, until N kills have been made. After every kill the store must open, and
hold every point that was ever seen in it, unchanged. Every finished store must equal an undisturbed run bit for bit.
"""

import argparse
import collections
import os
import random
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support"))

import launch
from sweep_case import MEDIUM_TASK, SweepCase

GRID = [*MEDIUM_TASK, "--grid.width", " ".join(str(10 + i) for i in range(25)),
        "--grid.temperature", "0.1 0.3 1 3", "--grid.seed", "1 2", "--theory.tolerance", "1e-8", "--progress", "none"]
POINTS = 200
TARGETS = ("mpirun", "master", "worker")
RANKS = 3


class Crash(SweepCase):
    kills = 8
    seed = 1

    def setUp(self):
        super().setUp()
        self.random = random.Random(self.seed)
        self.made = collections.Counter()
        self.hit_in_work = 0
        self.rounds = 0
        self.stuck = 0

    def committed(self, store):
        """Checksums of the points that the store holds, by key; empty while there is no store yet."""
        if not any(os.path.exists(self.path(name)) for name in (store, store + ".journal")):
            return {}
        self.status(store)
        return {key: (point["point/status"], point["point/checksum"])
                for key, point in self.points(store, "point/status", "point/checksum").items()}

    def kill(self, running, target):
        """Kills mpirun or a rank. Returns whether there was one to kill."""
        pids = running.rank_pids()
        if target == "mpirun":
            pid = running.process.pid
        elif target == "master":
            pid = pids.get(0)
        else:
            pid = pids.get(self.random.randrange(1, RANKS))
        if pid is None or running.process.poll() is not None:
            return False
        self.hit_in_work += len(pids) == RANKS
        os.kill(pid, signal.SIGKILL)
        return True

    def wait_for_the_end(self, running):
        """Waits until all ranks are gone, which must not take long, and mpirun too.

        A rank that dies while it makes its first connection to mpirun (Open MPI 4.1, in MPI_Init) can leave mpirun in a lock of
        its own for ever, with all ranks gone: such an mpirun is ended and counted.
        """
        launch.wait_until(lambda: not running.processes(), 30, "the end of all ranks")
        try:
            running.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.stuck += 1
            running.process.kill()
            running.wait()

    def assert_kept(self, store, seen):
        now = self.committed(store)
        lost = [key for key, point in seen.items() if now.get(key) != point]
        self.assertEqual(lost, [], f"{len(lost)} points lost or changed")
        return now

    def run_until_done(self, store):
        """One store from nothing to whole, killed on the way as long as kills are left."""
        seen = {}
        while True:
            running = self.start_sweep(store, *GRID, ranks=RANKS)
            if sum(self.made.values()) < self.kills:
                if self.random.random() < 0.5:
                    time.sleep(self.random.uniform(0, 1))  # often while it starts
                else:
                    time.sleep(self.random.uniform(0, 1.6))
                    # What a reader sees while the sweep writes is committed too.
                    seen = self.assert_kept(store, seen)
                    time.sleep(self.random.uniform(0, 0.05))
                target = TARGETS[sum(self.made.values()) % len(TARGETS)]
                if self.kill(running, target):
                    self.made[target] += 1
                    self.wait_for_the_end(running)
                    seen = self.assert_kept(store, seen)
                    running.end()
                    continue
            result = running.wait(timeout=120)
            running.end()
            seen = self.assert_kept(store, seen)
            self.assert_code(result, 0)
            return

    def test_nothing_is_ever_lost(self):
        begin = time.monotonic()
        self.sweep("whole.h5", *GRID, ranks=RANKS)
        undisturbed = time.monotonic() - begin
        begin = time.monotonic()
        while sum(self.made.values()) < self.kills or self.rounds == 0:
            self.rounds += 1
            store = f"{self.rounds}.h5"
            self.run_until_done(store)
            self.assert_complete(store, POINTS)
            self.assert_identical(store, "whole.h5")
        print(f"{sum(self.made.values())} kills ({', '.join(f'{self.made[target]} {target}' for target in TARGETS)}; "
              f"{self.hit_in_work} with all ranks up) over {self.rounds} sweeps of {POINTS} points in "
              f"{time.monotonic() - begin:.0f} s (undisturbed {undisturbed:.1f} s each): "
              f"no point lost, no point failed, all stores identical to the undisturbed one"
              + (f"; {self.stuck} times mpirun had to be ended after its ranks" if self.stuck else ""), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=Crash.kills, help="kills to make [%(default)s]")
    parser.add_argument("--seed", type=int, default=Crash.seed, help="seed of instants and victims [%(default)s]")
    options = parser.parse_args()
    Crash.kills, Crash.seed = options.kills, options.seed
    unittest.main(argv=sys.argv[:1])
