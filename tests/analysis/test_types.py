"""Types of the package are right, as pyproject.toml asks for."""

import subprocess
import sys
from pathlib import Path

import pytest

ANALYSIS = Path(__file__).resolve().parents[2] / "analysis"


def test_types(tmp_path):
    pytest.importorskip("mypy", reason="mypy is not installed")
    run = subprocess.run([sys.executable, "-m", "mypy", "--cache-dir", tmp_path, "attnpaths"], cwd=ANALYSIS, capture_output=True,
                         text=True)
    assert run.returncode == 0, run.stdout + run.stderr
