"""Training shared among ranks: the same batches, the same network up to rounding, the same good order."""

import signal
import time
import unittest

import launch
from sweep_case import OK, WORK_LEFT
from training_case import SMALL_NETWORK, SMALL_RUN, TrainingCase


class Training(TrainingCase):
    def test_ranks_share_a_batch(self):
        self.train("one.h5", *SMALL_RUN)
        for ranks in (2, 3):
            with self.subTest(ranks=ranks):
                self.train(f"{ranks}.h5", *SMALL_RUN, ranks=ranks)
                self.assert_same_training("one.h5", f"{ranks}.h5", tolerance=1e-4)

    def test_more_ranks_than_heads(self):
        run = [*SMALL_NETWORK[:-1], 1, "--layers", 1, "--episodes", 2560, "--test-episodes", 100]
        self.train("one.h5", *run)
        self.train("three.h5", *run, ranks=3)
        self.assert_same_training("one.h5", "three.h5", tolerance=1e-4)

    def test_ranks_give_the_same_every_time(self):
        self.train("a.h5", *SMALL_RUN, ranks=2)
        self.train("b.h5", *SMALL_RUN, ranks=2)
        self.assert_same_training("a.h5", "b.h5")

    def test_stopped_and_killed_ranks_go_on_where_the_file_stands(self):
        # Eight times as long: it must not be over before it is stopped, however quick the machine.
        long_run = [*SMALL_NETWORK, "--episodes", "102400", "--validate-every", 25600, "--validation-episodes", 500,
                    "--test-episodes", 1000]
        run = [*long_run, "--checkpoint-period", "0.05s"]
        self.train("whole.h5", *long_run, ranks=2)
        self.train("s.h5", *run, "--time-limit", "0.2s", ranks=2, code=WORK_LEFT)
        for number in (signal.SIGKILL, signal.SIGTERM):
            training = self.start_training("s.h5", *run, ranks=2)
            pids = training.wait_for_ranks()
            time.sleep(0.3)
            if number == signal.SIGKILL and launch.is_alive(pids.get(1, 0)):
                launch.os.kill(pids[1], number)
            else:
                training.send(number)
            training.wait()
            training.wait_for_processes()
        self.assert_code(self.train("s.h5", *run, ranks=2), OK)
        self.assert_same_training("s.h5", "whole.h5")


if __name__ == "__main__":
    unittest.main()
