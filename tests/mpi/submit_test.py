"""Points that are queued for a store: taken up by the sweep that runs on it, or the next one, and lost by no crash."""

import os
import pwd
import signal
import time
import unittest
from pathlib import Path

import launch
from sweep_case import INTERNAL, MEDIUM_TASK, OK, SMALL_TASK, WORK_LEFT, SweepCase

# Points of some tens of milliseconds; the second grid shares half of its widths with the first.
COMMON = [*MEDIUM_TASK, "--theory.tolerance", "1e-8", "--grid.seed", "1 2"]
FIRST = [*COMMON, "--grid.width", " ".join(str(10 + i) for i in range(20)), "--grid.temperature", "0.1 1"]
SECOND = [*COMMON, "--grid.width", " ".join(str(20 + i) for i in range(20)), "--grid.temperature", "0.1 1"]
FIRST_POINTS, SECOND_POINTS, SHARED_POINTS = 80, 80, 40
JOINT = [*COMMON, "--grid.width", " ".join(str(10 + i) for i in range(30)), "--grid.temperature", "0.1 1"]
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
        def holds_lock():
            if running.process.poll() is not None:
                raise AssertionError(f"the sweep ended before its time: {running.wait()}")
            try:
                return f"pid {running.rank_pids().get(0)}\n" in Path(self.path(store + ".lock")).read_text()
            except OSError:
                return False
        launch.wait_until(holds_lock, 60, f"a sweep on {store}")

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
        self.assert_code(result, code)
        return result


class WhileASweepRuns(SubmitCase):
    def test_new_points_join_it_and_points_of_both_are_computed_once(self):
        running = self.start_sweep("s.h5", *FIRST, ranks=3)
        self.wait_for_work("s.h5", running)
        result = self.submit("s.h5", *SECOND)
        self.assertIn(f"pid {running.rank_pids()[0]} ", result.stdout)
        self.assert_code(running.wait(), OK)
        self.assertEqual(self.queue("s.h5"), [])
        self.assert_complete("s.h5", JOINT_POINTS)
        points = self.points("s.h5", "point/attempts", "point/submission", "point/asked_by")
        self.assertEqual({point["point/attempts"] for point in points.values()}, {1})
        # Who asked first counts: the sweep itself for the points of both.
        submitted = [point for point in points.values() if point["point/submission"]]
        self.assertEqual(len(submitted), SECOND_POINTS - SHARED_POINTS)
        self.assertIn(submitted[0]["point/submission"], result.stdout)
        user = pwd.getpwuid(os.geteuid()).pw_name
        for point in points.values():
            self.assertEqual(point["point/asked_by"], f"{user}@{os.uname().nodename}")
        self.sweep("whole.h5", *JOINT, ranks=2)
        self.assert_identical("s.h5", "whole.h5")

    def test_one_rank_alone_takes_them_between_points(self):
        running = self.start_sweep("s.h5", *FIRST)
        self.wait_for_work("s.h5", running)
        self.submit("s.h5", *SECOND)
        self.assert_code(running.wait(), OK)
        self.assertEqual(self.queue("s.h5"), [])
        self.assert_complete("s.h5", JOINT_POINTS)

    def test_points_with_chains_too(self):
        sampled = [*QUICK, "--analyses.run", "default order-parameter-samples", "--sampling.chains", 2, "--sampling.warmup", 50,
                   "--sampling.draws", 50, "--sampling.max_draws", 50]
        running = self.start_waiting("s.h5", *QUICK, "--grid.width", 10)
        self.submit("s.h5", *sampled, "--grid.width", "10 20 30")
        self.wait_for_empty_queue("s.h5")
        self.end_waiting(running)
        self.sweep("whole.h5", *sampled, "--grid.width", "10 20 30")
        self.sweep("whole.h5", *QUICK, "--grid.width", 10)
        self.assert_identical("s.h5", "whole.h5")


class BeforeTheNextSweep(SubmitCase):
    def test_submissions_wait_for_it(self):
        self.sweep("s.h5", *QUICK, "--grid.width", 10)
        result = self.submit("s.h5", *QUICK, "--grid.width", "10 20 30")
        self.assertIn("3 points", result.stdout)
        self.assertIn("1 of them done already", result.stdout)
        self.assertIn("no sweep runs on it", result.stdout)
        (waiting,) = self.status("s.h5")["submissions"]
        self.assertEqual((waiting["points"], waiting["waiting"]), (3, 2))
        self.assertIn("2 of 3 points wait", self.run_program("status", self.path("s.h5")).stdout)
        for ranks, submitted in ((None, "10 20 30"), (3, "40 50")):
            self.submit("s.h5", *QUICK, "--grid.width", submitted + " 60") if ranks else None
            # The sweep's own grid is done already.
            self.sweep("s.h5", *QUICK, "--grid.width", 10, ranks=ranks)
            self.assertEqual(self.queue("s.h5"), [])
        self.sweep("whole.h5", *QUICK, "--grid.width", "10 20 30 40 50 60")
        self.assert_identical("s.h5", "whole.h5")

    def test_a_store_that_will_be_made(self):
        result = self.submit("s.h5", *QUICK, "--grid.width", "10 20", "--new")
        self.assertIn("2 to compute", result.stdout)
        self.sweep("s.h5", *QUICK, "--grid.width", 30, ranks=2)
        self.assert_complete("s.h5", 3)

    def test_nothing_to_do_writes_nothing(self):
        self.sweep("s.h5", *QUICK, "--grid.width", "10 20")
        result = self.submit("s.h5", *QUICK, "--grid.width", "20 10")
        self.assertIn("nothing to do", result.stdout)
        result = self.submit("s.h5", *QUICK, "--grid.width", "30", "--dry-run")
        self.assertIn("1 to compute (dry run", result.stdout)
        self.assertFalse(os.path.exists(self.path("s.h5.queue")))

    def test_the_memory_budget_is_that_of_the_sweep(self):
        # It decides how kernels are evaluated, hence which points these are.
        point = [*SMALL_TASK, "--grid.examples", 40, "--grid.heads", 3, "--grid.width", 10]
        self.sweep("s.h5", *point, "--memory-per-rank", "800K")
        self.assertIn("nothing to do", self.submit("s.h5", *point).stdout)
        self.sweep("t.h5", *point)
        self.assertTrue(self.points("s.h5").keys().isdisjoint(self.points("t.h5").keys()))

    def test_parts_of_a_file_and_the_folder_it_is_submitted_from(self):
        work = self.folder / "work"
        work.mkdir()
        self.assert_code(self.run_program("dataset", "hidden-markov", "--feature-width", 20, "--tokens", 8,
                                          "--examples", 20, "--test-examples", 10, "-o", "data.h5", cwd=work), OK)
        text = ("[store]\nfile = elsewhere.h5\n[grid]\nwidth = 10 30\n"
                "[part data]\ntask.name = dataset\ntask.file = data.h5\n"
                "[part made]\ntask.feature_width = 20\ntask.tokens = 8\ngrid.examples = 20\n")
        (work / "two.ini").write_text(text)
        # The name of the file is a column of its points.
        (work / "whole.ini").write_text(text.replace("= data.h5", f"= {work}/data.h5"))
        self.sweep("s.h5", *QUICK, "--grid.width", 10)
        self.submit("s.h5", "two.ini", cwd=work)
        self.sweep("s.h5", *QUICK, "--grid.width", 10, ranks=3)
        points = self.points("s.h5", "point/part", "point/submission")
        self.assertEqual(sorted(point["point/part"] or "" for point in points.values()),
                         ["", "data", "data", "made", "made"])
        self.sweep("whole.h5", "whole.ini", cwd=work)
        self.sweep("whole.h5", *QUICK, "--grid.width", 10)
        self.assert_identical("s.h5", "whole.h5")


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
        self.assert_code(self.run_program("dataset", "hidden-markov", "--feature-width", 20, "--tokens", 8,
                                          "--examples", 20, "--test-examples", 10, "-o", data), OK)
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
        make = ["dataset", "hidden-markov", "--feature-width", 20, "--tokens", 8, "--examples", 20,
                "--test-examples", 10, "-o", data]
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


class SeveralUsers(SubmitCase):
    @unittest.skipUnless(os.geteuid() == 0, "needs root, to become another user")
    def test_each_point_says_who_asked_for_it_first(self):
        self.folder.chmod(0o2775)
        os.chown(self.folder, 0, pwd.getpwnam("nobody").pw_gid)
        if not self.can_run_as_nobody():
            self.skipTest("the program is in a folder that other users cannot enter")
        running = self.start_waiting("s.h5", *QUICK, "--grid.width", 10)
        self.wait_for_points("s.h5", 1)
        self.submit("s.h5", *QUICK, "--grid.width", "10 20", user="nobody", group="nogroup", extra_groups=[])
        self.wait_for_empty_queue("s.h5")
        self.submit("s.h5", *QUICK, "--grid.width", "20 30")
        self.wait_for_empty_queue("s.h5")
        self.end_waiting(running)
        host = os.uname().nodename
        columns = self.points("s.h5", "point/width", "point/asked_by").values()
        self.assertEqual({point["point/width"]: point["point/asked_by"] for point in columns},
                         {10: f"root@{host}", 20: f"nobody@{host}", 30: f"root@{host}"})

    def can_run_as_nobody(self):
        try:
            return self.run_program("--version", user="nobody", group="nogroup", extra_groups=[]).returncode == OK
        except PermissionError:
            return False


class Watch(SubmitCase):
    def test_follows_until_nothing_is_left(self):
        running = self.start_sweep("s.h5", *FIRST, ranks=3)
        self.wait_for_work("s.h5", running)
        result = self.run_program("status", self.path("s.h5"), "--watch", "0.2")
        self.assert_code(result, OK)
        self.assert_code(running.wait(), OK)
        lines = result.stdout.splitlines()
        self.assertGreater(len(lines), 1)
        self.assertRegex(lines[-1], rf"Z  {FIRST_POINTS} of {FIRST_POINTS} points done, 0 failed, 0 left.*not running")
        states = [line.partition("  ")[2] for line in lines]
        for state, following in zip(states, states[1:]):
            self.assertNotEqual(state, following, "a line per change")

    def test_goes_on_while_submissions_wait_and_ends_by_a_signal(self):
        self.sweep("s.h5", *QUICK, "--grid.width", 10)
        self.submit("s.h5", *QUICK, "--grid.width", 20)
        watching = self.start_program("status", self.path("s.h5"), "--watch", "--json")
        launch.wait_until(lambda: watching.text(watching.output), 30, "the first line")
        self.assertIsNone(watching.process.poll())
        self.sweep("s.h5", *QUICK, "--grid.width", 10)
        self.assert_code(watching.wait(), OK)
        self.assertEqual(watching.text(watching.output).count('"waiting":1'), 1)
        self.submit("s.h5", *QUICK, "--grid.width", 30)
        watching = self.start_program("status", self.path("s.h5"), "--watch=10")
        launch.wait_until(lambda: watching.text(watching.output), 30, "the first line")
        watching.send(signal.SIGINT)
        self.assert_code(watching.wait(timeout=5), OK)


if __name__ == "__main__":
    unittest.main()
