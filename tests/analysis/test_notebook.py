"""What a notebook does, from arrays to figures."""

import os

import numpy as np
import pytest
import xarray as xr
from attnpaths import plot, sweep
from attnpaths.draws import draw_groups
from attnpaths.selection import select_row
from attnpaths.xarray_engine import AttnpathsBackend
from matplotlib import pyplot
from test_dataset import dataset


@pytest.mark.skipif(not os.environ.get("ATTNPATHS_BINARY"), reason="ATTNPATHS_BINARY does not name the program; ctest does")
def test_from_arrays_to_figures(tmp_path, capfd):
    store = sweep(dataset(residual=True), tmp_path / "s.h5", width=[10, 100], temperature="0.01..1..log3", ranks=2,
                  settings={"store.draws": "order-parameters"})
    assert "6/6" in capfd.readouterr().err  # in a bar where there is tqdm
    grid = xr.open_dataset(store.path, engine=AttnpathsBackend)
    best = grid["evidence_ratio"].max("width").squeeze().idxmax("temperature").item()
    assert best in (0.01, 0.1, 1)
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 4))
    plot.accuracy(store, ax=axes[0], temperature=best)
    plot.order_parameter(store, ax=axes[1], width=10, temperature=best)
    figure.savefig(tmp_path / "figure.png")
    pyplot.close(figure)
    U = grid["theory_order_parameter"].sel(width=10, temperature=best, path="3.3", path_="3.3").item()  # both residuals
    np.testing.assert_allclose(axes[1].images[0].get_array()[-1, -1] * np.abs(store.array(
        "theory/order_parameter", store.head_scores(width=10, temperature=best)["row"][0])).max(), U)
    groups = draw_groups(store, select_row(store, ["width=100", f"temperature={best}"]))  # of its InferenceData, and of the netCDF for ArviZ
    assert groups["posterior"]["order_parameter"].dims == ("chain", "draw", "path", "path_") and "lp" in groups["sample_stats"]
    mean = groups["posterior"]["order_parameter"].mean(["chain", "draw"]).sel(path="3.3", path_="3.3").item()
    assert mean == pytest.approx(grid["theory_order_parameter"].sel(width=100, temperature=best, path="3.3", path_="3.3").item(), rel=0.3)
    assert list(store.head_scores(width=10, temperature=best)["name"]) == ["head 1", "head 2", "residual"] * 2
