"""Stored draws: as an xarray Dataset, as a netCDF file for ArviZ, and as trace and rank plots."""

import sys
import types

import numpy as np
import pytest
import xarray as xr
from attnpaths import OutputError, UsageError, open_store
from attnpaths.draws import write_draws
from attnpaths.figures.trace import informative_elements, rank_counts, trace_figure
from synthetic_store import failed_point, order_parameter, point, sampled_point
from test_figures import all_axes


@pytest.fixture
def store(make_store):
    return open_store(make_store([
        sampled_point(10, draws=50), sampled_point(5, method="weights", draws=8, weights=True, heads=(2, 3)),
        sampled_point(100), point(1000), sampled_point(20, draws=8, outputs=2)]))


def test_draws_have_named_dimensions_and_numbers(store):
    draws = store.draws(0)
    U = draws["order_parameter"]
    assert U.dims == ("chain", "draw", "path", "path_") and draws["log_density"].dims == ("chain", "draw")
    assert dict(U.sizes) == {"chain": 4, "draw": 50, "path": 4, "path_": 4}
    assert list(draws.chain.values) == [0, 1, 2, 3] and list(draws.draw.values[:2]) == [9, 19]  # the last of every 10
    np.testing.assert_allclose(U.mean(("chain", "draw")), 1.02 * order_parameter(10), atol=0.2)
    assert U.sel(chain=1, draw=9, path="2.1", path_="1.2") == U.values[1, 0, 2, 1]
    assert draws.attrs["method"] == "order-parameter" and draws.attrs["point_key"] == store.frame["point/key"][0]
    assert (draws.attrs["width"], draws.attrs["temperature"], draws.attrs["seed"]) == ("10:10:10", 0.01, 0)


def test_draws_of_weights_have_the_architecture_s_dimensions(store):
    draws = store.draws(1, "weights")
    assert draws["V0"].dims == ("chain", "draw", "N_1", "N_0") and draws["V0"].shape == (4, 8, 5, 3)
    assert draws["V_layer1"].dims == ("chain", "draw", "head_layer1", "N_2", "N_1")
    assert draws["V_layer2"].dims == ("chain", "draw", "head_layer2", "N_a", "N_2")
    assert draws["V_layer2"].shape == (4, 8, 3, 5, 5) and list(draws.head_layer2.values) == [1, 2, 3]
    assert draws["a"].dims == ("chain", "draw", "N_a", "output")
    assert draws["V0"].sel(chain=2, draw=79)[0, 0] == 2.007
    assert "V0" not in store.draws(0)


def test_draws_separate_outputs(store):
    U = store.draws(4)["order_parameter"]
    assert U.dims == ("chain", "draw", "path", "output", "path_", "output_") and U.shape == (4, 8, 4, 2, 4, 2)


def test_a_store_with_draws_is_still_one_dataset(store):
    dataset = store.dataset(["sampling/order-parameter/order_parameter"], heads="2", where="outputs=1")
    assert dataset["sampling/order-parameter/order_parameter"].dims == ("point", "path", "path_")
    assert not any("draws_order" in name for name in store.dataset(heads="2", where="outputs=1"))


@pytest.mark.parametrize("row, method, message", [
    (2, "order-parameter", r"row 2 has no stored draws .*; sweep with \[store\] draws = order-parameters"),
    (3, "order-parameter", r"row 3 was not sampled .*; sweep with \[sampling\] method = auto"),
    (0, "weights", r"row 0 was not sampled by the method weights"),
    (0, "gibbs", "there is no sampling method gibbs; choose one of order-parameter, weights"),
    (9, "order-parameter", "no row 9, the store has 5 points")])
def test_missing_draws_are_explained(store, row, method, message):
    with pytest.raises(UsageError, match=message):
        store.draws(row, method)


def test_a_failed_sampling_says_why(make_store):
    record = {**point(10), "sampling/weights/verdict": "failed", "sampling/weights/message": "no finite gradient"}
    with pytest.raises(UsageError, match="sampling of row 1 by the method weights failed \\(no finite gradient\\)"):
        open_store(make_store([failed_point(5, "x"), record])).draws(1, "weights")


def test_netcdf_has_the_groups_and_dimensions_of_inference_data(store, tmp_path):
    """What ArviZ's InferenceData schema asks of a file: groups, sample dimensions first, coordinates, attributes."""
    h5netcdf = pytest.importorskip("h5netcdf")
    path = tmp_path / "draws.nc"
    write_draws(store, 0, path)
    write_draws(store, 0, path)  # replaces the file
    with h5netcdf.File(path, "r") as file:
        assert set(file.groups) == {"posterior", "sample_stats"}
    posterior, sample_stats = (xr.load_dataset(path, group=group, engine="h5netcdf")
                               for group in ("posterior", "sample_stats"))
    for group in (posterior, sample_stats):
        assert all(variable.dims[:2] == ("chain", "draw") for variable in group.values())
        assert not set(group) & set(group.dims) and {"chain", "draw"} <= set(group.coords)
        assert {"created_at", "inference_library", "inference_library_version"} <= set(group.attrs)
        assert group.attrs["inference_library"] == "attnpaths" and group.attrs["method"] == "order-parameter"
    assert list(sample_stats) == ["lp"] and list(posterior) == ["order_parameter"]
    draws = store.draws(0)
    xr.testing.assert_equal(posterior, draws.drop_vars("log_density"))
    np.testing.assert_array_equal(sample_stats["lp"], draws["log_density"])
    with pytest.raises(OutputError, match="no-folder/draws.nc: cannot be written"):
        write_draws(store, 0, str(tmp_path / "no-folder/draws.nc"))


def test_netcdf_holds_all_weights(store, tmp_path):
    pytest.importorskip("h5netcdf")
    write_draws(store, 1, tmp_path / "weights.nc", "weights")
    posterior = xr.load_dataset(tmp_path / "weights.nc", group="posterior", engine="h5netcdf")
    assert {"order_parameter", "V0", "V_layer1", "V_layer2", "a"} == set(posterior)
    assert posterior["V_layer1"].dims == ("chain", "draw", "head_layer1", "N_2", "N_1")


def test_ranks_of_equal_chains_are_uniform_and_of_a_shifted_one_are_not():
    random = np.random.default_rng(1)
    draws = random.normal(size=(4, 1000))
    counts = rank_counts(draws, 20)
    assert counts.shape == (4, 20)
    np.testing.assert_array_equal(counts.sum(axis=0), 200)  # every bin has as many of all ranks
    np.testing.assert_array_equal(counts.sum(axis=1), 1000)
    assert np.abs(counts - 50).max() < 5 * np.sqrt(50)
    np.testing.assert_array_equal(rank_counts(np.exp(draws), 20), counts)  # monotonic maps leave ranks alone
    draws[3] += 10
    assert rank_counts(draws, 4)[3].tolist() == [0, 0, 0, 1000]


def test_few_elements_are_chosen_diagonal_first():
    assert informative_elements(np.eye(2)) == [(0, 0), (1, 1), (1, 0)]
    mean = order_parameter(10)
    mean[3, 0] = mean[0, 3] = -20
    chosen = informative_elements(mean)
    assert chosen[:5] == [(0, 0), (1, 1), (2, 2), (3, 3), (3, 0)] and len(chosen) == 8
    many = informative_elements(np.diag(np.arange(1.0, 10.0)))
    assert many[:6] == [(i, i) for i in range(3, 9)] and len(many) == 8


def test_traces_show_the_stored_draws(store):
    figure = trace_figure(store, ["width=10", "outputs=1"])
    axes = all_axes(figure)
    assert len(axes) == 2 * 9
    U = store.draws(0)["order_parameter"]
    np.testing.assert_array_equal(axes["trace $U$ 2.1"].lines[3].get_ydata(), U[3, :, 2, 2])
    np.testing.assert_array_equal(axes["trace log density"].lines[1].get_xdata(), np.arange(9, 500, 10))
    bars = axes["ranks log density"].patches
    assert len(bars) == 4 * 5 and sum(bar.get_height() for bar in bars) == pytest.approx(4 * 5)
    heading = figure._suptitle.get_text()
    for part in ("$N$ = 10, $P$ = 100, $H$ = 2", "500 draws of each of 4 chains", "one in 10", "1.004", "812", "644",
                 "0.95", "3 divergences"):
        assert part in heading
    with pytest.raises(UsageError, match=r"\[store\] draws = order-parameters"):
        trace_figure(store, ["width=100"])


def test_inference_data_has_the_draws_by_groups(store, monkeypatch):
    """Of ArviZ itself where it is installed; else of what it would be given."""
    try:
        import arviz  # noqa: F401
    except ImportError:
        with pytest.raises(OutputError, match="needs the Python package arviz"):
            store.to_inferencedata(width=10)
        monkeypatch.setitem(sys.modules, "arviz", types.SimpleNamespace(InferenceData=lambda **groups: types.SimpleNamespace(**groups)))
    data = store.to_inferencedata(width=10)
    draws = store.draws(0)
    xr.testing.assert_equal(data.posterior["order_parameter"], draws["order_parameter"])
    np.testing.assert_array_equal(data.sample_stats["lp"], draws["log_density"])
    assert data.posterior["order_parameter"].dims[:2] == ("chain", "draw")
    assert data.posterior.attrs["inference_library"] == "attnpaths"
