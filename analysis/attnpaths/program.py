"""The program attnpaths: where it is, how it is started, and how its run is followed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .errors import AnalysisError, InputError, OutputError, StoreError, UsageError

BUILD_TREE = "build/release/src/cli/attnpaths"  # beside the folder analysis of a checkout
STOPPED = 75  # exit code: stopped in good order with work left
ERRORS = {64: UsageError, 65: StoreError, 66: InputError, 73: OutputError, 74: OutputError}
LAUNCHERS = {"Open MPI": "mpirun.openmpi", "MPICH": "mpirun.mpich"}  # by a word of --version
SAID = re.compile(r"attnpaths(?: [a-z-]+)?: (?!note: )(.+)")


class ProgramError(AnalysisError):
    """A run of the program failed for another reason than what it was asked; the message is the program's line."""


class SweepStopped(AnalysisError):
    """A sweep ended before all points were done (time limit, signal of another); the same call goes on."""

    exit_code = STOPPED


def find_program() -> str:
    """Path of the program: $ATTNPATHS_BINARY, or the one installed with this package (PREFIX/bin beside PREFIX/lib/python3/dist-packages),
    or the one on the PATH, or the build tree's of this checkout.

    Raises InputError if there is none.
    """
    named = os.environ.get("ATTNPATHS_BINARY")
    here = Path(__file__).resolve()
    built = here.parents[2] / BUILD_TREE
    beside = [str(prefix / "bin/attnpaths") for prefix in here.parents[4:5] if here.parents[1].name.endswith("-packages")]
    places: list[str | None] = [named] if named else [*beside, shutil.which("attnpaths"), str(built)]
    for path in places:
        if path and os.access(path, os.X_OK):
            return path
    if named:
        raise InputError(f"ATTNPATHS_BINARY = {named}: no such program")
    raise InputError(f"the program attnpaths is neither on the PATH nor built ({built}); install it, or set ATTNPATHS_BINARY")


def usable_cores() -> int:
    return len(os.sched_getaffinity(0))


def find_launcher(program: str) -> str | None:
    """Path of the mpirun of the MPI that the program is linked with, where Debian's alternatives have one by its name: where Open MPI and
    MPICH are both installed, plain mpirun is that of one of them. Else plain mpirun; None if there is none.
    """
    said = subprocess.run([program, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
                          env=launch_environment()).stdout
    own = next((shutil.which(name) for words, name in LAUNCHERS.items() if words in said), None)
    plain = shutil.which("mpirun")
    return plain if own is None or (plain and os.path.samefile(own, plain)) else own


def launch_words(ranks: int, program: str) -> list[str]:
    """The words that start the program on so many ranks, its name included; one runs alone."""
    if ranks == 1:
        return [program]
    launcher = find_launcher(program)
    if launcher is None:
        raise InputError("mpirun is not on the PATH; install Open MPI, or ask for ranks=1")
    return [launcher, "-n", str(ranks), program]


def launch_environment() -> dict[str, str]:
    """Environment in which mpirun works in containers as root and with more ranks than cores, ranks need no threads, and fatal
    signals are the program's to report (not UCX's, which MPICH uses)."""
    settings = {"OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1", "UCX_ERROR_SIGNALS": "",
                "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    if os.geteuid() == 0:
        settings |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return {**settings, **os.environ}


@contextlib.contextmanager
def _passing_on(process: subprocess.Popen[str]) -> Iterator[None]:
    """Within it, SIGTERM goes to the child first; when that has ended, it does to us what it would have done."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is told of signals
        return
    terminated = []

    def pass_on(number: int, _: Any) -> None:
        terminated.append(number)
        process.send_signal(number)
    before = signal.signal(signal.SIGTERM, pass_on)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        if terminated:
            process.wait()
            os.kill(os.getpid(), signal.SIGTERM)


def run(words: Sequence[str], on_line: Callable[[str], None]) -> int:
    """Run a command to its end, and call on_line(text) for each line that it writes. Returns its exit code.

    KeyboardInterrupt is passed on as SIGINT, once, and goes on when the child has ended in good order. The child is in a
    process group of its own, so that a terminal's Ctrl-C does not reach it a second time.
    """
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace", env=launch_environment(), start_new_session=True)
    interrupted = False
    assert process.stdout is not None  # a pipe
    with _passing_on(process), process.stdout as output:
        while True:
            try:
                for line in output:
                    if not interrupted:
                        on_line(line.rstrip("\n"))
                process.wait()
                break
            except KeyboardInterrupt:
                if not interrupted:
                    process.send_signal(signal.SIGINT)
                interrupted = True
    if interrupted:
        raise KeyboardInterrupt
    return process.returncode


def failure(code: int, lines: Sequence[str]) -> AnalysisError:
    """The exception that an exit code stands for, with what the program said last."""
    said = [match[1] for match in map(SAID.fullmatch, lines) if match]
    if code < 0:
        return ProgramError(f"the program was ended by {signal.Signals(-code).name}")
    kind = ERRORS.get(code, ProgramError)
    return kind(said[-1] if said else f"the program ended with exit code {code}: {' / '.join(lines[-3:])}")


def plain_line(text: str) -> None:
    """What is shown of a run where there is no tqdm: its own lines, on standard error."""
    print(text, file=sys.stderr, flush=True)
