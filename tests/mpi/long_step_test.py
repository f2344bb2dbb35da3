"""A signal ends a sweep within a second also where its ranks are inside one long step of linear algebra, and nothing is lost."""

import os
import signal
import time
import unittest
from pathlib import Path

import launch
from sweep_case import WORK_LEFT, SweepCase

# 144 paths: the Hessian of the action, which the evidence needs, is a matrix of 10440^2 numbers, which takes minutes to make and
# factorise. The point before it takes no time.
TASK = ["--task.feature_width", 8, "--task.tokens", 8, "--task.test_examples", 4, "--grid.examples", 20, "--grid.depth", 2,
        "--grid.temperature", 0.1, "--run.memory_per_rank", "8G"]
LONG_POINT = [*TASK, "--grid.width", 1000, "--analyses.run", "evidence"]
# The same with 64 paths takes seconds, with 36 not one.
SHORTER = [*LONG_POINT, "--grid.heads", "8:8"]
SAMPLED = [*TASK, "--grid.width", 10, "--grid.heads", "6:6", "--sampling.method", "nuts",
           "--sampling.chains", 2, "--sampling.warmup", 20, "--sampling.draws", 6000, "--sampling.max_draws", 6000]
# What the end may take on a machine with many times more to do than cores; elsewhere it takes less than a second.
LONGEST = 5.0


def memory(pid):
    """Bytes of memory that a process has."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class LongStep(SweepCase):
    def signal_in_long_step(self, number, ranks, whom):
        """Sends a signal to a rank, or to what started them (whom = None), and times the end. Returns the result."""
        self.sweep("s.h5", *LONG_POINT, "--grid.heads", "2:2")
        started = self.start_sweep("s.h5", *LONG_POINT, "--grid.heads", "2:2 12:12", ranks=ranks)
        # Nothing but the Hessian needs so much memory.
        launch.wait_until(lambda: max(map(memory, started.rank_pids().values()), default=0) > 5e8, 90, "the Hessian")
        pids = list(started.rank_pids().values())
        begin = time.monotonic()
        if whom is None:
            started.send(number)
        else:
            os.kill(started.rank_pids()[whom], number)
        launch.wait_until(lambda: not any(map(launch.is_alive, pids)), 150, "the end of the ranks")
        seconds = time.monotonic() - begin
        result = started.wait()  # mpirun itself takes a second more
        print(f"{signal.Signals(number).name} to {'the launch' if whom is None else f'rank {whom}'} of {ranks or 1}: "
              f"ended after {seconds:.2f} s", flush=True)
        self.assertLess(seconds, LONGEST, result.stderr)
        return result

    def assert_in_good_order(self, result, reason):
        self.assert_code(result, WORK_LEFT)
        self.assertIn(f"stopping: {reason}", result.stderr)
        self.assertIn(f"stopped by {reason} with 1 point left; the same command goes on", result.stdout)
        self.assertNotIn("MPI_ABORT", result.stderr)
        status = self.status("s.h5")
        self.assertEqual((status["done"], status["left"], status["in_work"], status["failed"]), (1, 1, 0, 0))
        self.assertEqual(status["warnings"], [])
        self.assertEqual(sorted(file.name for file in self.folder.glob("s.h5*")), ["s.h5", "s.h5.journal"])

    def test_alone(self):
        for number, reason in ((signal.SIGTERM, "SIGTERM or SIGINT"), (signal.SIGUSR1, "SIGUSR1")):
            self.assert_in_good_order(self.signal_in_long_step(number, None, None), reason)

    def test_under_mpirun(self):
        for ranks in (2, 3):
            self.assert_in_good_order(self.signal_in_long_step(signal.SIGTERM, ranks, 0), "SIGTERM or SIGINT")
            # mpirun hands this one to all ranks.
            self.assert_in_good_order(self.signal_in_long_step(signal.SIGUSR1, ranks, None), "SIGUSR1")

    def stop_in_work(self, number, ranks, *point):
        """Interrupts the one point a moment after it was begun."""
        started = self.start_sweep("s.h5", *point, ranks=ranks)
        self.wait_for_work("s.h5", started)
        time.sleep(0.5)
        os.kill(started.rank_pids()[0], number)
        result = started.wait()
        started.wait_for_processes(5)
        self.assert_code(result, WORK_LEFT)
        status = self.status("s.h5")
        self.assertEqual((status["done"], status["left"], status["in_work"], status["failed"], status["warnings"]), (0, 1, 0, 0, []))

    def test_what_was_left_is_computed_to_the_same_bits(self):
        self.sweep("whole.h5", *SHORTER)
        self.stop_in_work(signal.SIGTERM, None, *SHORTER)
        self.stop_in_work(signal.SIGUSR1, 2, *SHORTER)
        self.stop_in_work(signal.SIGTERM, 3, *SHORTER)
        self.sweep("s.h5", *SHORTER, ranks=2)
        self.assert_complete("s.h5", 1)
        self.assert_identical("s.h5", "whole.h5")

    def test_chains_hand_over_how_far_they_are(self):
        self.sweep("whole.h5", *SAMPLED, ranks=2)
        for ranks, number in ((None, signal.SIGUSR1), (2, signal.SIGTERM)):
            store = f"{ranks}.h5"
            started = self.start_sweep(store, *SAMPLED, "--run.checkpoint_period", "0.1s", ranks=ranks)
            self.wait_for_work(store, started)
            launch.wait_until(lambda: self.saved(store) > 0, 60, "a checkpoint")
            saved = self.saved(store)
            pids = list(started.rank_pids().values())
            begin = time.monotonic()
            os.kill(started.rank_pids()[0], number)
            launch.wait_until(lambda: not any(map(launch.is_alive, pids)), 60, "the end of the ranks")
            seconds = time.monotonic() - begin
            result = started.wait()
            print(f"{signal.Signals(number).name} to {ranks or 1} while sampling: ended after {seconds:.2f} s", flush=True)
            self.assertLess(seconds, LONGEST)
            self.assert_code(result, WORK_LEFT)
            self.assertGreater(self.saved(store), saved)
            self.sweep(store, *SAMPLED, ranks=ranks)
            self.assert_identical(store, "whole.h5")

    def saved(self, store):
        """Seconds of chains that are in the checkpoints of a store."""
        return self.status(store)["checkpointed_seconds"]


if __name__ == "__main__":
    unittest.main()
