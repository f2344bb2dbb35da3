"""A test case that queues points for stores, for sweeps that run and for those that wait."""

import signal
from pathlib import Path

import launch
from sweep_case import MEDIUM_TASK, OK, SMALL_TASK, SweepCase

# Points of some tens of milliseconds; the second grid shares half of its widths with the first.
COMMON = [*MEDIUM_TASK, "--no-samples", "--theory.tolerance", "1e-8", "--grid.seed", "1 2"]
FIRST = [*COMMON, "--grid.width", "10..21", "--grid.temperature", "0.1 1"]
SECOND = [*COMMON, "--grid.width", "16..27", "--grid.temperature", "0.1 1"]
FIRST_POINTS, SECOND_POINTS, SHARED_POINTS = 48, 48, 24
JOINT = [*COMMON, "--grid.width", "10..27", "--grid.temperature", "0.1 1"]
JOINT_POINTS = FIRST_POINTS + SECOND_POINTS - SHARED_POINTS
QUICK = [*SMALL_TASK, "--grid.examples", "20"]


class SubmitCase(SweepCase):
    def submit(self, store, *arguments, code=OK, **options):
        result = self.run_program("submit", self.path(store), *arguments, **options)
        self.assert_code(result, code)
        return result

    def queue(self, store):
        folder = Path(self.path(store + ".queue"))
        return sorted(file.name for file in folder.iterdir()) if folder.exists() else []

    def wait_for_sweep(self, store, running):
        """Waits until this launch holds the store's lock."""
        launch.wait_until(lambda: self.holds_lock(store, running), 60, f"a sweep on {store}")

    def wait_for_empty_queue(self, store, timeout=60):
        launch.wait_until(lambda: not self.queue(store), timeout, f"the end of all submissions to {store}")

    def start_waiting(self, store, *arguments, ranks=3):
        running = self.start_sweep(store, "--wait", *arguments, ranks=ranks)
        self.wait_for_sweep(store, running)
        return running

    def end_waiting(self, running, number=signal.SIGUSR1, code=OK):
        running.send(number)
        result = running.wait()
        running.wait_for_processes()
        if code == OK or not launch.has_mpich():  # MPICH's mpirun that had a SIGUSR1 itself sometimes ends with 0
            self.assert_code(result, code)
        return result

    def dataset_command(self, path):
        """Arguments that make a data set whose points take milliseconds."""
        return ["dataset", "hidden-markov", "--feature-width", 20, "--tokens", 8, "--examples", 20,
                "--test-examples", 10, "-o", path]
