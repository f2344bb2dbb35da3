"""Head scores as a table."""

import h5py
import numpy as np
import pytest
from attnpaths import UsageError, open_store
from synthetic_store import failed_point, point


@pytest.fixture
def store(make_store):
    records = [point(100), point(10), point(10, temperature=0.1, heads=(3, 1)), failed_point(30, "x")]
    for record in records[:2]:
        record["point/head_names"] = "; ; induction; copy"
    return open_store(make_store(records))


def test_a_row_per_head(store):
    table = store.head_scores()
    assert list(table["row"]) == [1] * 4 + [0] * 4 + [2] * 4
    assert list(table["layer"]) == [1, 1, 2, 2] * 2 + [1, 1, 1, 2]
    assert list(table["head"]) == [1, 2, 1, 2] * 2 + [1, 2, 3, 1]
    assert list(table["name"]) == ["", "", "induction", "copy"] * 2 + [""] * 4
    for row, own in table.groupby("row"):
        np.testing.assert_array_equal(own["score"], store.array("theory/head_scores", row))
        assert list(own.sort_values("score", ascending=False)["rank"]) == [1, 2, 3, 4]


def test_points_are_chosen(store):
    assert set(store.head_scores(width=10)["row"]) == {1, 2}
    assert set(store.head_scores("temperature=0.1", width=[10, 100])["row"]) == {2}
    assert set(store.head_scores(heads=(3, 1))["row"]) == {2}
    with pytest.raises(UsageError, match="no finished point satisfies width=7"):
        store.head_scores(width=7)


def test_every_quantity_of_heads_is_a_column(make_store):
    record = point(10)
    record["evidence/some_factors"] = np.arange(4.0)
    path = make_store([record, point(30)])
    with h5py.File(path, "r+") as file:
        file["evidence/some_factors"].attrs["shape"] = "[sum H_l]"
    table = open_store(path).head_scores()
    assert list(table["evidence/some_factors"][:4]) == [0, 1, 2, 3] and table["evidence/some_factors"][4:].isna().all()


def test_a_store_without_scores(make_store):
    record = point(10)
    del record["theory/head_scores"]
    with pytest.raises(UsageError, match='has no head scores; sweep with the analysis "scores"'):
        open_store(make_store([record])).head_scores()
