"""The package on stores that the program has just written: formats of both sides are the same."""

import os
import subprocess

import numpy as np
import pytest

from attnpaths import open_store
from attnpaths.__main__ import main
from attnpaths.figures.learning_curve import learning_curve_figure

PROGRAM = os.environ.get("ATTNPATHS_BINARY")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="ATTNPATHS_BINARY does not name the program; ctest does")
SMALL = ("--task.feature_width", "10", "--task.test_examples", "40", "--grid.width", "10", "--grid.temperature", "0.1")


def sweep(folder, *settings):
    path = folder / "s.h5"
    environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    subprocess.run([PROGRAM, "sweep", *SMALL, *settings, "--store", str(path)], check=True, capture_output=True, env=environment)
    return str(path)


def test_a_finished_store_is_whole(tmp_path, capsys):
    path = sweep(tmp_path, "--grid.examples", "20")
    assert main(["table", path, "--columns", "theory/mse"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    with open_store(path) as store:
        assert np.isfinite(store.column("theory/mse").astype(float)).all()


def test_learning_curves_are_drawn(tmp_path):
    path = sweep(tmp_path, "--grid.examples", "20 30", "--analyses.run", "default learning-curve")
    with open_store(path) as store:
        for curve in ("pool", "training"):
            axis = learning_curve_figure(store, curve=curve).axes[0]
            examples, mse = axis.lines[0].get_data()
            assert len(examples) == len(mse) > 5
            assert np.isfinite(mse).all()
            assert np.all(np.asarray(mse) > 0)
