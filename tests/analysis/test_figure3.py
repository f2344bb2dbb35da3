"""Figure 3: its panels show the values of store, trained network and pruning file."""

import numpy as np
import pytest
from attnpaths import StoreError, UsageError, open_store
from attnpaths.__main__ import main
from attnpaths.figures.figure3 import figure3
from attnpaths.learned import learned_order_parameter
from attnpaths.pruning import read_pruning
from matplotlib.text import Text
from one_shot_files import random_network, write_network, write_pruning
from synthetic_store import one_shot_point, sampled
from test_figures import all_axes, errorbar

WIDTHS, TEMPERATURES = (10, 100, 1000), (0.1, 0.5, 1.0)


@pytest.fixture
def records():
    return [one_shot_point(width, t, 0.5, 0.1) for width in WIDTHS for t in TEMPERATURES]


@pytest.fixture
def heads(tmp_path):
    return write_network(tmp_path / "n.h5", *random_network())


def test_accuracy_on_every_test_set_at_the_selected_temperature(make_store, records):
    store = open_store(make_store([*records, sampled(records[4])]))
    axes = all_axes(figure3(store))
    assert [label for label in axes if label.startswith("accuracy")] == ["accuracy", "accuracy-mnist"]
    for quantity in ("accuracy", "accuracy-mnist"):
        line, gp = axes[quantity].lines[:2]
        np.testing.assert_allclose(line.get_xydata(), [(w, one_shot_point(w, 0.5, 0.5, 0.1)[f"theory/{quantity}"])
                                                       for w in WIDTHS])
        assert gp.get_ydata()[0] == one_shot_point(10, 0.1, 0.5, 0.1)[f"gp/{quantity}"]
        dots = errorbar(axes[quantity], "exact posterior, sampled")
        assert list(dots[0].get_xdata()) == [100]
    test = all_axes(figure3(store, protocol="test"))["accuracy"]
    np.testing.assert_allclose(test.lines[0].get_ydata(), [one_shot_point(w, 0.1, 0.5, 0.1)["theory/accuracy"]
                                                           for w in WIDTHS])
    assert not test.containers  # the samples are at another temperature


def test_only_validation_classes_make_test_classes_that_were_never_seen(make_store, records):
    assert "classes never seen" in all_axes(figure3(open_store(make_store(records))))["accuracy"].get_title("left")
    others = [{name: value for name, value in record.items() if not name.endswith("-validation")} for record in records]
    axes = all_axes(figure3(open_store(make_store(others, name="others.h5")), protocol="test"))
    assert axes["accuracy"].get_title("left").endswith("test examples")


def test_order_parameters_side_by_side(make_store, records, heads):
    store = open_store(make_store([*records, sampled(records[4], shift=0.5)]))
    axes = all_axes(figure3(store, heads=heads))  # at N = 100, where there are samples
    theory, learned = records[4]["theory/order_parameter"], learned_order_parameter(heads).order_parameter
    for kind, U in {"theory": theory, "exact posterior": 1.5 * theory, "gradient descent": learned}.items():
        np.testing.assert_allclose(axes[f"U {kind}"].images[0].get_array(), U / np.abs(U).max())
    axes = all_axes(figure3(store, width=1000))
    assert "U exact posterior" not in axes and "$N$ = 1000, $T$ = 0.5" in axes["U theory"].get_title("left")
    with pytest.raises(UsageError, match="no width 30; it has 10, 100, 1000"):
        figure3(store, width=30)


def test_alignment_of_both_kernels(make_store, records):
    bars = all_axes(figure3(open_store(make_store(records))))["overlaps"].containers
    for container, group in zip(bars, ("theory", "gp")):
        np.testing.assert_allclose([bar.get_height() for bar in container], records[1][f"{group}/overlaps"])


def test_the_legend_of_the_alignment_is_beside_its_title(make_store, records, heads):
    figure = figure3(open_store(make_store([*records, sampled(records[4])])), heads=heads)  # of three order parameters: the panel is narrowest
    figure.canvas.draw()
    axis = all_axes(figure)["overlaps"]
    titles = [child for child in axis.get_children() if isinstance(child, Text) and child.get_text().endswith("task alignment")]
    assert len(titles) == 1
    assert not titles[0].get_window_extent().overlaps(axis.get_legend().get_window_extent())


def test_pruning_panels(make_store, records, tmp_path):
    axes = all_axes(figure3(open_store(make_store(records)), pruning=write_pruning(tmp_path / "p.h5")))
    assert [label.get_text() for label in axes["scores"].get_xticklabels()] == ["L1H1", "L2H1", "L1H2", "L2H2"]
    np.testing.assert_allclose([bar.get_height() for bar in axes["scores"].patches], [0.4, 0.6, 0.9, 1.0])
    np.testing.assert_allclose([bar.get_height() for bar in axes["drops"].patches], [4, 6, 9, 10])
    np.testing.assert_allclose(errorbar(axes["pruning"], "least score first")[0].get_ydata(), [0.8, 0.78, 0.7])
    np.testing.assert_allclose(errorbar(axes["pruning"], "highest score first")[0].get_ydata(), [0.8, 0.65, 0.5])
    low, high = (axis.get_ylim() for axis in (axes["scores"], axes["drops"]))
    assert low[0] / low[1] == pytest.approx(high[0] / high[1])  # zero is at one height


def test_a_pruning_file_is_checked(make_store, tmp_path):
    with pytest.raises(StoreError, match="not a file of attnpaths prune"):
        read_pruning(make_store([one_shot_point(10, 0.5, 0.5, 0.1)]))
    with pytest.raises(StoreError, match="version 2, but this package reads version 1"):
        read_pruning(write_pruning(tmp_path / "p.h5", version=2))


def test_the_command_writes_the_figure(make_store, records, heads, tmp_path, capsys):
    store, file = make_store(records), tmp_path / "figure3.png"
    pruning = write_pruning(tmp_path / "p.h5")
    assert main(["figure3", store, "-o", str(file)]) == 0
    small = file.stat().st_size
    assert main(["figure3", store, "--heads", heads, "--pruning", pruning, "--select", "test", "-o", str(file)]) == 0
    assert file.stat().st_size > small > 10_000
    assert main(["figure3", store, "--heads", pruning, "-o", str(file)]) == 65
    assert "holds no network" in capsys.readouterr().err
