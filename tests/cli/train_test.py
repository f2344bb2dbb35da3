"""Training from images to a sweep of the theory, interrupted or not."""

import os
import re
import signal
import subprocess
import time
import unittest

import launch
from sweep_case import OK, WORK_LEFT
from training_case import SMALL_NETWORK, SMALL_RUN, TrainingCase


def accuracy(result):
    """Accuracy on classes never seen, and its standard error, from the last line of a run."""
    match = re.search(r"never seen (0\.\d+) \+- (0\.\d+)", result.stdout)
    return float(match[1]), float(match[2])


class Train(TrainingCase):
    def test_a_small_network_learns_glyphs_for_the_theory(self):
        result = self.train("n.h5", *SMALL_NETWORK, "--episodes", "4e4", "--test-episodes", 4000)
        value, error = accuracy(result)
        self.assertGreater(value, 0.5 + 20 * error)
        self.assert_code(self.run_program("dataset", "one-shot", "--images", "glyphs", "--image-size", 16, "--heads",
                                          self.path("n.h5"), "--examples", 60, "--test-examples", 100, "-o",
                                          self.path("d.h5")), OK)
        check = self.run_program("dataset", "check", self.path("d.h5")).stdout
        self.assertRegex(check, r"layer 2 +2 heads .*, Q and K of width 16")
        self.sweep("s.h5", "--task.name", "dataset", "--task.file", self.path("d.h5"), "--grid.width", 30,
                   "--grid.examples", 60, "--grid.temperature", 0.5)
        self.assert_complete("s.h5", 1)

    def test_the_same_command_gives_the_same_network(self):
        self.train("a.h5", *SMALL_RUN)
        self.train("b.h5", *SMALL_RUN)
        self.assert_same_training("a.h5", "b.h5")
        self.train("c.h5", *SMALL_RUN, "--seed", 2)
        self.assertNotEqual(self.differences("a.h5", "c.h5", 1e-3), "")

    def test_a_finished_run_answers_at_once_and_more_episodes_go_on(self):
        half = [word if word != "12800" else "6400" for word in SMALL_RUN]
        self.train("h.h5", *half)
        before = (self.folder / "h.h5").read_bytes()
        self.train("h.h5", *half)
        self.assertEqual((self.folder / "h.h5").read_bytes(), before)
        # The curve has a point where the shorter run ended; the weights know nothing of it.
        result = self.train("h.h5", *SMALL_RUN)
        self.assertIn("h.h5: 6400 of 13k episodes done", result.stdout)
        self.train("w.h5", *SMALL_RUN)
        self.assertNotIn("/training/weights", self.differences("h.h5", "w.h5"))

    def test_killed_again_and_again_it_ends_with_the_same_weights(self):
        run = [*SMALL_NETWORK, "--episodes", "38400", "--validate-every", 6400, "--validation-episodes", 500,
               "--test-episodes", 0]
        self.train("whole.h5", *run)
        file = self.folder / "k.h5"
        for _ in range(6):
            training = self.start_training("k.h5", *run, "--checkpoint-period", "0.05s")
            before = file.stat().st_ino if file.exists() else None
            launch.wait_until(lambda: training.process.poll() is not None or
                              (file.exists() and file.stat().st_ino != before), 60, "a new file")
            time.sleep(0.02)
            self.assertIsNone(training.process.poll(), "the run was over before it was killed")
            training.send(signal.SIGKILL)
            training.process.wait()
        result = self.train("k.h5", *run)
        self.assertRegex(result.stdout, r"k\.h5: [1-9]\S* of 38k episodes done")
        self.assert_same_training("k.h5", "whole.h5")

    def test_signals_and_time_limit_stop_in_good_order(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            with self.subTest(number):
                name = f"{number}.h5"
                training = self.start_training(name, *SMALL_NETWORK)
                launch.wait_until(lambda: os.path.exists(self.path(name)), 30, "the first file")
                time.sleep(0.2)
                training.send(number)
                result = training.wait()
                self.assert_code(result, WORK_LEFT)
                self.assertRegex(result.stdout, r"stopped by a signal with 5\.\d+M episodes left; the same command goes on")
        result = self.train("t.h5", *SMALL_NETWORK, "--time-limit", "0.3s", code=WORK_LEFT)
        self.assertIn("stopped by the time limit", result.stdout)
        result = self.train("t.h5", *SMALL_NETWORK, "--time-limit", "0.3s", code=WORK_LEFT)
        self.assertRegex(result.stdout, r"t\.h5: [1-9]\S* of 5\.280M episodes done")

    def test_validation_and_test_are_stopped_too_and_made_by_the_next_run(self):
        run = [*SMALL_NETWORK, "--episodes", 1280, "--validate-every", 1280, "--validation-episodes", 80000, "--test-episodes", 40000]
        begin = time.monotonic()
        self.train("whole.h5", *run)
        undisturbed = time.monotonic() - begin
        stops = 0
        # Nearly all of the time goes into one validation and two tests.
        for part in (0.15, 0.3, 0.7, 0.2, 0.6, 0.8):
            training = self.start_training("s.h5", *run)
            try:
                training.process.wait(0.2 + part * undisturbed)
                break
            except subprocess.TimeoutExpired:
                training.send(signal.SIGTERM)
                begin = time.monotonic()
                result = training.wait()
                seconds = time.monotonic() - begin
            if result.returncode == OK:
                break
            if result.returncode == -signal.SIGTERM and not result.stdout:
                continue  # a busy machine: it had not come to listen to signals yet
            stops += 1
            print(f"stopped within {seconds:.2f} s: {result.stdout.splitlines()[-1]}", flush=True)
            self.assertLess(seconds, 3)
            self.assert_code(result, WORK_LEFT)
        self.assertGreater(stops, 0)
        self.assert_code(self.train("s.h5", *run), OK)
        self.assert_same_training("s.h5", "whole.h5")

    def test_one_network_begins_where_another_ended(self):
        self.train("a.h5", *SMALL_NETWORK, "--episodes", "4e4", "--test-episodes", 0)
        result = self.train("b.h5", "--from", self.path("a.h5"), "--images", "glyphs", "--episodes", 1280,
                            "--test-episodes", 4000, "--seed", 9)
        self.assertIn("2:2 heads, G = 16, N = 64", result.stdout)
        self.assertGreater(accuracy(result)[0], 0.7)

    def test_progress_can_be_read_from_a_pipe(self):
        errors = self.train("a.h5", *SMALL_RUN).stderr
        self.assertRegex(errors, r"(?m)^2560 episodes: training loss \d\.\d+ accuracy 0\.\d+; validation loss")
        self.assertRegex(errors, r"(?m)^13k/13k episodes, .*best validation 0\.\d+, \d+ episodes/s$")
        self.assertNotIn("\033", errors)
        self.assertEqual(self.train("b.h5", *SMALL_RUN, "--progress", "none").stderr, "")


if __name__ == "__main__":
    unittest.main()
