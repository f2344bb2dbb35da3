"""Samples in figures: points beside the lines of the theory, and the figure of sampled order parameters."""

import numpy as np
import pytest
from attnpaths import UsageError, open_store
from attnpaths.figures.accuracy import accuracy_figure
from attnpaths.figures.figure2 import figure2
from attnpaths.sampled import sampled_curves
from attnpaths.figures.sampled_order_parameter import sampled_order_parameter_figure
from attnpaths.selection import select_points
from synthetic_store import accuracy, order_parameter, point, sampled_point
from test_figures import WIDTHS, all_axes, errorbar, legend_labels

SAMPLED, WEIGHTS = "exact posterior, sampled", "all weights, NUTS"


def test_figure_2_shows_samples_with_their_monte_carlo_errors(make_store):
    records = [{**sampled_point(w), **sampled_point(w, method="weights", shift=0.05)} for w in WIDTHS]
    axes = all_axes(figure2(open_store(make_store(records))))
    for label, shift in ((SAMPLED, 0.02), (WEIGHTS, 0.05)):
        dots = errorbar(axes["accuracy"], label)
        np.testing.assert_allclose(dots[0].get_xydata(), [(w, accuracy(w) + shift / 10) for w in WIDTHS])
        np.testing.assert_allclose([bar[1, 1] - bar[0, 1] for bar in dots[2][0].get_segments()], 2 * 0.004)
        element = errorbar(axes["off-diagonal elements of $U_1$"], label)[0]  # the first: 1.1, 1.2
        np.testing.assert_allclose(element.get_ydata(), [(1 + shift) * order_parameter(w)[0, 1] for w in WIDTHS])
    assert legend_labels(axes["accuracy"])[:4] == ["theory", "theory, diagonal of $U$ only", SAMPLED, WEIGHTS]
    assert errorbar(axes["accuracy"], "theory")[0].get_marker() in ("", "None")
    assert errorbar(axes["accuracy"], WEIGHTS)[0].get_markerfacecolor() == "none"


def test_samples_that_did_not_converge_are_hollow_and_named(make_store):
    records = [sampled_point(10), sampled_point(100, verdict="not-converged"), point(1000)]
    axis = all_axes(figure2(open_store(make_store(records))))["accuracy"]
    assert list(errorbar(axis, SAMPLED)[0].get_xdata()) == [10]
    hollow = errorbar(axis, f"{SAMPLED}, not converged")[0]
    assert list(hollow.get_xdata()) == [100] and hollow.get_markerfacecolor() == "none"
    assert legend_labels(axis).count("not converged") == 1


def test_the_mean_over_seeds_has_the_monte_carlo_error_of_a_mean(make_store):
    store = open_store(make_store([sampled_point(10, 0), sampled_point(10, 2), sampled_point(30, 0), point(30, 2)]))
    (_, sampled), = sampled_curves(store, select_points(store), "point/width", "accuracy")
    assert sampled.mean[0] == pytest.approx(accuracy(10, seed=1) + 0.002)
    assert sampled.error[0] == pytest.approx(0.004 / np.sqrt(2))
    assert list(sampled.converged) == [True, False]  # at width 30 one of the seeds has no samples
    axis = accuracy_figure(store).axes[0]
    assert "not converged at every seed" in legend_labels(axis)
    (_, mnist), = sampled_curves(store, select_points(store), "point/width", "accuracy-mnist")
    assert mnist.error[1] == pytest.approx(0.008)


def test_two_networks_stand_side_by_side(make_store):
    four = open_store(make_store([sampled_point(w) for w in WIDTHS], "four.h5"))
    two = open_store(make_store([point(w, heads=(2, 1)) for w in WIDTHS], "two.h5"))
    both = open_store(make_store([sampled_point(w) for w in WIDTHS] + [point(w, heads=(2, 1)) for w in WIDTHS]))
    for figure in (figure2(four, second=two), figure2(both)):
        left, right = (all_axes(column) for column in figure.subfigs)
        assert [column._suptitle.get_text() for column in figure.subfigs] == ["4 paths", "2 paths"]
        assert SAMPLED in legend_labels(left["accuracy"]) and SAMPLED not in legend_labels(right["accuracy"])
        assert legend_labels(left["diagonal of $U_1$"]) == ["1.1", "1.2", "2.1", "2.2"]
        assert legend_labels(right["diagonal of $U_1$"]) == ["1.1", "2.1"]
        assert right["accuracy"].get_title("left").startswith(r"$\bf{(g)}$")
    with pytest.raises(UsageError, match='room for 2 networks, not 3; choose, e.g. --where "heads=2"'):
        figure2(both, second=two)


def test_accuracy_has_samples_in_the_colour_of_their_line(make_store):
    store = open_store(make_store([sampled_point(w, temperature=t) for w in WIDTHS for t in (0.01, 0.1)]))
    axis = accuracy_figure(store, lines="temperature").axes[0]
    dots = [c for c in axis.containers if c.get_label() == SAMPLED]
    lines = [errorbar(axis, f"theory/accuracy {t}") for t in (0.01, 0.1)]
    assert [d[0].get_color() for d in dots] == [line[0].get_color() for line in lines]
    assert legend_labels(axis).count(SAMPLED) == 1


def test_sampled_order_parameters_share_a_colour_scale(make_store):
    record = {**sampled_point(10), **sampled_point(10, method="weights", shift=0.05)}
    axes = all_axes(sampled_order_parameter_figure(open_store(make_store([record, sampled_point(100)])), ["width=10"]))
    U, largest = order_parameter(10), 1.05 * order_parameter(10).max()
    for name, factor in (("theory", 1), ("exact posterior", 1.02), ("all weights", 1.05)):
        image = axes[f"U {name}"].images[0]
        np.testing.assert_allclose(image.get_array(), factor * U)
        np.testing.assert_allclose(image.get_clim(), (-largest, largest))
    np.testing.assert_allclose(axes["z exact posterior"].images[0].get_array(), -0.02 * U / 0.01)
    np.testing.assert_allclose(axes["z all weights"].images[0].get_array(), -0.05 * U / 0.01)
    diagonal = axes["scatter"].containers[0]
    np.testing.assert_allclose(diagonal[0].get_xydata(), np.stack([np.diag(U), 1.02 * np.diag(U)], axis=1))
    np.testing.assert_allclose([bar[1, 1] - bar[0, 1] for bar in diagonal[2][0].get_segments()], 0.02)
    assert len(axes["scatter"].containers[1][0].get_xdata()) == 6  # each off-diagonal element once


def test_sampled_order_parameters_want_one_sampled_point(make_store):
    store = open_store(make_store([sampled_point(10), sampled_point(10, seed=1), point(30)]))
    with pytest.raises(UsageError, match='seed: 0, 1; choose, e.g. --where "seed=0"'):
        sampled_order_parameter_figure(store, ["width=10"])
    with pytest.raises(UsageError, match=r"row 2 has no sampled order parameter; sweep with \[sampling\] method = auto"):
        sampled_order_parameter_figure(store, ["width=30"])
