"""Every call on the files of a store may fail: a sweep ends done, or says so, and the same command goes on.

    store_faults_test.py --library failing_files.so           a sample of the calls, about a minute
    store_faults_test.py --library failing_files.so --all     every call, every kind of fault

The sweep extends a store that has points, so that every step of opening, journal, compaction and closing is met. After each
run: exit code 0 means that all points are there; any other is one of those for output and comes with one line. Then the same
command without faults must come to the results of an undisturbed sweep, bit by bit.
"""

import argparse
import collections
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import launch
from sweep_case import CANNOT_CREATE, NO_INPUT, OUTPUT_ERROR, own_lines

KINDS = ("EIO", "ENOSPC", "EINTR", "short", "EIO+", "ENOSPC+")
NAME = "faulty.h5"
GRID = ["--task.name", "rehearsal", "--task.seconds", "0.0001", "--progress", "none"]
FIRST = [*GRID, "--grid.width", "10 20"]
ALL = [*GRID, "--grid.width", "10 20 30 40 50"]
POINTS = 5


class Wrong(Exception):
    pass


class Trial:
    """Runs in a folder of their own, which begin with the same store."""

    def __init__(self, folder, library, ranks):
        self.folder = Path(folder)
        self.library = library
        self.ranks = ranks
        self.scratch = self.folder / "scratch"
        self.scratch.mkdir()
        self.work = self.folder / "work"
        self.start = self.folder / "start"
        self.start.mkdir()
        self.run("sweep", "--store", self.start / NAME, *FIRST)
        self.whole = self.folder / "whole.h5"
        self.run("sweep", "--store", self.whole, *ALL)
        self.store = self.work / NAME

    def run(self, *arguments, code=0, **options):
        result = launch.run(arguments, self.scratch, **options)
        if result.returncode != code:
            raise Wrong(f"{arguments[0]}: exit code {result.returncode}: {result.stdout}{result.stderr}")
        return result

    def begin(self):
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.start, self.work)

    def faulty_sweep(self, call, kind):
        """A sweep with a fault. Returns its result and the names of the calls, with those that failed marked."""
        self.begin()
        log = self.folder / "calls.txt"
        log.unlink(missing_ok=True)
        variables = {"LD_PRELOAD": str(self.library), "FAULT_NAME": NAME, "FAULT_CALL": str(call), "FAULT_KIND": kind,
                     "FAULT_LOG": str(log)}
        result = launch.run(["sweep", "--store", self.store, *ALL], self.scratch, self.ranks, variables=variables)
        return result, log.read_text().splitlines() if log.exists() else []

    def check(self, result):
        """What is wrong is raised. Returns whether the sweep says that it is done."""
        done = result.returncode == 0
        # A folder of submissions that cannot be read is a note: the sweep goes on.
        lines = [line for line in own_lines(result.stderr) if ": note: " not in line and not line.startswith("no submissions are taken: ")]
        if done:
            if lines:
                raise Wrong(f"success, but it says: {lines}")
            self.run("verify", self.store, self.whole)
        elif result.returncode not in (OUTPUT_ERROR, CANNOT_CREATE, NO_INPUT):
            raise Wrong(f"exit code {result.returncode}")
        elif len(lines) != 1:
            raise Wrong(f"{len(lines)} lines")
        self.run("sweep", "--store", self.store, *ALL)
        self.run("verify", self.store, self.whole)
        left = sorted(path.name for path in self.work.iterdir())
        # A temporary that could not be removed goes with the next sweep.
        if left != [NAME, NAME + ".journal"]:
            raise Wrong(f"the folder has {left}")
        return done


def calls_to_try(calls, everything):
    """Numbers of calls: all of them in order; for a sample in turns one of each function, in halves of halves of a run."""
    if everything:
        return list(range(1, len(calls) + 1))
    by_function = collections.defaultdict(list)
    for number, function in enumerate(calls, 1):
        by_function[function].append(number)
    turns = []
    for numbers in by_function.values():
        # In the order of the reversed bits of their places: any beginning of it is spread evenly.
        bits = max(1, (len(numbers) - 1).bit_length())
        places = sorted(range(len(numbers)), key=lambda place: int(f"{place:0{bits}b}"[::-1], 2))
        turns += [(turn, numbers[place]) for turn, place in enumerate(places)]
    return [number for _, number in sorted(turns)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", required=True)
    parser.add_argument("--all", action="store_true", help="every call, for minutes")
    parser.add_argument("--ranks", type=int, help="under mpirun (default: alone)")
    parser.add_argument("--seconds", type=float, default=60, help="of the sample (default: 60)")
    options = parser.parse_args()
    counts = collections.Counter()
    by_call = collections.defaultdict(collections.Counter)
    wrong = []
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="attnpaths-test-", dir=parent)
    try:
        trial = Trial(folder, options.library, options.ranks)
        result, calls = trial.faulty_sweep(0, "EIO")
        if result.returncode != 0 or not calls:
            raise SystemExit(f"without faults: exit code {result.returncode}, {len(calls)} calls\n{result.stderr}")
        trial.check(result)
        end = time.monotonic() + (float("inf") if options.all else options.seconds)
        for call in calls_to_try(calls, options.all):
            for kind in KINDS:
                if time.monotonic() > end:
                    break
                result, seen = trial.faulty_sweep(call, kind)
                failed = [line for line in seen if line.endswith(" FAULT")]
                if not failed:
                    continue
                counts["runs"] += 1
                counts["faults"] += len(failed)
                try:
                    outcome = "done" if trial.check(result) else "stopped"
                except Wrong as error:
                    outcome = "wrong"
                    wrong.append(f"call {call} ({failed[0]}) {kind}: {error}\n{result.stdout}{result.stderr}")
                counts[outcome] += 1
                by_call[failed[0].split()[0]][outcome] += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for line in wrong[:20]:
        print(line)
    print(f"{len(calls)} calls of an undisturbed sweep; {counts['runs']} runs with {counts['faults']} faults: {counts['done']} done, "
          f"{counts['stopped']} stopped, {counts['wrong']} wrong")
    for name, outcomes in sorted(by_call.items()):
        print(f"  {name:16} " + ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items())))
    return 1 if wrong or counts["runs"] == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
