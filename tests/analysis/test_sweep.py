"""Sweeps from Python: what is passed on, what is shown, how they stop and fail; on a stand-in and on the program itself."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import types
from pathlib import Path

import attnpaths
import numpy as np
import pytest
from attnpaths import Dataset, InputError, ProgramError, StoreError, SweepStopped, UsageError, sweep
from attnpaths.program import find_launcher, find_program, launch_words
from attnpaths.sweep import value_text
from synthetic_store import failed_point, point
from test_dataset import P, arrays, dataset

PROGRAM = os.environ.get("ATTNPATHS_BINARY")
needs_program = pytest.mark.skipif(not PROGRAM, reason="ATTNPATHS_BINARY does not name the program; ctest does")
ANALYSIS = Path(__file__).resolve().parents[2] / "analysis"


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Function that puts a program of these lines of Python in the place of attnpaths."""
    def put(code):
        path = tmp_path / "stand-in"
        path.write_text(f"#!{sys.executable}\nimport signal, sys, time\n{textwrap.dedent(code)}")
        path.chmod(0o755)
        monkeypatch.setenv("ATTNPATHS_BINARY", str(path))

    return put


@pytest.mark.parametrize("value, text", [
    (10, "10"), (0.1, "0.1"), ("0.01..1..log5", "0.01..1..log5"), ([10, 30], "10 30"), (np.array([0.1, 1.0]), "0.1 1.0"),
    ([(20, 50, 30), 100], "20:50:30 100"), (np.int64(3), "3"), (True, "true"), (range(1, 4), "1 2 3"), (["2:1", 4], "2:1 4")])
def test_values_as_the_configuration_writes_them(value, text):
    assert value_text(value) == text


def test_settings_reach_the_program(stand_in, make_store, tmp_path, capfd):
    store = make_store([point(10)])
    stand_in("print(*sys.argv[1:], sep='|')")
    opened = sweep("d.h5", store, ranks=1, width=[10, 30], settings={"analyses.run": "default learning-curve"})
    assert opened.points == 1
    assert capfd.readouterr().err.strip() == ("sweep|--progress|lines|--task.name|dataset|--task.file|d.h5|--grid.width|10 30|"
                                              f"--analyses.run|default learning-curve|--store|{store}")


def test_a_bar_where_tqdm_is_there(stand_in, make_store, monkeypatch, capfd):
    seen = []

    class Bar:
        def __init__(self, total, unit):
            self.total, self.n = total, 0

        def update(self, more):
            self.n += more
            seen.append((self.n, self.total))

        def set_postfix_str(self, text):
            seen.append(text)

        def close(self):
            seen.append("closed")

    monkeypatch.setitem(sys.modules, "tqdm", types.ModuleType("tqdm"))
    monkeypatch.setitem(sys.modules, "tqdm.auto", types.SimpleNamespace(tqdm=Bar))
    stand_in("print('hello'); print('2/14 points, 10 s per point, 2 min left'); print('14/14 points')")
    sweep("d.h5", make_store([point(10)]), ranks=1, width=10)
    assert seen == [(2, 14), "10 s per point, 2 min left", (14, 14), "closed"] and capfd.readouterr().err == "hello\n"


@pytest.mark.parametrize("code, kind", [(64, UsageError), (65, StoreError), (66, InputError), (70, ProgramError)])
def test_errors_are_exceptions_with_the_line(stand_in, code, kind):
    stand_in(f"print('attnpaths sweep: note: x', file=sys.stderr); print('attnpaths sweep: grid.width: \"ten\" is not a whole number', "
             f"file=sys.stderr); print('mpirun: noise', file=sys.stderr); sys.exit({code})")
    with pytest.raises(kind, match="^grid.width: \"ten\" is not a whole number$"):
        sweep("d.h5", "s.h5", ranks=1, width="ten", progress=False)


def test_other_ends(stand_in, make_store):
    stand_in("print('stopped by the time limit with 3 points left; the same command goes on'); sys.exit(75)")
    with pytest.raises(SweepStopped, match="s.h5: stopped by the time limit with 3 points left"):
        sweep("d.h5", "s.h5", ranks=1, progress=False)
    stand_in("import os; os.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(ProgramError, match="was ended by SIGKILL"):
        sweep("d.h5", "s.h5", ranks=1, progress=False)
    with pytest.raises(UsageError, match="no argument widht; the grid's are width, examples"):
        sweep("d.h5", "s.h5", widht=3)
    stand_in("print('s.h5: 1 of 2 points done, 1 failed (attnpaths show s.h5 tells why) in 1 s'); sys.exit(70)")
    with pytest.warns(UserWarning, match="1 of 2 points done, 1 failed: the Hessian is not positive"):
        assert sweep("d.h5", make_store([point(10), failed_point(30, "the Hessian is not positive")]), ranks=1).points == 2
    stand_in("print('s.h5: 0 of 1 points done, 1 failed in 1 s'); sys.exit(70)")
    with pytest.raises(ProgramError, match="0 of 1 points done, 1 failed: the Hessian is not positive"):
        sweep("d.h5", make_store([failed_point(30, "the Hessian is not positive")], "f.h5"), ranks=1)


def test_a_program_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setenv("ATTNPATHS_BINARY", "nowhere/attnpaths")
    with pytest.raises(InputError, match="ATTNPATHS_BINARY = nowhere/attnpaths: no such program"):
        sweep("d.h5", "s.h5", ranks=1)
    monkeypatch.setenv("ATTNPATHS_BINARY", "/bin/true")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="mpirun is not on the PATH; install Open MPI, or ask for ranks=1"):
        sweep("d.h5", "s.h5", ranks=3)


def launcher(folder, name, target=None):
    path = folder / name
    if target:
        path.symlink_to(folder / target)
    else:
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    return str(path)


def test_the_mpirun_of_the_programs_own_mpi(stand_in, tmp_path, monkeypatch):
    """Debian's alternatives: mpirun is a link to one of mpirun.openmpi and mpirun.mpich."""
    monkeypatch.setenv("PATH", str(tmp_path))
    stand_in("print('attnpaths 0.1.0\\nMPI: MPICH 4.0.2')")
    plain = launcher(tmp_path, "mpirun")
    assert launch_words(3, find_program()) == [plain, "-n", "3", find_program()]
    os.unlink(plain)
    of_open_mpi, of_mpich = (launcher(tmp_path, f"mpirun.{name}") for name in ("openmpi", "mpich"))
    launcher(tmp_path, "mpirun", "mpirun.openmpi")
    assert find_launcher(find_program()) == of_mpich
    stand_in("print('attnpaths 0.1.0\\nMPI: Open MPI v4.1.4')")
    assert find_launcher(find_program()) == plain
    os.unlink(plain)
    assert find_launcher(find_program()) == of_open_mpi
    assert launch_words(1, find_program()) == [find_program()]


def start(code, folder):
    """A Python process that runs `code` with the package, like a notebook's, without tqdm: the program's own lines are read."""
    code = "import sys; sys.modules['tqdm'] = None\n" + textwrap.dedent(code)
    return subprocess.Popen([sys.executable, "-c", code], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, env={**os.environ, "PYTHONPATH": f"{ANALYSIS}:{Path(__file__).parent}"})


@pytest.mark.parametrize("number, arrived, code", [(signal.SIGINT, "SIGINT", 0), (signal.SIGTERM, "SIGTERM", -signal.SIGTERM)])
def test_signals_are_passed_on_and_the_end_is_waited_for(stand_in, tmp_path, number, arrived, code):
    stand_in("""
        def stop(number, frame):
            time.sleep(0.5)
            open('ended', 'w').write(signal.Signals(number).name)
            sys.exit(75)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        print('0/2 points', flush=True)
        time.sleep(60)""")
    process = start("""
        import attnpaths
        try:
            attnpaths.sweep('d.h5', 's.h5', ranks=1)
        except KeyboardInterrupt:
            print('interrupted', flush=True)""", tmp_path)
    assert process.stdout.readline() == "0/2 points\n"
    process.send_signal(number)
    output = process.communicate(timeout=30)[0]
    assert (tmp_path / "ended").read_text() == arrived and process.returncode == code
    assert ("interrupted" in output) == (number == signal.SIGINT)


@needs_program
def test_three_lines(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = dataset(head_names=[["a", "b"], ["c", "d"]])
    store = sweep(data, width=[10, 30], temperature="0.01..1..log3", ranks=2, progress=False)
    table = store.head_scores(width=10, temperature=0.1)
    assert list(table["name"]) == ["a", "b", "c", "d"] and table["score"].max() == 1 and sorted(table["rank"]) == [1, 2, 3, 4]
    assert os.path.basename(store.path) == f"attnpaths-{data.digest()}-sweep.h5" and store.points == 6
    again = sweep(data, width=[10, 30], temperature=[0.01, 0.1, 1], ranks=1, progress=False)
    assert again.points == 6 and again.path == store.path  # nothing is computed twice
    for ranks in (1, 2):
        with pytest.raises(UsageError, match='"ten" is not a whole number'):
            sweep(data, width="ten", ranks=ranks, progress=False)
        with pytest.raises(StoreError, match="query 0 .*sums to"):
            x, y, maps = arrays(P)
            maps[0][0, 0, 0] *= 0.99  # nearer to 1 than bfloat16 would leave it: the program's own check is finer
            broken = Dataset.from_attention(x, y, maps, test=arrays(P), readout="first")
            sweep(broken, "b.h5", width=10, ranks=ranks, progress=False)


@needs_program
def test_tasks_without_a_file(tmp_path):
    store = sweep(store=tmp_path / "s.h5", width=10, examples=20, temperature=0.1, ranks=1, progress=False,
                  settings={"task.feature_width": 10, "task.test_examples": 20})
    assert list(store.column("point/task")) == ["hidden-markov"]
    with pytest.raises(UsageError, match="give the file of the store"):
        sweep(width=10)


@needs_program
@pytest.mark.parametrize("ranks", [1, 3])
def test_an_interrupted_sweep_goes_on(tmp_path, ranks):
    process = start(f"""
        import attnpaths, test_dataset
        data = test_dataset.dataset()
        try:
            attnpaths.sweep(data, 's.h5', width=[10], seed=list(range(1, 200)), ranks={ranks},
                            settings={{"analyses.run": "default order-parameter-samples"}})
        except KeyboardInterrupt:
            print('interrupted', flush=True)""", tmp_path)
    deadline = time.monotonic() + 60
    while not (tmp_path / "s.h5.lock").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 0 and output.endswith("interrupted\n"), output
    assert not (tmp_path / "s.h5.lock").exists()  # closed in good order
    data = os.path.join(tmp_path, f"attnpaths-{dataset().digest()}.h5")
    before = attnpaths.open_store(tmp_path / "s.h5").points if (tmp_path / "s.h5").exists() else 0
    store = sweep(data, tmp_path / "s.h5", width=10, seed=[1, 2], ranks=1, progress=False)
    assert store.points >= max(2, before)
