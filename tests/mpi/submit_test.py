"""Points that are queued for a store: taken up by the sweep that runs on it, or the next one."""

import os
import pwd
import unittest

import launch
from submit_case import FIRST, JOINT, JOINT_POINTS, QUICK, SECOND, SECOND_POINTS, SHARED_POINTS, SubmitCase
from sweep_case import OK, SMALL_TASK


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
        sampled = [*QUICK, "--sampling.method", "nuts", "--sampling.chains", 2, "--sampling.warmup", 50,
                   "--sampling.draws", 50, "--sampling.max_draws", 50]
        running = self.start_waiting("s.h5", *QUICK, "--no-samples", "--grid.width", 10)
        self.submit("s.h5", *sampled, "--grid.width", "10 20 30")
        self.wait_for_empty_queue("s.h5")
        self.end_waiting(running)
        self.sweep("whole.h5", *sampled, "--grid.width", "10 20 30")
        self.sweep("whole.h5", *QUICK, "--no-samples", "--grid.width", 10)
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
        point = [*SMALL_TASK, "--grid.examples", 40, "--grid.heads", 3, "--grid.width", 10,
                 "--analyses.run", "saddle-point predictor"]
        self.sweep("s.h5", *point, "--memory-per-rank", "800K")
        self.assertIn("nothing to do", self.submit("s.h5", *point).stdout)
        self.sweep("t.h5", *point)
        self.assertTrue(self.points("s.h5").keys().isdisjoint(self.points("t.h5").keys()))

    def test_parts_of_a_file_and_the_folder_it_is_submitted_from(self):
        work = self.folder / "work"
        work.mkdir()
        self.assert_code(self.run_program(*self.dataset_command("data.h5"), cwd=work), OK)
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


if __name__ == "__main__":
    unittest.main()
