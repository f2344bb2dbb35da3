"""Kills a sweep at random instants, again and again, and looks whether anything is ever lost.

usage: crash_test.py [--kills N] [--seed S]

A sweep of 120 points on two workers is killed by SIGKILL at a random instant of its life, from the first moments of mpirun to
the last compaction; targets alternate among mpirun, the master rank and a worker rank. The same command starts again until
all points are done; then it begins with a new store, until N kills have been made. After every kill the store must open, and
hold every answer about a point that was ever seen in it, unchanged. Every finished store must equal an undisturbed run bit for
bit. The same is done to a sweep that adds an analysis to a finished store.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support"))

import launch
from kill_case import KILLED_GRID, KILLED_POINTS, Kills, main
from sweep_case import SMALL_TASK, SweepCase

ADDITION = [*SMALL_TASK, "--grid.width", "10..24", "--grid.examples", 20, "--grid.temperature", "0.1 1", "--grid.seed", "1 2",
            "--sampling.method", "nuts", "--sampling.chains", 2, "--sampling.warmup", 100, "--sampling.draws", 200, "--sampling.max_draws", 200,
            "--sampling.predictor_draws", 5, "--run.checkpoint_period", "0.05s", "--progress", "none"]
FINISHED = [*ADDITION, "--no-samples"]
FINISHED_POINTS = 60
RANKS = 3


class Crash(Kills, SweepCase):
    targets = ("mpirun", "master", "worker")

    def setUp(self):
        super().setUp()
        self.rounds = 0
        self.stuck = 0

    def committed(self, store):
        """What the store holds: status, key and seconds of each analysis of each point; empty while there is no store yet."""
        if not self.has_store(store):
            return {}
        names = list(self.status(store)["analyses"])
        columns = [f"{name}/{column}" for name in names for column in ("status", "key", "seconds")]
        return {(key, name): [point[f"{name}/{column}"] for column in ("status", "key", "seconds")]
                for key, point in self.points(store, *columns).items() for name in names if point[f"{name}/status"]}

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

    def run_until_done(self, store, arguments):
        """One store from what it holds to whole, killed on the way as long as kills are left."""
        seen = self.committed(store)
        while True:
            running = self.start_sweep(store, *arguments, ranks=RANKS)
            if self.kills_are_left():
                if self.random.random() < 0.5:
                    time.sleep(self.random.uniform(0, 1))  # often while it starts
                else:
                    time.sleep(self.random.uniform(0, 1.6))
                    # What a reader sees while the sweep writes is committed too.
                    seen = self.assert_kept(store, seen)
                    time.sleep(self.random.uniform(0, 0.05))
                target = self.next_target()
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

    def run_rounds(self, arguments, points, begin_with=None):
        """Kills sweeps, each of a store of its own that begins with a copy of a finished one, or with nothing."""
        begin = time.monotonic()
        self.sweep("whole.h5", *arguments, ranks=RANKS)
        undisturbed = time.monotonic() - begin
        begin = time.monotonic()
        while self.kills_are_left() or self.rounds == 0:
            self.rounds += 1
            store = f"{self.rounds}.h5"
            if begin_with:
                shutil.copyfile(self.path(begin_with), self.path(store))
            self.run_until_done(store, arguments)
            self.assert_complete(store, points)
            self.assert_identical(store, "whole.h5")
        print(f"{self.made_text()}, {self.hit_in_work} with all ranks up, over {self.rounds} sweeps of {points} points in "
              f"{time.monotonic() - begin:.0f} s (undisturbed {undisturbed:.1f} s each): "
              f"nothing lost, no point failed, all stores identical to the undisturbed one"
              + (f"; {self.stuck} times mpirun had to be ended after its ranks" if self.stuck else ""), flush=True)

    def test_nothing_is_ever_lost(self):
        self.run_rounds([*KILLED_GRID, "--progress", "none"], KILLED_POINTS)

    def test_nothing_is_lost_while_an_analysis_is_added(self):
        self.sweep("finished.h5", *FINISHED)
        self.run_rounds(ADDITION, FINISHED_POINTS, begin_with="finished.h5")


if __name__ == "__main__":
    main(Crash, __doc__)
