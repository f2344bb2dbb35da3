import h5py
import numpy as np
import pandas as pd
import pytest
from attnpaths import InputError, StoreError, UsageError, open_store
from synthetic_store import accuracy, failed_point, order_parameter, point


def test_frame_has_the_store_s_names_and_values(make_store):
    failed = failed_point(30, "not positive definite")
    store = open_store(make_store([point(10), failed, point(100, widths=(20, 100, 30))]))
    frame = store.frame
    assert list(frame["point/status"]) == ["done", "failed", "done"]
    assert frame["point/message"][1] == "not positive definite"
    assert list(frame["point/head_counts"]) == ["2:2"] * 3
    assert frame["point/widths"][2] == "20:100:30"
    np.testing.assert_allclose(frame["theory/accuracy"], [accuracy(10), np.nan, accuracy(100)])
    np.testing.assert_allclose(frame["theory/accuracy-mnist"].dropna(), frame["theory/accuracy"].dropna() - 0.2)
    assert "gp-good+denoising/accuracy" in frame and "theory/order_parameter" not in frame


def test_a_missing_integer_is_missing_not_a_number(make_store):
    iterations = open_store(make_store([point(10), failed_point(30, "x")])).column("theory/iterations")
    assert iterations.dtype == "Int64" and iterations[0] == 20 and iterations[1] is pd.NA


def test_arrays_of_different_sizes_come_back_whole(make_store):
    store = open_store(make_store([point(10), failed_point(10, "x"), point(30, heads=(2, 1)), point(50, heads=(3, 2))]))
    np.testing.assert_array_equal(store.array("theory/order_parameter", 0), order_parameter(10))
    assert store.array("theory/order_parameter", 1).size == 0
    sizes = [a.shape for a in store.arrays("theory/order_parameter")]
    assert sizes == [(4, 4), (0, 0), (2, 2), (6, 6)]
    np.testing.assert_array_equal(store.arrays("theory/order_parameter", [3, 0])[0], order_parameter(50, n=6))
    with pytest.raises(UsageError, match="no row 4"):
        store.array("theory/order_parameter", 4)


@pytest.mark.parametrize("column", ["theory/no_such", "theory", "point/widths/values"])
def test_unknown_columns_are_named(make_store, column):
    with pytest.raises(UsageError, match=f"no column {column}"):
        open_store(make_store([point(10)])).column(column)


def test_what_is_not_a_store_is_refused(make_store, tmp_path):
    with pytest.raises(InputError, match="no such file"):
        open_store(tmp_path / "missing.h5")
    with pytest.raises(StoreError, match="store version 1, but this package reads version 2"):
        open_store(make_store([point(10)], version=1))
    with pytest.raises(StoreError, match="not an attnpaths store"):
        open_store(make_store([point(10)], store_format="attnpaths-dataset"))
    (tmp_path / "text.h5").write_text("not HDF5")
    with pytest.raises(StoreError, match="not an HDF5 file"):
        open_store(tmp_path / "text.h5")


def test_a_truncated_store_is_refused(make_store, tmp_path):
    whole = open(make_store([point(10)]), "rb").read()
    (tmp_path / "cut.h5").write_bytes(whole[:len(whole) // 2])
    with pytest.raises(StoreError, match="truncated"):
        open_store(tmp_path / "cut.h5")


def test_a_column_of_another_length_is_an_error(make_store):
    path = make_store([point(10), point(30)])
    with h5py.File(path, "a") as file:
        file.attrs["points"] = 3
    with pytest.raises(StoreError, match="theory/accuracy has 2 rows, the store 3 points"):
        open_store(path).column("theory/accuracy")


def test_dataset_names_paths_with_h_1_slowest(make_store):
    path = make_store([point(10, heads=(2, 3)), failed_point(20, "x"), point(100, heads=(2, 3))])
    dataset = open_store(path).dataset()
    u = dataset["theory/order_parameter"]
    assert u.dims == ("point", "path", "path_") and list(u.path.values) == ["1.1", "1.2", "1.3", "2.1", "2.2", "2.3"]
    assert list(dataset.point.values) == [0, 2]
    expected = order_parameter(100, n=6)
    assert u.sel(point=2, path="2.1", path_="1.2") == expected[3, 1]
    assert list(dataset["theory/order_parameter_above-layer2"].path_layer2.values) == ["1", "2", "3"]
    assert list(dataset["head"].values)[2:] == ["layer 2 head 1", "layer 2 head 2", "layer 2 head 3"]
    assert dataset["theory/head_scores"].max() == 1
    power = (dataset["theory/overlaps"] ** 2).cumsum("k")
    np.testing.assert_allclose(power, dataset["theory/cumulative_power"])
    assert dataset["theory/accuracy"].swap_dims(point="width").sel(width=100) == accuracy(100)
    assert list(dataset["widths"].width_of.values) == ["N_1", "N_2", "N_a"]


def test_dataset_separates_outputs(make_store):
    u = open_store(make_store([point(10, outputs=3)])).dataset()["theory/order_parameter"]
    assert u.dims == ("point", "path", "output", "path_", "output_")
    np.testing.assert_array_equal(u[0, :, 1, :, 1], order_parameter(10))
    assert not u[0, :, 1, :, 2].any()


def test_dataset_pads_spectra_and_wants_one_architecture(make_store):
    store = open_store(make_store([point(10, k=30), point(10, heads=(1, 2), k=12), point(30, k=20)]))
    with pytest.raises(UsageError, match=r"head_counts \(2:2, 1:2\); choose with heads="):
        store.dataset()
    assert store.dataset(heads=[1, 2]).sizes["path"] == 2
    dataset = store.dataset(heads="2")
    assert dataset["gp/eigenvalues"].shape == (2, 30) and int(dataset["gp/eigenvalues"][1].count()) == 20
