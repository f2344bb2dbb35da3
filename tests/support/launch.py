"""Starting the program, alone or under mpirun, the way a person would, and finding its processes."""

import functools
import os
import signal
import subprocess
import time
from pathlib import Path


def program():
    """Path of the program under test: the one that CTest names, or that of the release build."""
    built = Path(__file__).resolve().parents[2] / "build" / "release" / "src" / "cli" / "attnpaths"
    path = os.environ.get("ATTNPATHS_BINARY") or str(built)
    if not os.access(path, os.X_OK):
        raise SystemExit(f"{path} is not there; build it (tests/run.sh does), or set ATTNPATHS_BINARY")
    return path


def mpi_environment(scratch):
    """Environment in which mpirun accepts any number of ranks, and leaves its files in the folder `scratch`."""
    return {
        **os.environ,
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMPI_MCA_mpi_yield_when_idle": "1",
        "OMPI_MCA_rmaps_base_oversubscribe": "1",
        "OMPI_MCA_hwloc_base_binding_policy": "none",
        "OMPI_MCA_orte_tmpdir_base": str(scratch),
        "OMPI_MCA_pml": "ob1",  # what it takes on one machine anyway; to find that out takes it half of its start
        "OMPI_MCA_btl_vader_backing_directory": str(scratch),
        "UCX_ERROR_SIGNALS": "",
    }


@functools.cache
def has_mpich():
    """Whether the program's MPI is MPICH, whose mpirun kills all ranks in the instant in which one dies, so that the master cannot say which it
    was, and whose exit code is all bits of those of the ranks, ended ones included. Open MPI's waits a second, and gives the code of one."""
    return "MPICH" in subprocess.run([program(), "--version"], capture_output=True, text=True, check=True).stdout


def command_line(arguments, ranks):
    """Words that start the program: alone if `ranks` is None, else under mpirun."""
    words = [program(), *map(str, arguments)]
    return words if ranks is None else ["mpirun", "-n", str(ranks), *words]


def run(arguments, scratch, ranks=None, timeout=120, variables=None, **options):
    """Runs the program to its end. Returns subprocess.CompletedProcess with text in stdout and stderr."""
    environment = {**mpi_environment(scratch), **(variables or {})}
    return subprocess.run(command_line(arguments, ranks), env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout, **options)


class Launch:
    """A run of the program that goes on in the background."""

    def __init__(self, arguments, scratch, ranks=None):
        self.output = open(Path(scratch) / f"output-{time.monotonic_ns()}", "w+")
        self.errors = open(Path(scratch) / f"errors-{time.monotonic_ns()}", "w+")
        self.scratch = scratch
        self.ranks = ranks
        self.process = subprocess.Popen(command_line(arguments, ranks), env=mpi_environment(scratch),
                                        stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.errors)

    def rank_pids(self):
        """pid of each rank that runs now, by rank; a program without mpirun is rank 0."""
        if self.ranks is None:
            return {0: self.process.pid} if self.process.poll() is None else {}
        pids = {}
        for child in descendants_of(self.process.pid):
            environment = environment_of(child)
            rank = environment.get("OMPI_COMM_WORLD_RANK", environment.get("PMI_RANK"))  # of Open MPI, of MPICH
            if rank is not None and runs_program(child):
                pids[int(rank)] = child
        return pids

    def wait_for_ranks(self, timeout=30):
        """Waits until all ranks run, and returns their pids by rank."""
        wait_until(lambda: len(self.rank_pids()) == (self.ranks or 1) or self.process.poll() is not None, timeout, "all ranks")
        return self.rank_pids()

    def send(self, number):
        self.process.send_signal(number)

    def wait(self, timeout=60):
        """Waits for the end. Returns subprocess.CompletedProcess."""
        code = self.process.wait(timeout)
        return subprocess.CompletedProcess(self.process.args, code, self.text(self.output), self.text(self.errors))

    def processes(self):
        """pids of all ranks launched from this test that run now, those of a killed mpirun included."""
        return processes_in(self.scratch)

    def wait_for_processes(self, timeout=30):
        """Waits until no process of the launch is left."""
        self.process.wait(timeout)
        wait_until(lambda: not self.processes(), timeout, "the end of all ranks")

    def end(self):
        """Ends all processes of the launch that are left."""
        if self.process.poll() is None:
            pids = self.rank_pids().values()
            self.process.kill()
            for pid in pids:
                if is_alive(pid):
                    os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.output.close()
        self.errors.close()

    @staticmethod
    def text(file):
        with open(file.name) as copy:
            return copy.read()


def children_of(pid):
    """pids of a process's children, those of all its threads: mpirun starts 32 ranks and more in several."""
    children = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += [int(word) for word in file.read_text().split()]
        except OSError:
            pass  # the thread has ended
    return children


def descendants_of(pid):
    """pids of a process's children, of theirs, and so on: MPICH's mpirun starts ranks by a proxy."""
    children = children_of(pid)
    return children + [further for child in children for further in descendants_of(child)]


def environment_of(pid):
    """Environment of a process; empty if it is gone."""
    try:
        entries = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return {}
    return dict(entry.decode(errors="replace").split("=", 1) for entry in entries if b"=" in entry)


def runs_program(pid):
    """Whether a process runs the program under test; False for processes of others, which do not say."""
    try:
        return os.readlink(f"/proc/{pid}/exe") == os.path.realpath(program())
    except OSError:
        return False


def processes_in(scratch):
    """pids of the ranks that were launched with this scratch folder, whoever their parent is now."""
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [pid for pid in pids
            if runs_program(pid) and environment_of(pid).get("OMPI_MCA_orte_tmpdir_base") == str(scratch) and is_alive(pid)]


def is_alive(pid):
    """Whether a process exists and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def wait_until(condition, timeout, what, period=0.02):
    """Waits until condition(), asked each `period` seconds, is true; raises TimeoutError naming `what`. `timeout` seconds are for a machine
    of one's own: three times as long is waited, for those that have many times more to do than cores."""
    end = time.monotonic() + 3 * timeout
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {3 * timeout} s for {what}")
        time.sleep(period)
