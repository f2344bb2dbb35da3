"""Somebody changes, removes or takes over the files of a store while a sweep runs: it stops and says so, and reports nothing that
is not there. The same command then computes what is missing."""

import os
import signal
import unittest
from pathlib import Path

from sweep_case import OUTPUT_ERROR, SweepCase

POINTS = 300
GRID = ["--task.name", "rehearsal", "--task.seconds", "0.05", "--progress", "none",
        "--grid.width", " ".join(str(10 + i) for i in range(POINTS))]


class Intrusion(SweepCase):
    def intrude(self, ranks, intrusion, word):
        name = f"s-{ranks}.h5"
        running = self.start_sweep(name, *GRID, ranks=ranks)
        self.wait_for_points(name, 8)
        intrusion(Path(self.path(name)))
        result = running.wait(120)
        self.assert_code(result, OUTPUT_ERROR)
        self.assert_one_line(result, word)
        self.assertNotIn(f"{POINTS} of {POINTS}", result.stdout)
        self.sweep(name, *GRID, ranks=ranks)
        self.assert_complete(name, POINTS)

    def test_a_byte_of_the_journal_is_damaged(self):
        def flip(store):
            journal = Path(f"{store}.journal")
            with open(journal, "r+b") as file:
                file.seek(journal.stat().st_size // 2)
                byte = file.read(1)[0]
                file.seek(-1, 1)
                file.write(bytes([byte ^ 1]))
        for ranks in (None, 3):
            self.intrude(ranks, flip, ".h5.journal")

    def test_store_or_journal_are_removed(self):
        def remove(store):
            while not store.exists():
                pass
            store.unlink()
        self.intrude(None, remove, ".h5: ")
        self.intrude(3, lambda store: Path(f"{store}.journal").unlink(), ".h5.journal: ")

    def test_another_sweep_takes_over_a_stopped_one(self):
        for ranks in (None, 3):
            name = f"s-{ranks}.h5"
            first = self.start_sweep(name, *GRID, ranks=ranks)
            self.wait_for_points(name, 8)
            master = first.rank_pids()[0]
            os.kill(master, signal.SIGSTOP)
            Path(self.path(name + ".lock")).unlink()
            self.sweep(name, *GRID)
            os.kill(master, signal.SIGCONT)
            result = first.wait(120)
            self.assert_code(result, OUTPUT_ERROR)
            self.assert_one_line(result, ".h5.lock")
            self.assert_complete(name, POINTS)


if __name__ == "__main__":
    unittest.main()
