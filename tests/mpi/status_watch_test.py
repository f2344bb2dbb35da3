"""status --watch: follows sweeps and submissions until nothing is left."""

import signal
import unittest

import launch
from submit_case import FIRST, FIRST_POINTS, QUICK, SubmitCase
from sweep_case import OK


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
