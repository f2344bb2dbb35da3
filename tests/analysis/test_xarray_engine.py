"""Stores as xarray opens other files."""

import os
import pickle
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from attnpaths import Store, UsageError
from attnpaths.xarray_engine import AttnpathsBackend
from synthetic_store import accuracy, failed_point, order_parameter, point

KEYS = ("point/width", "point/examples", "point/temperature", "point/seed")
ANALYSIS = Path(__file__).resolve().parents[2] / "analysis"


def grid(*more):
    return [point(width, seed, temperature=temperature) for temperature in (0.1, 0.01) for seed in (1, 0) for width in (100, 10)] + [*more]


def opened(path, **options):
    return xr.open_dataset(path, engine=AttnpathsBackend, **options)


def test_a_product_of_grid_values_is_dimensions(make_store):
    dataset = opened(make_store(grid(failed_point(30, "x"))))
    assert dict(dataset["theory_accuracy"].sizes) == {"width": 2, "examples": 1, "temperature": 2, "seed": 2}
    for width in (10, 100):
        chosen = dataset["theory_accuracy"].sel(width=width, temperature=0.1, seed=1).item()
        assert chosen == accuracy(width, 1, 0.1)
    assert list(dataset["width"].values) == [10, 100] and list(dataset["seed"].values) == [0, 1]
    U = dataset["theory_order_parameter"]
    assert U.dims == ("width", "examples", "temperature", "seed", "path", "path_")
    assert U.sel(path="1.2", path_="2.1", width=10).shape == (1, 2, 2)
    assert not [name for name in [*dataset.variables, *dataset.dims] if "/" in name]


def test_other_points_stay_a_list(make_store):
    path = make_store(grid()[:-1])
    dataset = opened(path)
    assert dataset["theory_accuracy"].dims == ("point",) and dataset.sizes["point"] == 7
    np.testing.assert_array_equal(dataset["point_row"], np.arange(7))
    assert opened(make_store(grid(), "s.h5"), unstack=False)["theory_accuracy"].dims == ("point",)


def test_choices(make_store):
    path = make_store(grid(point(10, heads=(3, 2))))
    with pytest.raises(UsageError, match="points differ in point/head_counts"):
        opened(path)
    assert opened(path, heads="3:2").sizes["path"] == 6
    dataset = opened(path, heads="2:2", where="width=10", columns=[*KEYS, "theory/accuracy"])
    assert "theory_accuracy" in dataset and dataset.sizes["width"] == 1
    assert "theory_accuracy" not in opened(path, heads="2:2", drop_variables=["theory_accuracy"])


def test_netcdf_keeps_all_of_it(make_store, tmp_path):
    pytest.importorskip("h5netcdf")
    dataset = opened(make_store(grid()))
    dataset.to_netcdf(tmp_path / "s.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "s.nc", engine="h5netcdf") as again:
        xr.testing.assert_equal(again.load(), dataset)


def test_by_name_once_it_is_installed(make_store, tmp_path):
    """The entry point of pyproject.toml, as pip would install it."""
    project = tomllib.loads((ANALYSIS / "pyproject.toml").read_text())["project"]
    folder = tmp_path / f"{project['name']}-{project['version']}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    entries = [f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in own.items())
               for group, own in project["entry-points"].items()]
    (folder / "entry_points.txt").write_text("".join(entries))
    path = make_store(grid())
    code = f"import xarray as xr; print(xr.open_dataset({path!r}, engine='attnpaths').sizes['width'], xr.open_dataset({path!r}).sizes['seed'])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path,
                         env={**os.environ, "PYTHONPATH": f"{ANALYSIS}:{tmp_path}"})
    assert run.stdout == "2 2\n", run.stderr


@pytest.fixture
def reads(monkeypatch):
    """The columns and rows that are read, in their order."""
    seen = []
    arrays, column = Store.arrays, Store.column

    def note(read):
        def noted(store, name, rows=None):
            seen.append((name, [] if rows is None else np.asarray(rows).tolist()))
            return read(store, name, rows)
        return noted

    monkeypatch.setattr(Store, "arrays", note(arrays))
    monkeypatch.setattr(Store, "column", note(column))
    return seen


def test_only_what_is_asked_for_is_read(make_store, reads):
    dataset = opened(make_store(grid()))
    assert {name for name, _ in reads if not name.startswith("point/")} == {"theory/iterations"}  # whole numbers tell their type
    reads.clear()
    U = dataset["theory_order_parameter"].sel(width=10, temperature=0.1, seed=1).isel(path=[2, 0], path_=slice(1, None))
    assert U.shape == (1, 2, 3) and reads == []
    np.testing.assert_array_equal(U.values[0], order_parameter(10, seed=1)[[2, 0], 1:])
    assert reads == [("theory/order_parameter", [1])]
    np.testing.assert_array_equal(dataset["theory_accuracy"].values, opened(make_store(grid(), "2.h5"))["theory_accuracy"].load().values)


def test_chunks_are_read_apart(make_store, reads):
    pytest.importorskip("dask")
    dataset = opened(make_store(grid()), chunks={"width": 1})
    wide = dataset["theory_order_parameter"].sel(width=100).sum(["path", "path_"])
    reads.clear()
    assert np.all(wide.values > 0)
    assert reads == [("theory/order_parameter", [0, 2, 4, 6])]


def test_a_store_that_is_replaced_stays_what_it_was(make_store, tmp_path):
    path = make_store(grid())
    dataset = opened(path)
    sent = pickle.dumps(dataset["theory_order_parameter"])
    pickle.loads(sent).load()
    os.replace(make_store(grid(point(30)), "new.h5"), path)
    assert dataset["theory_order_parameter"].sel(width=10, temperature=0.1, seed=1, path="1.1", path_="1.1") == order_parameter(10, seed=1)[0, 0]
    dataset.close()


def test_outputs_and_further_layers(make_store):
    dataset = opened(make_store([point(10, outputs=2), point(20, outputs=2, k=40)]))
    U = dataset["theory_order_parameter"].sel(width=20, path="1.2", path_="2.2", output=2, output_=2).item()
    np.testing.assert_allclose(U, order_parameter(20)[1, 3])
    assert dataset["theory_order_parameter_above-layer2"].dims[-4:] == ("path_layer2", "output", "path_layer2_", "output_")
    assert np.isnan(dataset["theory_overlaps"].sel(width=10, k=40)).all() and dataset["theory_overlaps"].sel(width=20).notnull().all()


def test_only_stores_are_guessed(make_store, tmp_path):
    (tmp_path / "text.h5").write_text("text")
    backend = AttnpathsBackend()
    assert backend.guess_can_open(make_store(grid())) and not backend.guess_can_open(tmp_path / "text.h5")
    assert not backend.guess_can_open(b"bytes")
