"""What the README says of Python, run word for word."""

import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def blocks(section):
    """Code blocks of a section of the README, in order."""
    text = (ROOT / "README.md").read_text()
    text = text[text.index(f"\n## {section}\n"):]
    text = text[:text.find("\n## ", 1)]
    return re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)


def assert_prints(printed, expected):
    """The same words, and numbers to what other processors may round to."""
    words, wanted = printed.split(), expected.split()
    assert len(words) == len(wanted), printed
    for word, want in zip(words, wanted):
        try:
            assert math.isclose(float(word), float(want), rel_tol=0.01), printed
        except ValueError:
            assert word == want, printed


@pytest.mark.skipif(not os.environ.get("ATTNPATHS_BINARY"), reason="ATTNPATHS_BINARY does not name the program; ctest does")
def test_a_transformer_of_your_own(tmp_path):
    pytest.importorskip("torch", reason="python3-torch is not installed")
    code, output = blocks("A transformer of your own")[:2]
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": str(ROOT / "analysis")})
    assert run.returncode == 0, run.stderr
    assert_prints(run.stdout, output)
