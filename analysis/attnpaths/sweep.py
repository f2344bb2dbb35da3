"""A sweep from Python: the program under mpirun in a child process, and its store."""

from __future__ import annotations

import os
import re
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from .data import Dataset
from .errors import UsageError
from .program import STOPPED, ProgramError, SweepStopped, failure, find_program, launch_words, run, usable_cores
from .progress import Progress
from .store import open_store

if TYPE_CHECKING:
    from .store import Store
    from .typing import StrPath

GRID = ("width", "examples", "heads", "depth", "variance_readout", "temperature", "seed")
FAILED = re.compile(r"\d+ of \d+ points? done, \d+ failed")


def value_text(value: Any) -> str:
    """A setting as the configuration writes it: lists with blanks between their elements, (20, 50, 30) in one as 20:50:30."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, float, np.number)):
        return repr(value.item() if isinstance(value, np.number) else value)
    return " ".join(":".join(map(value_text, element)) if isinstance(element, (tuple, list)) else value_text(element)
                    for element in value)


def _data_file(data: Dataset | StrPath, store: StrPath | None) -> str:
    """File of a data set that a store's points can be made of, saved if it is not yet."""
    if not isinstance(data, Dataset):
        path = os.fspath(data)
    elif data.path is not None:
        path = data.path
    else:
        path = os.path.join(os.path.dirname(store or ""), f"attnpaths-{data.digest()}.h5")
        data.save(path)
    return path


def sweep(data: Dataset | StrPath | None = None, store: StrPath | None = None, *, ranks: int | None = None,
          settings: dict[str, Any] | None = None, progress: bool = True, **grid: Any) -> Store:
    """Compute a grid of points, and open their store. What the store has already is not computed again.

    data: a Dataset, or the path of a data set file; None for the task that settings name (settings={"task.name": ...}; by
    default hidden-markov), which needs a store; store: path of the store, by default that of the data set with
    "-sweep" before its suffix (a Dataset that was not saved is saved as attnpaths-DIGEST.h5, beside the store).
    grid: width, examples, heads, depth, temperature, variance_readout, seed, each a number, a list or the configuration's own
    text (temperature="0.01..1..log5"); settings: any other key of the configuration, {"analyses.run": "default learning-curve"}.
    ranks: processes under mpirun, one of which hands out work (default: one more than there are cores; 1 needs no mpirun).
    progress: whether to show it. Ctrl-C and SIGTERM stop the sweep in good order; the same call goes on.
    Raises UsageError, StoreError, InputError, OutputError or ProgramError with the program's own line, SweepStopped if it
    was stopped by a time limit. Points that fail beside others that do not are warned about.
    """
    unknown = set(grid) - set(GRID)
    if unknown:
        raise UsageError(f"sweep has no argument {', '.join(sorted(unknown))}; the grid's are {', '.join(GRID)}, and other keys of the "
                         'configuration go into settings={"SECTION.KEY": value}')
    keys = {}
    if data is not None:
        file = _data_file(data, store)
        keys = {"task.name": "dataset", "task.file": file}
        base, suffix = os.path.splitext(file)
        store = store or f"{base}-sweep{suffix}"
    if store is None:
        raise UsageError('sweep: give the file of the store, store="results.h5"')
    store = os.fspath(store)
    keys |= {f"grid.{name}": value for name, value in grid.items()} | (settings or {})
    words = [*launch_words(usable_cores() + 1 if ranks is None else ranks, find_program()), "sweep", "--progress", "lines"]
    for key, value in keys.items():
        words += [f"--{key}", value_text(value)]
    with Progress(progress) as shown:
        code = run([*words, "--store", store], shown)
    if code == STOPPED:
        raise SweepStopped(f"{store}: {shown.lines[-1]}")
    failed = next(filter(None, map(FAILED.search, shown.lines)), None)
    if code != 0 and failed is None:
        raise failure(code, shown.lines)
    opened = open_store(store)
    if failed is not None:
        _tell_failures(opened, failed[0])
    return opened


def _tell_failures(store: Store, line: str) -> None:
    """Points that failed are the smaller part of a sweep, and warned about, or all of it, and an error."""
    points = store.read_frame(["point/status", "point/message"])
    reason = points["point/message"][points["point/status"] == "failed"].iloc[-1]
    if not (points["point/status"] == "done").any():
        raise ProgramError(f"{store.path}: {line}: {reason}")
    warnings.warn(f"{store.path}: {line}: {reason}", stacklevel=3)
