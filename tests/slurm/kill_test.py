"""Kills the processes of Slurm jobs at random instants, again and again, and looks whether anything is ever lost.

usage: kill_test.py [--kills N] [--seed S]      (by tests/slurm/kill.sh, which brings Slurm up)

A job sweeps 120 points on two nodes. SIGKILL goes to a worker, to the master, to srun and to Slurm's daemon of the step on one of
the nodes, in turn, at random instants of a launch. The job must go on by itself: every other job starts the sweep again in its
own allocation, the rest are queued again after every death. After every kill the store must open and hold every point that was
ever seen in it, unchanged; every finished store must equal an undisturbed run bit for bit.
"""

import os
import signal
import time

import launch
from kill_case import KILLED_GRID, KILLED_POINTS, Kills, main
from slurm_case import ASKED_EACH, ENDED, SlurmCase

# Random instants often come before the first point; that is no reason to give up here.
# A launch whose ranks die as they start may hang.
ENVIRONMENT = {"ATTNPATHS_MOST_IDLE_REQUEUES": "1000", "ATTNPATHS_START_SECONDS": "20"}
REQUEUE_ALWAYS = {"ATTNPATHS_LEAST_SECONDS": "1000000"}


class Kill(Kills, SlurmCase):
    kills = 4
    targets = ("worker", "master", "srun", "stepd")

    def setUp(self):
        super().setUp()
        self.requeues = 0
        self.launches = 0

    def committed(self, store):
        """Checksums of the points that the store holds, by key; empty while there is no store yet."""
        if not self.has_store(store):
            return {}
        return {key: (point["point/status"], point["point/checksum"])
                for key, point in self.points(store, "point/status", "point/checksum").items()}

    def wait_for_launch(self, number, previous):
        """Waits until a launch is up that is not the previous one (an srun), or the job has ended. Returns its processes."""
        found = {}

        def is_up():
            nonlocal found
            found = self.processes(number)
            return found["srun"] not in (None, previous) or self.job(number)["JobState"] in ENDED
        launch.wait_until(is_up, 120, f"the launch of job {number} after the last kill", 0.05)
        return found

    def victim(self, target, processes):
        pids = processes[{"worker": "workers"}.get(target, target)]
        return self.random.choice(sorted(pids)) if isinstance(pids, list) and pids else pids or None

    def run_until_done(self, store, environment):
        try:
            self.kill_until_done(store, environment)
        except TimeoutError as error:
            logs = "".join(path.read_text(errors="replace") for path in self.folder.glob(f"{store[:-3]}.slurm-*.log"))
            self.fail(f"{error}; killed so far: {dict(self.made)}\n{logs}")

    def kill_until_done(self, store, environment):
        """One store from nothing to whole, by one job that is killed on the way as long as kills are left."""
        number = self.submit(store, KILLED_GRID, "--nodes", 2, "--time", 60, **ENVIRONMENT, **environment)
        seen, srun = {}, None
        while self.kills_are_left():
            processes = self.wait_for_launch(number, srun)
            if processes["srun"] in (None, srun):
                break  # done before it could be killed
            time.sleep(self.random.uniform(0, 1) if self.random.random() < 0.4 else self.random.uniform(0.5, 4))
            seen = self.assert_kept(store, seen)
            time.sleep(self.random.uniform(0, 0.05))
            target = self.next_target()
            processes = self.processes(number)
            pid = self.victim(target, processes)
            if pid is None:
                continue  # not up yet, or just gone
            srun = processes["srun"] or srun
            self.hit_in_work += processes["master"] is not None
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            self.made[target] += 1
            seen = self.assert_kept(store, seen)
        launch.wait_until(lambda: self.job(number)["JobState"] in ENDED, 300, f"the end of job {number}", ASKED_EACH)
        job, log = self.job(number), self.log(store, number)
        self.assert_completed(job, log)
        self.requeues += int(job["Restarts"])
        self.launches += log.count("started again")
        self.assert_kept(store, seen)

    def test_nothing_is_ever_lost(self):
        self.sweep("whole.h5", *KILLED_GRID, "--progress", "none", ranks=3)
        begin = time.monotonic()
        rounds = 0
        while self.kills_are_left() or rounds == 0:
            rounds += 1
            store = f"{rounds}.h5"
            self.run_until_done(store, REQUEUE_ALWAYS if rounds % 2 == 0 else {})
            self.assert_complete(store, KILLED_POINTS)
            self.assert_identical(store, "whole.h5")
        print(f"{self.made_text()}, {self.hit_in_work} with the master up, over {rounds} jobs of {KILLED_POINTS} "
              f"points in {time.monotonic() - begin:.0f} s: "
              f"{self.launches} launches in the same job, {self.requeues} requeues; "
              f"no point lost, no point failed, all stores identical to the undisturbed one", flush=True)


if __name__ == "__main__":
    main(Kill, __doc__)
