"""What a job does at its end: cancelled, hopeless, wrong from the start, or under mpirun."""

import os
import shutil
import signal
import time
import unittest
from pathlib import Path

import launch
from slurm_case import SlurmCase
from sweep_case import SMALL_GRID, SMALL_GRID_POINTS, SMALL_TASK

ENDLESS = [*SMALL_TASK, "--grid.examples", 20, "--grid.width", "7:6:5", "--grid.temperature", 0.1, "--sampling.method", "nuts",
           "--sampling.warmup", 10000000, "--sampling.draws", 100, "--run.checkpoint_period", "1s"]


class Job(SlurmCase):
    def test_mpirun_over_two_nodes(self):
        # All nodes are this machine by one name, and Open MPI's shared memory would mix them up.
        number = self.submit("s.h5", SMALL_GRID, "--nodes", 2, "--launcher", "mpirun", OMPI_MCA_btl="self,tcp")
        job = self.wait_for_end(number, 120)
        log = self.log("s.h5", number)
        self.assert_completed(job, log)
        self.assertIn(f"{SMALL_GRID_POINTS} points; 4 workers", log)
        self.assert_complete("s.h5", SMALL_GRID_POINTS)
        self.sweep("whole.h5", *SMALL_GRID)
        self.assert_identical("s.h5", "whole.h5")

    def test_a_cancelled_job_stays_cancelled(self):
        number = self.submit("s.h5", ENDLESS)
        launch.wait_until(lambda: self.processes(number)["workers"], 60, "the ranks")
        time.sleep(1)
        self.slurm("scancel", str(number))
        self.wait_for_end(number, 60)
        time.sleep(10)  # a job that is queued again starts after this time at the latest
        job = self.job(number)
        self.assertEqual((job["JobState"], job["Restarts"]), ("CANCELLED", "0"), self.log("s.h5", number))
        self.assertNotIn("queued again", self.log("s.h5", number))

    def test_a_signal_inside_a_long_step(self):
        # 144 paths: a Hessian of 10440^2 numbers, which nothing but the evidence needs.
        def memory(pid):
            return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

        grid = ["--task.feature_width", 8, "--task.tokens", 8, "--task.test_examples", 4, "--grid.examples", 20, "--grid.width", 1000,
                "--analyses.run", "evidence", "--grid.heads", "12:12", "--grid.temperature", 0.1, "--run.memory_per_rank", "8G"]
        number = self.submit("s.h5", grid)
        launch.wait_until(lambda: max(map(memory, self.processes(number)["workers"]), default=0) > 5e8, 90, "the Hessian")
        pids = [self.processes(number)["master"], *self.processes(number)["workers"]]
        begin = time.monotonic()
        self.slurm("scancel", "--signal=USR1", "--batch", str(number))
        launch.wait_until(lambda: not any(map(launch.is_alive, pids)), 60, "the end of the ranks")
        seconds = time.monotonic() - begin
        launch.wait_until(lambda: "queued again" in self.log("s.h5", number), 60, "the end of the job")
        log = self.log("s.h5", number)
        print(f"ended after {seconds:.2f} s\n{log}", flush=True)
        self.assertLess(seconds, 10, log)  # on a busy machine; else less than a second, and the step takes minutes
        self.assertIn("stopped by SIGUSR1 with 1 point left", log)
        status = self.status("s.h5")
        self.assertEqual((status["left"], status["in_work"], status["warnings"]), (1, 0, []))

    def test_a_node_that_goes_down(self):
        grid = ["--task.name", "rehearsal", "--task.seconds", 0.5, "--grid.width", " ".join(str(i + 1) for i in range(60))]
        number = self.submit("s.h5", grid, "--nodes", 2)
        self.wait_for_points("s.h5", 6)
        # What runs there is gone at once, and then Slurm learns of it.
        node = self.slurm("scontrol", "show", "hostnames", self.job(number)["NodeList"]).split()[-1]
        victims = [*self.daemons_of(node, number), *self.ranks_on(node, number)]
        self.assertEqual(len(victims), 3)
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        self.slurm("scontrol", "update", f"nodename={node}", "state=down", "reason=test")
        self.addCleanup(self.slurm, "scontrol", "update", f"nodename={node}", "state=resume", check=False)
        job = self.wait_for_end(number, 120)
        log = self.log("s.h5", number)
        self.assert_completed(job, log)
        self.assertEqual(job["Restarts"], "1", log)
        self.assert_complete("s.h5", 60)

    def test_a_point_that_always_crashes(self):
        widths = " ".join(str(i + 1) for i in range(12))
        number = self.submit("s.h5", ["--task.name", "rehearsal", "--task.seconds", 0.1, "--task.crash_widths", 5,
                                      "--grid.width", widths], "--nodes", 2)
        job = self.wait_for_end(number, 120)
        log = self.log("s.h5", number)
        self.assertEqual((job["JobState"], job["ExitCode"]), ("FAILED", "70:0"), log)
        # Queued again at most for the launch that gained nothing, when this point alone was left.
        self.assertEqual(log.count("started again") + int(job["Restarts"]), 3, log)
        self.assertLessEqual(int(job["Restarts"]), 2, log)
        status = self.status("s.h5")
        self.assertEqual((status["done"], status["failed"], status["left"]), (11, 1, 0))

    def test_errors_of_the_configuration_are_not_tried_again(self):
        data = Path(self.path("heads.h5"))
        shutil.copy(Path(__file__).parents[1] / "data" / "markov-4paths-small.h5", data)
        # Submitted in good order, but gone when the job starts.
        number = self.submit("s.h5", ["--task.name", "dataset", "--task.file", data, "--grid.width", 10,
                                      "--grid.examples", 20, "--grid.temperature", 0.1], after=["--hold"])
        data.unlink()
        self.slurm("scontrol", "release", str(number))
        job = self.wait_for_end(number, 60)
        log = self.log("s.h5", number)
        self.assertEqual((job["JobState"], job["ExitCode"], job["Restarts"]), ("FAILED", "66:0", "0"), log)
        self.assertIn("another try does not mend", log)
        self.assertEqual(log.count("heads.h5: "), 1, log)

    def assert_given_up(self, store, instead_of_sweep, restarts):
        """Submits the program with a line of shell in place of its sweep, and expects that the job gives up."""
        program = Path(self.path("attnpaths"))
        program.write_text(f'#!/bin/sh\nprogram={launch.program()}\n'
                           f'case " $* " in *" --dry-run "*) ;; *" sweep "*) {instead_of_sweep} ;; esac\n'
                           f'exec $program "$@"\n')
        program.chmod(0o755)
        number = self.submit(store, SMALL_GRID, ATTNPATHS_BINARY=str(program), ATTNPATHS_MOST_IDLE_REQUEUES="2")
        job = self.wait_for_end(number, 120)
        log = self.log(store, number)
        self.assertEqual((job["JobState"], job["ExitCode"], job["Restarts"]), ("FAILED", "75:0", str(restarts)), log)
        self.assertIn("given up after 3 launches in a row without progress", log)
        self.assertEqual(log.count("started again"), 2 - restarts, log)

    def test_a_sweep_that_dies_each_time_is_given_up(self):
        self.assert_given_up("s.h5", "kill -9 $$", restarts=0)

    def test_a_sweep_that_gains_nothing_in_any_job_is_given_up(self):
        self.assert_given_up("s.h5", 'exec $program "$@" --time-limit 0s', restarts=2)


if __name__ == "__main__":
    unittest.main()
