import numpy as np
import pytest
from attnpaths import UsageError, open_store
from attnpaths.selection import in_order, over_seeds, require_unambiguous, select_points, select_rows
from synthetic_store import accuracy, failed_point, point


@pytest.fixture
def store(make_store):
    return open_store(make_store([
        point(10), point(10, temperature=0.1), point(100, seed=1), point(100, heads=(2, 1)),
        point(100, widths=(20, 100, 30)), failed_point(1000, "x")]))


@pytest.mark.parametrize("where, rows", [
    ("temperature=0.01", [0, 2, 3, 4]), ("temperature!=0.01", [1]), ("width>=30", [2, 3, 4]), ("width=10", [0, 1]),
    ("width=100", [2, 3]), ("width=20:100:30", [4]), ("heads=2:1", [3]), ("heads=2", [0, 1, 2, 4]), ("width=10.0", [0, 1]),
    ("width=1e2", [2, 3]), ("width=20.0:1e2:30", [4]), ("width!=10.0", [2, 3, 4]), ("heads=2.0", [0, 1, 2, 4]), ("seed=1 7", [2]),
    ("task=hidden-markov", [0, 1, 2, 3, 4]), ("theory/accuracy<0.91", [2, 3, 4]), ("task!=hidden-markov", []),
    (["seed=0", "width=10", "temperature<0.05"], [0])])
def test_conditions(store, where, rows):
    assert list(select_rows(store, where)) == rows


@pytest.mark.parametrize("where, message", [
    ("temperature", "write NAME=VALUE"), ("colour=3", "no column point/colour"), ("seed=one", "one is not a number"),
    ("task>a", "point/task is text"), ("width=ten", "ten is not a number"), ("width>10 30", "> compares with one number")])
def test_conditions_that_mean_nothing(store, where, message):
    with pytest.raises(UsageError, match=message):
        select_rows(store, where)


def test_ambiguity_lists_the_choices(store):
    with pytest.raises(UsageError, match=r'heads: 2, 2:1; temperature: 0.01, 0.1; choose, e.g. --where "heads=2"'):
        require_unambiguous(select_points(store), free=["width"])
    with pytest.raises(UsageError, match="widths of one largest width: 100, 20:100:30"):
        require_unambiguous(select_points(store, ["heads=2", "temperature=0.01"]), free=["width"])
    with pytest.raises(UsageError, match="no finished point satisfies width=7"):
        select_points(store, ["width=7"])


def test_points_that_only_hidden_settings_tell_apart_are_not_averaged(make_store):
    with pytest.raises(UsageError, match="rows 0, 1 share width, seed and all else"):
        require_unambiguous(select_points(open_store(make_store([point(10), point(10)]))))


def test_seeds_are_averaged_with_the_standard_error(make_store):
    store = open_store(make_store([point(10, seed) for seed in range(3)] + [point(30)]))
    curve = over_seeds(select_points(store, columns=["theory/accuracy"]), "point/width", "theory/accuracy")
    assert curve.loc[10, "mean"] == pytest.approx(accuracy(10, seed=1))
    assert curve.loc[10, "error"] == pytest.approx(0.01 / np.sqrt(3))  # values 0.01 apart have standard deviation 0.01
    assert np.isnan(curve.loc[30, "error"])


def test_tables_are_in_order_of_the_settings(make_store):
    store = open_store(make_store([point(width, seed, temperature=t) for seed in (1, 0) for t in (0.1, 0.01) for width in (1000, 10, 100)]))
    ordered = in_order(store, store.read_frame(["point/width", "point/temperature", "point/seed"]))
    settings = [tuple(row) for row in ordered.to_numpy(dtype=float)]
    assert settings == sorted(settings)
    assert sorted(ordered.index) == list(range(12))
