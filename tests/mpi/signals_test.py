"""Signals and time limits: a sweep stops in good order, loses nothing, and the same command goes on."""

import os
import signal
import time
import unittest

from sweep_case import MEDIUM_TASK, SLOW_TASK, SMALL_TASK, WORK_LEFT, SweepCase

# Points of some tens of milliseconds, enough for the second that mpirun takes to pass SIGTERM on.
GRID = [*MEDIUM_TASK, "--no-samples", "--grid.width", "10..24",
        "--grid.temperature", "0.1 0.3 1 3", "--grid.seed", "1 2", "--theory.tolerance", "1e-8"]
POINTS = 120


class Signals(SweepCase):
    def interrupt(self, number, ranks, after=6):
        """Runs the grid and signals it once some points are done. Returns the result."""
        launch = self.start_sweep("s.h5", *GRID, ranks=ranks)
        self.wait_for_points("s.h5", after)
        launch.send(number)
        result = launch.wait()
        launch.wait_for_processes()
        self.assertGreaterEqual(self.finished("s.h5"), after)
        self.assertLess(self.finished("s.h5"), POINTS, "the sweep was over before the signal came")
        return result

    def assert_goes_on(self):
        """The same command finishes, computes no point twice, and the results are those of an undisturbed run."""
        before = self.points("s.h5", "point/finished")
        self.sweep("s.h5", *GRID, ranks=3)
        self.assert_complete("s.h5", POINTS)
        after = self.points("s.h5", "point/finished")
        self.assertEqual({key: after[key] for key in before}, before)
        self.undisturbed_sweep("whole.h5", *GRID, ranks=3)
        self.assert_identical("s.h5", "whole.h5")

    def assert_whole(self):
        self.assert_code(self.run_program("verify", self.path("s.h5")), 0)

    def assert_in_good_order(self, result, reason):
        self.assertIn(f"stopping: {reason}", result.stderr)
        self.assertIn(f"stopped by {reason} with", result.stdout)
        status = self.status("s.h5")
        self.assertEqual((status["in_work"], status["failed"], status["warnings"]), (0, 0, []))
        self.assertEqual(status["done"] + status["left"], POINTS)

    def test_usr1_to_mpirun_drains(self):
        result = self.interrupt(signal.SIGUSR1, 3)
        self.assert_code(result, WORK_LEFT)
        self.assert_in_good_order(result, "SIGUSR1")
        self.assert_goes_on()

    def test_usr1_to_a_sweep_alone_drains(self):
        result = self.interrupt(signal.SIGUSR1, None)
        self.assert_code(result, WORK_LEFT)
        self.assert_in_good_order(result, "SIGUSR1")

    def test_term_and_int_to_a_sweep_alone(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            result = self.interrupt(number, None, after=self.finished("s.h5") + 6)
            self.assert_code(result, WORK_LEFT)
            self.assert_in_good_order(result, "SIGTERM or SIGINT")
        self.assert_whole()

    def test_term_to_mpirun_loses_nothing(self):
        # mpirun ends with a code of its own; what counts is the store.
        self.interrupt(signal.SIGTERM, 3)
        self.assert_whole()
        self.assert_goes_on()

    def test_int_to_mpirun_loses_nothing(self):
        self.interrupt(signal.SIGINT, 3)
        self.assert_whole()

    def test_term_to_a_worker_stops_the_run(self):
        launch = self.start_sweep("s.h5", *GRID, ranks=3)
        self.wait_for_points("s.h5", 6)
        os.kill(launch.rank_pids()[2], signal.SIGTERM)
        self.assert_code(launch.wait(), WORK_LEFT)
        self.assertEqual(self.status("s.h5")["failed"], 0)

    def assert_a_signal_to_a_waiting_worker_ends_the_run(self, number, reason):
        store = f"{number}.h5"
        launch = self.start_sweep(store, "--wait", *SMALL_TASK, "--grid.width", 10, "--grid.examples", 20, ranks=3)
        self.wait_for_points(store, 1)
        begin = time.monotonic()
        os.kill(launch.rank_pids()[2], number)
        result = launch.wait()
        self.assertLess(time.monotonic() - begin, 15)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"stopping: {reason}", result.stderr)

    def test_idle_workers_answer_signals(self):
        for number in (signal.SIGTERM, signal.SIGUSR1):
            self.assert_a_signal_to_a_waiting_worker_ends_the_run(number, "a signal to a worker")

    def test_a_worker_that_does_not_answer_is_left_behind(self):
        launch = self.start_sweep("s.h5", *GRID, ranks=3)
        self.wait_for_points("s.h5", 6)
        pids = launch.rank_pids()
        os.kill(pids[2], signal.SIGSTOP)
        begin = time.monotonic()
        os.kill(pids[0], signal.SIGTERM)
        result = launch.wait(90)
        self.assertGreater(time.monotonic() - begin, 15)  # it has the time to end what it is at
        self.assert_code(result, WORK_LEFT)
        self.assertIn("no answer from rank 2", result.stderr)
        self.assertIn("stopped by SIGTERM or SIGINT with", result.stdout)
        launch.wait_for_processes()
        status = self.status("s.h5")
        self.assertGreaterEqual(status["done"], 6)
        self.assertEqual((status["in_work"], status["failed"], status["warnings"]), (0, 0, []))
        self.assert_whole()

    def test_time_limit(self):
        for ranks in (None, 3):
            begin = time.monotonic()
            result = self.sweep(f"{ranks}.h5", *GRID, "--time-limit", "0.7s", ranks=ranks, code=WORK_LEFT)
            self.assertLess(time.monotonic() - begin, 15)
            self.assertIn("stopped by the time limit with", result.stdout)
            status = self.status(f"{ranks}.h5")
            self.assertGreater(status["done"], 0)
            self.assertGreater(status["left"], 0)
            self.assertEqual(status["in_work"], 0)

    def test_the_end_of_a_batch_job_is_a_time_limit(self):
        for ranks in (None, 3):
            # The sweep is below this process, as it is below the one that Slurm starts in a job.
            job = {"SLURM_JOB_ID": "5", "SLURM_TASK_PID": str(os.getpid()), "SLURM_JOB_END_TIME": str(int(time.time()) + 4)}
            result = self.sweep(f"{ranks}.h5", *GRID, "--run.time_margin", "3s", ranks=ranks, variables=job, code=WORK_LEFT)
            self.assertLess(time.time(), int(job["SLURM_JOB_END_TIME"]) + 5)
            self.assertIn("stopped by the end of Slurm job 5 (SLURM_JOB_END_TIME) with", result.stdout)

    def test_the_end_of_another_batch_job_is_none(self):
        # Variables that a job left: its end is past, or this process is not in it.
        for job in ({"SLURM_JOB_ID": "5", "SLURM_TASK_PID": str(os.getpid()), "SLURM_JOB_END_TIME": "1"},
                    {"SLURM_JOB_ID": "5", "SLURM_TASK_PID": "999999999", "SLURM_JOB_END_TIME": str(int(time.time()) + 1)},
                    {"SLURM_JOB_END_TIME": "1"}):
            with self.subTest(job):
                result = self.sweep("left.h5", "--task.name", "rehearsal", "--grid.width", "10 30", ranks=3, variables=job)
                self.assertEqual(result.stderr.count("SLURM_JOB_END_TIME"), 1)
                self.assertIn("is not believed", result.stderr)

    def test_no_point_is_begun_that_would_not_end_in_time(self):
        # Of the points that take seconds one is known; with less time than that nothing is begun, and the run says so at once.
        self.sweep("s.h5", *SLOW_TASK, "--grid.width", 10, ranks=2)
        (point,) = self.points("s.h5", "point/seconds").values()
        begin = time.monotonic()
        limit = point["point/seconds"]
        result = self.sweep("s.h5", *SLOW_TASK, "--grid.width", "10 11 12", "--time-limit", f"{limit}s", ranks=3, code=WORK_LEFT)
        self.assertLess(time.monotonic() - begin, 0.8 * limit + 2)
        self.assertIn("stopped by the time limit with 2 points left", result.stdout)
        self.assertEqual(set(self.points("s.h5", "point/attempts")), {point["point/key"]})

    def test_a_time_limit_that_is_not_reached_changes_nothing(self):
        few = [*SMALL_TASK, "--grid.width", "10 30", "--grid.examples", 20]
        for ranks in (None, 3):
            self.sweep(f"{ranks}.h5", *few, "--time-limit", "1h", ranks=ranks)
            self.assert_complete(f"{ranks}.h5", 2)


if __name__ == "__main__":
    unittest.main()
