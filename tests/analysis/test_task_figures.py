"""Figures of the tasks of the field: induction, chains, compressibility, self-training, depth."""

import h5py
import numpy as np
import pytest
from attnpaths import UsageError, open_store
from attnpaths.figures.chain import accuracies, chain_figure
from attnpaths.figures.compressibility import compressibility_figure, sufficient_width
from attnpaths.figures.depth import depth_figure
from attnpaths.figures.induction import induction_figure, of_greatest_evidence
from attnpaths.figures.self_training import last_round, self_training_figure
from attnpaths.parts import points_by_part
from attnpaths.selection import select_points
from synthetic_store import accuracy, point


def of_part(name, **options):
    record = point(**options)
    return {**record, "point/part": name, "point/key": f"{name} {record['point/key']}"}


def line_values(axis, number):
    return axis.containers[number][0].get_ydata()


def test_parts_are_told_apart(make_store):
    store = open_store(make_store([of_part(name, width=width) for name in ("b", "a") for width in (10, 100)]))
    parts = points_by_part(store, (), ["theory/accuracy"], free=["width"])
    assert {name: list(points["point/width"]) for name, points in parts.items()} == {"b": [10, 100], "a": [10, 100]}
    with pytest.raises(UsageError, match="width: 10, 100"):
        points_by_part(store, (), [], free=[])
    without = open_store(make_store([point(10), point(100)], "plain.h5"))
    assert list(points_by_part(without, (), [], free=["width"])) == [""]


def test_parts_come_in_the_order_of_the_configuration(make_store):
    path = make_store([of_part(name, width=10) for name in ("c", "b", "z", "a")])
    with h5py.File(path, "r+") as file:
        file.attrs["configuration"] = "[grid]\nwidth = 10\n\n[part b]\ntask.steps = 1\n\n[part c]\n\n[part a]\n"
    assert list(points_by_part(open_store(path), (), [], free=["width"])) == ["b", "c", "a", "z"]


def test_chain_shows_the_narrowest_network_and_the_gp(make_store):
    records = [of_part(part, width=width, heads=(2,) * depth, seed=seed) for part in ("1-step", "2-steps")
               for width in (10, 1000) for depth in (1, 2, 3) for seed in (0, 2)]
    for record in records:
        record["gp/accuracy"] = 0.5 + 0.1 * record["point/depth"]
    store = open_store(make_store(records))
    parts, depths, tables = accuracies(store)
    assert (parts, depths) == (["1-step", "2-steps"], [1, 2, 3])
    np.testing.assert_allclose(tables[0][1], accuracy(10, seed=1))
    np.testing.assert_allclose(tables[1][1], [[0.6, 0.7, 0.8]] * 2)
    axes = chain_figure(store).axes
    assert [label.get_text() for label in axes[0].get_yticklabels()] == ["1 step", "2 steps"]
    assert [text.get_text() for text in axes[1].texts] == ["0.60", "0.70", "0.80"] * 2
    with pytest.raises(UsageError, match="has one depth"):
        chain_figure(open_store(make_store([point(10)], "plain.h5")))


def evidence_point(width, temperature, best):
    return {**point(width, temperature=temperature), "evidence/ratio": -100 - np.log(temperature / best) ** 2,
            "reference-true/accuracy": 0.99}


def test_induction_follows_the_evidence(make_store):
    best = {10: 0.1, 100: 1.0}
    store = open_store(make_store([evidence_point(w, t, best[w]) for w in best for t in (0.01, 0.1, 1.0)]))
    points = select_points(store, (), ["evidence/ratio"])
    chosen = of_greatest_evidence(points)
    assert dict(zip(chosen["point/width"], chosen["point/temperature"])) == best
    figure = induction_figure(store)
    axis = figure.subfigs[0].axes[0]
    np.testing.assert_allclose(line_values(axis, 3), [accuracy(w, temperature=t) for w, t in best.items()])
    assert "reference: true" in [text.get_text() for text in axis.get_legend().get_texts()]
    with pytest.raises(UsageError, match="has one temperature"):
        induction_figure(store, "temperature=0.1")
    with pytest.raises(UsageError, match="has no evidence"):
        induction_figure(open_store(make_store([point(10)], "plain.h5")))


def test_the_smallest_width_that_suffices_is_within_an_error_of_the_best(make_store):
    quality = {10: (0.90, 0.91, 0.92), 100: (0.95, 0.96, 0.94), 1000: (0.95, 0.955, 0.945)}
    records = [of_part("alike", width=w, seed=seed) for w in quality for seed in range(3)]
    for record in records:
        record["theory/accuracy"] = quality[int(record["point/width"])][record["point/seed"]]
    store = open_store(make_store(records))
    points = select_points(store, (), ["theory/accuracy"])
    assert sufficient_width(points) == 100
    assert sufficient_width(points[points["point/seed"] == 0]) == 100, "no error: as good as the best, though narrower"
    assert sufficient_width(points.assign(**{"theory/in_regime": (points["point/width"] > 100).astype(int)})) == 1000
    axis = compressibility_figure(store).axes[0]
    np.testing.assert_allclose(line_values(axis, 0), [np.mean(quality[w]) for w in quality])
    ring, = [line for line in axis.lines if line.get_markersize() == 12]
    assert list(ring.get_xdata()) == [100]


def student_point(examples):
    table = np.array([[0.7, 0.8, np.nan], [0.7, 0.85, 0.9]])
    return {**point(10, examples=examples), "theory/accuracy": 0.7, "self_training/unlabelled": np.array([100.0, 300.0]),
            "self_training/soft_accuracy": table, "self_training/sign_accuracy": table - 0.1}


def test_self_training_shows_teacher_students_and_networks_with_all_labels(make_store):
    np.testing.assert_allclose(last_round(np.array([[1, np.nan], [2, 3], [np.nan, np.nan]])), [1, 3, np.nan])
    labelled = [{**point(10, examples=p + m), "theory/accuracy": 0.95} for p in (10, 30) for m in (100, 300)]
    store = open_store(make_store([student_point(10), student_point(30), *labelled]))
    axes = self_training_figure(store).axes
    assert len(axes) == 2
    np.testing.assert_allclose(line_values(axes[0], 0), [0.2, 0.1])
    np.testing.assert_allclose(line_values(axes[0], 1), [0.3, 0.2])
    np.testing.assert_allclose(line_values(axes[0], 2), [0.05, 0.05])
    np.testing.assert_allclose(axes[0].lines[0].get_ydata(), 0.3)
    with pytest.raises(UsageError, match="has no self-training"):
        self_training_figure(open_store(make_store([point(10)], "plain.h5")))


def test_depth_shows_the_next_order_for_every_number_of_paths(make_store):
    records = [{**point(width, heads=(paths, *[1] * (depth - 1))), "next_order/shift_over_sd": paths * depth / width}
               for width in (10, 100) for depth in (1, 2, 3) for paths in (1, 2)]
    axes = depth_figure(open_store(make_store(records))).axes
    np.testing.assert_allclose(line_values(axes[0], 0), [0.1, 0.2, 0.3])
    np.testing.assert_allclose(line_values(axes[1], 1), [0.02, 0.04, 0.06])
    with pytest.raises(UsageError, match="has no next order"):
        depth_figure(open_store(make_store([point(10)], "plain.h5")))
