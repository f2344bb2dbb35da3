"""The commands of the page on tasks, src/tasks/README.md, run one after the other with jobs made small."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "src/tasks/README.md"

# What makes the sweep of a job small.
SMALL = {
    "induction": "--grid.width 10 --task.length=16 --task.alphabet=4 --task.test_examples=20 --grid.examples=20",
    "chain": "--grid.width=10 --task.test_examples=20 --grid.examples=20",
    "graph": "--grid.width=10 --task.nodes=100 --task.labelled_nodes=20 --grid.examples=20 --grid.seed=1",
    "alignment": "--grid.width=10 --task.nodes=100 --task.labelled_nodes=20 --grid.examples=20 --grid.seed=1",
    "self-training": "--task.feature_width=6 --task.tokens=4 --task.test_examples=20 --grid.seed=1",
    "depth": "--task.feature_width=6 --task.tokens=4 --grid.examples=20 --grid.width=\"10 100\"",
}


def commands():
    """Commands of the page in order: lines of indented blocks, with what `\\` continues."""
    text = PAGE.read_text().replace("\\\n", " ")
    return [line.strip() for line in re.findall(r"^    (\S.*)$", text, re.MULTILINE)]


def made_small(command):
    job = re.search(r"sweep jobs/([\w-]+)\.ini", command)
    command = re.sub(r"^mpirun -n \d+ attnpaths", "attnpaths", command)
    return f"{command} {SMALL[job.group(1)]}" if job else re.sub(r"--episodes \S+", "--episodes 256", command)


def test_the_page_has_a_figure_for_every_job():
    text = " ".join(commands())
    for job in SMALL:
        assert f"jobs/{job}.ini" in text, job


@pytest.mark.skipif(not os.environ.get("ATTNPATHS_BINARY"), reason="ATTNPATHS_BINARY does not name the program; ctest does")
def test_every_command_does_what_it_says(tmp_path):
    (tmp_path / "jobs").symlink_to(ROOT / "jobs")
    (tmp_path / "attnpaths").symlink_to(os.environ["ATTNPATHS_BINARY"])
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "analysis"), "PATH": f"{tmp_path}:{os.environ['PATH']}",
                   "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    for command in commands():
        small = made_small(command).replace("python3 ", f"{sys.executable} ", 1)
        run = subprocess.run(small, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, f"{small}\n{run.stdout}{run.stderr}"
        if figure := re.search(r"-o (\S+\.png)", command):
            assert (tmp_path / figure.group(1)).stat().st_size > 10_000, command
