"""What the tests share that kill a sweep at random instants, again and again, and look whether anything is ever lost."""

import argparse
import collections
import os
import random
import sys
import unittest

from sweep_case import MEDIUM_TASK

# Points of some tens of milliseconds.
KILLED_GRID = [*MEDIUM_TASK, "--no-samples", "--grid.width", "10..24",
               "--grid.temperature", "0.1 0.3 1 3", "--grid.seed", "1 2", "--theory.tolerance", "1e-8"]
KILLED_POINTS = 120


class Kills:
    """Beside a SweepCase: random instants and victims, the kills that were made, and what a store must not lose.

    `targets` names what is killed in turn; `committed(store)` says what a store holds, by key.
    """

    kills = 8
    seed = 1
    targets = ()

    def setUp(self):
        super().setUp()
        self.random = random.Random(self.seed)
        self.made = collections.Counter()
        self.hit_in_work = 0

    def kills_are_left(self):
        return sum(self.made.values()) < self.kills

    def next_target(self):
        return self.targets[sum(self.made.values()) % len(self.targets)]

    def has_store(self, store):
        return any(os.path.exists(self.path(name)) for name in (store, store + ".journal"))

    def assert_kept(self, store, seen):
        """Everything that was seen in a store is there, unchanged. Returns what it holds now."""
        now = self.committed(store)
        lost = [key for key, answer in seen.items() if now.get(key) != answer]
        self.assertEqual(lost, [], f"{len(lost)} answers lost or changed")
        return now

    def made_text(self):
        return f"{sum(self.made.values())} kills ({', '.join(f'{self.made[target]} {target}' for target in self.targets)})"


def main(case, description):
    """Runs the tests of a file with as many kills as its command line asks for."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("--kills", type=int, default=case.kills, help="kills to make [%(default)s]")
    parser.add_argument("--seed", type=int, default=case.seed, help="seed of instants and victims [%(default)s]")
    options = parser.parse_args()
    case.kills, case.seed = options.kills, options.seed
    unittest.main(argv=sys.argv[:1])
