"""What README and guide tell a reader to do, done page by page: commands, Python and what they print."""

import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "analysis/guide"
sys.path.insert(0, str(GUIDE))

from page_commands import blocks_of, commands_of, file_of, printed_by  # noqa: E402

PAGES = [ROOT / "README.md", *sorted(GUIDE.rglob("*.md"))]

# What makes the sweep of a job small.
SMALL = {
    "markov-width": "--grid.width=\"10 100\" --task.feature_width=20 --task.test_examples=50 --no-samples",
    "induction": "--grid.width 10 --task.length=16 --task.alphabet=4 --task.test_examples=20 --grid.examples=20"
                 " --no-samples",
    "chain": "--grid.width=10 --task.test_examples=20 --grid.examples=20",
    "graph": "--grid.width=10 --task.nodes=100 --task.labelled_nodes=20 --grid.examples=20 --grid.seed=1 --no-samples",
    "alignment": "--grid.width=10 --task.nodes=100 --task.labelled_nodes=20 --grid.examples=20 --grid.seed=1",
    "self-training": "--task.feature_width=6 --task.tokens=4 --task.test_examples=20 --grid.seed=1",
    "depth": "--task.feature_width=6 --task.tokens=4 --grid.examples=20 --grid.width=\"10 100\"",
}

# The same for other commands.
SMALLER = [
    (r"--episodes \S+", "--episodes 256"),
    (r"(dataset one-shot .*)", r"\1 --examples 100 --test-examples 50"),
    (r"--grid.examples 600", "--grid.examples 100 --no-samples"),
    (r"(prune trained.h5 .*)", r"\1 --episodes 100 --shuffles 2"),
]


def runs(page):
    return [block for block in blocks_of(page) if block.language == "python" or commands_of(block)]


def made_small(command):
    if job := re.search(r"sweep jobs/([\w-]+)\.ini", command):
        return f"{command[command.index('attnpaths'):]} {SMALL[job.group(1)]}"
    for wanted, small in SMALLER:
        command = re.sub(wanted, small, command)
    return command


def steps_of(page):
    """(line of a shell, what it prints or None) in order, and the files of the page."""
    blocks, steps, files = blocks_of(page), [], {}
    for number, block in enumerate(blocks):
        steps += [(made_small(command), printed) for command, printed in commands_of(block)]
        if block.language == "python":
            files[f"block-{number}.py"] = block.text
            steps.append((f"python3 block-{number}.py", printed_by(blocks, number)))
        elif file := file_of(block):
            files[file] = block.text
    return steps, files


def assert_prints(printed, expected):
    """The same words; times aside, and numbers to what other processors may round to."""
    def words_of(text):
        return re.sub(r"\S+ (?=(?:s|ms|min|points/s|s per point)\b)", "TIME ", text).split()

    words, wanted = words_of(printed), words_of(expected)
    assert len(words) == len(wanted), printed
    for word, want in zip(words, wanted):
        try:
            assert math.isclose(float(word), float(want), rel_tol=0.01, abs_tol=2e-3), f"{word}, not {want}\n{printed}"
        except ValueError:
            assert word == want, printed


@pytest.fixture
def shell(tmp_path):
    """Runs the lines of a page in one shell, in a folder that has what a checkout has; returns what each printed."""

    def run(lines):
        (tmp_path / "jobs").symlink_to(ROOT / "jobs")
        (tmp_path / "analysis").symlink_to(ROOT / "analysis")
        tools = tmp_path / "tools"
        tools.mkdir()
        (tools / "attnpaths").symlink_to(os.environ["ATTNPATHS_BINARY"])
        (tools / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        (tools / "python3").chmod(0o755)
        script = "".join(f"{{ {line}\n}} >{tools}/{n}.out 2>{tools}/{n}.err || exit {n + 1}\n" for n, line in enumerate(lines))
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "analysis"), "PATH": f"{tools}:{os.environ['PATH']}",
                       "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                       "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_mpi_yield_when_idle": "1"}
        code = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment).returncode
        if code:
            pytest.fail(f"{lines[code - 1]}\n{(tools / f'{code - 1}.out').read_text()}{(tools / f'{code - 1}.err').read_text()}")
        return [(tools / f"{n}.out").read_text() for n in range(len(lines))]

    return run


def test_every_job_of_the_tasks_is_on_a_page():
    text = " ".join(page.read_text() for page in PAGES)
    for job in SMALL:
        assert f"jobs/{job}.ini" in text, job


@pytest.mark.skipif(not os.environ.get("ATTNPATHS_BINARY"), reason="ATTNPATHS_BINARY does not name the program; ctest does")
@pytest.mark.parametrize("page", [page for page in PAGES if runs(page)], ids=lambda page: page.stem)
def test_every_command_does_what_the_page_says(page, shell, tmp_path):
    steps, files = steps_of(page)
    if any("torch" in text for text in files.values()):
        pytest.importorskip("torch", reason="python3-torch is not installed")
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    for (line, expected), printed in zip(steps, shell([line for line, _ in steps])):
        if expected:
            assert_prints(printed, expected)
        if figure := re.search(r"-o (\S+\.png)", line):
            assert (tmp_path / figure.group(1)).stat().st_size > 10_000, line
