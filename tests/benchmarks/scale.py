"""How the hand-out of points scales with the number of ranks: rehearsal points, which compute nothing, against the ideal.

usage: scale.py [--ranks 2 3 5 9 17 33 64] [--point-seconds 0.001 0.01] [--seconds 5] [--folder DIR]

Three tables: points/s of R ranks against what R - 1 workers could do at best, with the CPU time of master and workers while points
flow; CPU time of master and workers while one point is computed and all other workers wait; messages and bytes of one point, as
Open MPI's own monitoring counts them, and what it adds to journal and store. CPU is in per cent of a core, as the kernel accounts it.
"""

import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support"))

import launch

TICKS = os.sysconf("SC_CLK_TCK")
MOST_POINTS_PER_SECOND = 4000  # expected at most: bounds the number of points of a run
WIDTHS = 200

Sample = collections.namedtuple("Sample", "time cpu journal")  # seconds since 1970, CPU seconds by rank, bytes


def cpu_seconds(pid):
    """User and system time of a process; None if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS


def size_of(path):
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


class Run:
    """One sweep of rehearsal points under mpirun, watched from outside."""

    def __init__(self, folder, ranks, point_seconds, points, options=()):
        self.store = str(Path(folder) / f"{ranks}-{point_seconds}-{points}.h5")
        self.points = points
        seeds = " ".join(str(seed) for seed in range(-(-points // WIDTHS)))
        widths = " ".join(str(width) for width in range(1, min(points, WIDTHS) + 1))
        arguments = ["sweep", "--task.name", "rehearsal", "--task.seconds", point_seconds, "--grid.width", widths,
                     "--grid.seed", seeds, "--store", self.store, "--progress", "none"]
        self.samples = []
        begin = time.monotonic()
        command = ["mpirun", "--oversubscribe", "-n", str(ranks), *options, launch.program(), *map(str, arguments)]
        environment = launch.mpi_environment(folder)
        with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            try:
                self.watch(process, ranks)
            except BaseException:
                process.kill()
                raise
            output = process.stdout.read()
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(command)}\nended with {process.returncode}:\n{output}")
        self.wall = time.monotonic() - begin

    def watch(self, process, ranks):
        pids = {}
        while process.poll() is None:
            if len(pids) < ranks:
                pids = self.pids_of(process.pid)
            else:
                self.samples.append(Sample(time.time(), {rank: cpu_seconds(pid) for rank, pid in pids.items()},
                                           size_of(self.store + ".journal")))
            time.sleep(0.1)

    @staticmethod
    def pids_of(mpirun):
        pids = {}
        for child in launch.children_of(mpirun):
            rank = launch.environment_of(child).get("OMPI_COMM_WORLD_RANK")
            if rank is not None and launch.runs_program(child):
                pids[int(rank)] = child
        return pids

    def finish_times(self):
        shown = subprocess.run([launch.program(), "show", self.store, "--json", "--columns", "point/status,point/finished"],
                               stdout=subprocess.PIPE, text=True, check=True)
        points = json.loads(shown.stdout)
        if len(points) != self.points or any(point["point/status"] != "done" for point in points):
            raise SystemExit(f"{self.store}: not all of {self.points} points are done")
        return sorted(point["point/finished"] for point in points)

    def cpu_percent(self, begin, end):
        """Per cent of a core by rank between two times; {} if the time is too short to tell."""
        inside = [sample for sample in self.samples if begin <= sample.time <= end and None not in sample.cpu.values()]
        if len(inside) < 3:
            return {}
        first, last = inside[0], inside[-1]
        return {rank: 100 * (last.cpu[rank] - first.cpu[rank]) / (last.time - first.time) for rank in first.cpu}

    def journal_growth(self):
        """Bytes added to the journal; a compaction makes it small again."""
        sizes = [sample.journal for sample in self.samples]
        return sum(max(0, after - before) for before, after in zip(sizes, sizes[1:])) + (sizes[0] if sizes else 0)


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else float("nan")


def sleep_seconds(seconds):
    """What a sleep really takes: on a busy machine nobody wakes up in time, which is not the sweep's doing."""
    begin = time.perf_counter()
    for _ in range(100):
        time.sleep(seconds)
    return (time.perf_counter() - begin) / 100


def print_throughput(folder, options):
    for point_seconds in options.point_seconds:
        print(f"\npoints of {1000 * point_seconds:g} ms, {os.cpu_count()} cores; a sleep of that time now takes "
              f"{1000 * sleep_seconds(point_seconds):.2f} ms")
        print("ranks  points  points/s  ideal/s  efficiency  master CPU %  worker CPU %  worst  journal B/point  store B/point")
        for ranks in options.ranks:
            ideal = (ranks - 1) / point_seconds
            points = max(WIDTHS, int(options.seconds * min(ideal, MOST_POINTS_PER_SECOND)) // WIDTHS * WIDTHS)
            run = Run(folder, ranks, point_seconds, points)
            times = run.finish_times()
            rate = (len(times) - 1) / (times[-1] - times[0])
            cpu = run.cpu_percent(times[0], times[-1])
            workers = [cpu[rank] for rank in cpu if rank > 0]
            print(f"{ranks:5d}  {points:6d}  {rate:8.0f}  {ideal:7.0f}  {rate / ideal:10.3f}  {cpu.get(0, float('nan')):12.1f}  "
                  f"{mean(workers):12.1f}  {max(workers, default=float('nan')):5.1f}  {run.journal_growth() / points:15.0f}  "
                  f"{size_of(run.store) / points:13.0f}", flush=True)


def print_waiting(folder, options):
    print(f"\none point of {options.seconds:g} s: all other workers wait")
    print("ranks  master CPU %  worker CPU %  worst")
    for ranks in options.ranks:
        run = Run(folder, ranks, options.seconds, 1)
        (end,) = run.finish_times()
        # What MPI_Init and the first messages cost is left out.
        cpu = run.cpu_percent(end - 0.8 * options.seconds, end)
        workers = [cpu[rank] for rank in cpu if rank > 0]
        print(f"{ranks:5d}  {cpu.get(0, float('nan')):12.1f}  {mean(workers):12.1f}  {max(workers, default=float('nan')):5.1f}",
              flush=True)


def print_messages(folder):
    points = 2000
    prefix = str(Path(folder) / "messages")
    monitoring = {"pml_monitoring_enable": 2, "pml_monitoring_enable_output": 3, "pml_monitoring_filename": prefix}
    Run(folder, 3, 0.001, points, [word for name, value in monitoring.items() for word in ("--mca", name, str(value))])
    counts = collections.Counter()
    for file in Path(folder).glob("messages*.prof"):
        for line in file.read_text().splitlines():
            # E: messages of the program itself; I: those inside collective calls.
            sent = re.match(r"E\s+(\d+)\s+(\d+)\s+(\d+) bytes\s+(\d+) msgs", line)
            if sent:
                way = "master to workers" if sent[1] == "0" else "workers to master"
                counts[way, "bytes"] += int(sent[3])
                counts[way, "messages"] += int(sent[4])
    print(f"\nmessages of {points} points on 2 workers")
    if not counts:
        print("not counted: this Open MPI has no pml monitoring")
    for way in ("master to workers", "workers to master"):
        if counts:
            print(f"{way}: {counts[way, 'messages'] / points:.2f} messages and {counts[way, 'bytes'] / points:.0f} bytes per point")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ranks", type=int, nargs="+", default=[2, 3, 5, 9, 17, 33, 64], help="numbers of ranks [%(default)s]")
    parser.add_argument("--point-seconds", type=float, nargs="+", default=[0.001, 0.01], help="times of a point [%(default)s]")
    parser.add_argument("--seconds", type=float, default=5, help="time of a run, about [%(default)s]")
    parser.add_argument("--folder", help="where the stores lie while they are measured [a temporary folder]")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="attnpaths-scale-", dir=options.folder)
    try:
        print_throughput(folder, options)
        print_waiting(folder, options)
        print_messages(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
