"""Sweeps that wait for submissions: idle without work, and no crash or fault loses what is queued."""

import os
import signal
import time
import unittest
from pathlib import Path

import launch
from submit_case import FIRST, FIRST_POINTS, QUICK, SubmitCase
from sweep_case import INTERNAL, OK, WORK_LEFT


class WaitingSweep(SubmitCase):
    def test_begins_with_nothing_and_is_stopped_with_nothing_left(self):
        for ranks in (3, None):
            with self.subTest(ranks=ranks):
                store = f"{ranks}.h5"
                running = self.start_waiting(store, ranks=ranks)
                for width in (10, 20):
                    self.submit(store, *QUICK, "--grid.width", width)
                    self.wait_for_empty_queue(store, 30)
                    time.sleep(0.5)  # idle in between
                self.assertEqual(self.status(store)["running"], "yes")
                result = self.end_waiting(running)
                self.assertIn("2 of 2 points done", result.stdout)
                self.assertFalse(os.path.exists(self.path(store + ".queue")))
                self.assert_complete(store, 2)
        self.assert_identical("3.h5", "None.h5")

    def test_stopped_with_work_left_says_so_and_the_next_goes_on(self):
        running = self.start_waiting("s.h5")
        self.submit("s.h5", *FIRST)
        self.wait_for_points("s.h5", 5)
        result = self.end_waiting(running, code=WORK_LEFT)
        self.assertIn("left", result.stdout)
        self.assertEqual(len(self.queue("s.h5")), 1)
        running = self.start_waiting("s.h5")
        self.wait_for_empty_queue("s.h5")
        self.end_waiting(running, signal.SIGUSR1)
        self.sweep("whole.h5", *FIRST, ranks=2)
        self.assert_identical("s.h5", "whole.h5")

    def test_ends_by_its_time_limit(self):
        self.sweep("s.h5", "--wait", "--time-limit", "2s", ranks=2)

    def test_sleeps_while_there_is_nothing_to_do(self):
        running = self.start_waiting("s.h5")
        pids = running.wait_for_ranks()
        time.sleep(3)  # until the sleep is as long as it gets

        def cpu_seconds(pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        # A rank that waits busily takes half a core or more even where others want it too; one that sleeps some per cent
        # at most, also where every waking costs more than usual.
        duration = 4
        shares = {}
        for _ in range(3):
            before = {rank: cpu_seconds(pid) for rank, pid in pids.items()}
            time.sleep(duration)
            shares = {rank: (cpu_seconds(pid) - before[rank]) / duration for rank, pid in pids.items()}
            if max(shares.values()) < 0.03:
                break
        self.assertLess(max(shares.values()), 0.15, shares)
        self.end_waiting(running)


class Trouble(SubmitCase):
    def test_a_crash_after_acceptance_loses_nothing(self):
        for victim in (0, 1):
            store = f"{victim}.h5"
            running = self.start_waiting(store)
            self.submit(store, *FIRST)
            self.wait_for_points(store, 5)
            os.kill(running.rank_pids()[victim], signal.SIGKILL)
            running.wait_for_processes()
            running.end()
            self.assertLess(self.finished(store), FIRST_POINTS)
            self.assertEqual(len(self.queue(store)), 1)
            running = self.start_waiting(store)
            self.wait_for_empty_queue(store)
            self.end_waiting(running)
            self.assert_complete(store, FIRST_POINTS)
            points = self.points(store, "point/submission")
            self.assertEqual(len({point["point/submission"] for point in points.values()}), 1)
        self.assert_identical("0.h5", "1.h5")

    def test_a_submission_whose_data_are_gone_is_set_aside_and_the_sweep_goes_on(self):
        data = self.path("data.h5")
        self.assert_code(self.run_program(*self.dataset_command(data)), OK)
        self.sweep("s.h5", *QUICK, "--grid.width", 10)
        self.submit("s.h5", "--task.name", "dataset", "--task.file", data, "--grid.width", 10)
        os.remove(data)
        self.submit("s.h5", *QUICK, "--grid.width", 20)
        Path(self.path("s.h5.queue/notes.txt")).write_text("buy milk\n")
        running = self.start_waiting("s.h5")
        launch.wait_until(lambda: self.finished("s.h5") == 2, 30, "the good submission")
        status = self.status("s.h5")
        self.assertEqual(len(status["rejected_submissions"]), 1)
        self.assertIn(data, status["rejected_submissions"][0]["reason"])
        time.sleep(2)  # more looks at what lies there
        result = self.end_waiting(running)
        self.assertEqual(result.stderr.count("is set aside: "), 1, result.stderr)
        self.assertEqual(result.stderr.count("notes.txt: is no submission"), 1, result.stderr)
        self.assertEqual([name.rpartition(".")[2] for name in self.queue("s.h5")], ["rejected", "txt"])

    def test_data_that_change_between_master_and_worker_fail_their_points_only(self):
        data = self.path("data.h5")
        make = self.dataset_command(data)
        self.assert_code(self.run_program(*make), OK)
        # A long point keeps the only worker busy while the master reads the data and we change them.
        running = self.start_sweep("s.h5", *FIRST, ranks=2)
        self.wait_for_work("s.h5", running)
        self.submit("s.h5", "--task.name", "dataset", "--task.file", data, "--grid.width", "10 20")
        launch.wait_until(lambda: self.status("s.h5")["points"] == FIRST_POINTS + 2, 30, "acceptance")
        self.assert_code(self.run_program(*make, "--seed", 2, "--force"), OK)
        result = running.wait()
        self.assert_code(result, INTERNAL)
        failed = [point for point in self.points("s.h5", "point/status", "point/message").values()
                  if point["point/status"] == "failed"]
        self.assertEqual(len(failed), 2)
        self.assertIn("reads other data than the master", failed[0]["point/message"])
        self.assertEqual(self.finished("s.h5"), FIRST_POINTS)


if __name__ == "__main__":
    unittest.main()
