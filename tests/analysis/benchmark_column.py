"""How long one column of a large store takes, against plain h5py: /usr/bin/python3 benchmark_column.py [POINTS]."""

import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "analysis"))

from attnpaths import open_store  # noqa: E402


def write_large_store(path, points):
    """A store of 100 real columns, keys and order parameters of 4 paths."""
    with h5py.File(path, "w", userblock_size=512) as file:
        file.attrs.update({"format": "attnpaths-store", "version": 2, "points": points, "planned": points})
        for number in range(100):
            file.create_dataset(f"theory/quantity{number}", data=np.arange(points) / (number + 1), chunks=(4096,))
        file["point/key"] = np.char.mod("%016x", np.arange(points)).astype("S")
        file["theory/order_parameter/values"] = np.tile(np.eye(4).ravel(), points)
        file["theory/order_parameter/offsets"] = np.arange(points, dtype="u8") * 16
        file["theory/order_parameter/shape"] = np.full((points, 2), 4, dtype="u8")


def seconds(action, repetitions=5):
    """Shortest wall time of the action."""
    times = []
    for _ in range(repetitions):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def plain(path):
    with h5py.File(path, "r") as file:
        return file["theory/quantity7"][:]


if __name__ == "__main__":
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/large.h5"
        write_large_store(path, points)
        raw = seconds(lambda: plain(path))
        megabytes = Path(path).stat().st_size / 1e6
        print(f"{points} points, {megabytes:.0f} MB; open and read, best of 5, warm cache, ms (ratio to h5py)")
        for name, action in {
            "plain h5py, one real column": lambda: plain(path),
            "column, real": lambda: open_store(path).column("theory/quantity7"),
            "column, text": lambda: open_store(path).column("point/key"),
            "array at one point": lambda: open_store(path).array("theory/order_parameter", points // 2),
            "all arrays": lambda: open_store(path).arrays("theory/order_parameter"),
            "whole frame": lambda: open_store(path).frame,
        }.items():
            took = seconds(action)
            print(f"  {name:28s} {1e3 * took:9.1f}  ({took / raw:.1f})")
