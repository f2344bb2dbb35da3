import numpy as np
import pytest
from attnpaths import UsageError, open_store
from attnpaths.figures.accuracy import accuracy_figure
from attnpaths.figures.figure2 import figure2
from attnpaths.figures.order_parameter import order_parameter_figure
from attnpaths.figures.sampled_order_parameter import sampled_order_parameter_figure
from attnpaths.style import group_label, save_figure, tick_label
from synthetic_store import accuracy, order_parameter, overlaps, point, sampled_point

WIDTHS = [10, 100, 1000]


def all_axes(figure):
    own = {axis.get_label(): axis for axis in figure.axes}
    for part in figure.subfigs:
        own.update(all_axes(part))
    return own


def legend_labels(axis):
    return [text.get_text() for text in axis.get_legend().get_texts()]


def errorbar(axis, label):
    return next(container for container in axis.containers if container.get_label() == label)


@pytest.fixture
def store(make_store):
    return open_store(make_store([point(width, seed) for width in WIDTHS for seed in (0, 2)]))


def test_figure_2_shows_the_store_s_accuracy(store):
    axis = all_axes(figure2(store))["accuracy"]
    np.testing.assert_allclose(errorbar(axis, "theory")[0].get_xydata(),
                               [(width, accuracy(width, seed=1)) for width in WIDTHS])
    bars = errorbar(axis, "theory")[2][0].get_segments()
    np.testing.assert_allclose([bar[1, 1] - bar[0, 1] for bar in bars], 2 * 0.01)  # seeds 0 and 2: standard error 0.01
    horizontal = {line.get_label(): line.get_ydata()[0] for line in axis.lines if line.get_label().startswith("GP")}
    expected = {"GP (infinite width)": 0.84, "GP of good": 0.94, "GP of good + denoising": 0.955}
    assert horizontal == pytest.approx(expected)
    assert axis.get_xscale() == "log" and "theory, diagonal of $U$ only" in legend_labels(axis)


def test_figure_2_shows_the_order_parameter(store):
    axes = all_axes(figure2(store))
    means = {width: order_parameter(width, seed=1) for width in WIDTHS}
    for width, mean in means.items():
        image = axes[f"order parameter {width}"].images[0]
        np.testing.assert_allclose(image.get_array(), mean / np.abs(mean).max())
        assert image.get_clim() == (-1, 1)
    diagonal, off_diagonal = axes["diagonal of $U_1$"], axes["off-diagonal elements of $U_1$"]
    np.testing.assert_allclose(errorbar(diagonal, "2.1")[0].get_ydata(), [means[width][2, 2] for width in WIDTHS])
    np.testing.assert_allclose(errorbar(off_diagonal, "1.1, 2.1")[0].get_ydata(), [means[w][0, 2] for w in WIDTHS])
    assert len(off_diagonal.containers) == 6


def test_figure_2_shows_the_alignment_at_the_smallest_width(store):
    axes = all_axes(figure2(store))
    np.testing.assert_allclose(errorbar(axes["overlaps"], "$N$ = 10")[0].get_ydata(), overlaps(10, 30)[:10])
    gp, = [line for line in axes["cumulative power"].lines if line.get_label() == "GP"]
    np.testing.assert_allclose(gp.get_ydata(), np.cumsum(overlaps(1e9, 30)**2))


def one_network(make_store):
    return figure2(open_store(make_store([point(width, seed) for width in WIDTHS for seed in (0, 2)])))


def two_networks(make_store):
    both = [sampled_point(w, heads=heads, verdict="not-converged") for w in WIDTHS for heads in ((2, 2), (2, 1))]
    return figure2(open_store(make_store(both)))


def sampled_order_parameters(make_store):
    record = {**sampled_point(10, heads=(3, 3)), **sampled_point(10, heads=(3, 3), method="weights")}
    return sampled_order_parameter_figure(open_store(make_store([record])))


@pytest.mark.parametrize("draw", [one_network, two_networks, sampled_order_parameters])
def test_nothing_is_drawn_over_something_else(make_store, draw):
    """Legends, axis labels and tick labels of one figure keep apart from all data areas but their own axes."""
    figure = draw(make_store)
    figure.draw_without_rendering()
    parts = figure.subfigs if draw is two_networks else [figure]
    axes = [axis for part in parts for label, axis in all_axes(part).items() if label != "<colorbar>"]
    boxes = [axis.get_window_extent() for axis in axes]
    legends = [axis.get_legend().get_window_extent() for axis in axes if axis.get_legend()]
    for legend in legends:
        assert not any(legend.overlaps(box) for box in boxes)
        assert figure.bbox.x0 <= legend.x0 and legend.x1 <= figure.bbox.x1
    for axis in axes:
        title, label = axis.title.get_window_extent(), axis.xaxis.label.get_window_extent()
        assert title.y1 <= figure.bbox.y1 and not any(label.overlaps(box) for box in boxes)
        ticks = [label.get_window_extent() for label in axis.get_xticklabels() if label.get_text()]
        inside = [t for t in ticks if axis.bbox.x0 - 1 <= (t.x0 + t.x1) / 2 <= axis.bbox.x1 + 1]
        assert not any(a.overlaps(b) for a, b in zip(inside, inside[1:]))


def test_figure_2_refuses_a_mixture_and_obeys_the_filter(make_store):
    store = open_store(make_store([point(w, temperature=t, heads=(3, 3)) for w in WIDTHS for t in (0.01, 0.1)]))
    with pytest.raises(UsageError, match="temperature: 0.01, 0.1"):
        figure2(store)
    off_diagonal = all_axes(figure2(store, ["temperature=0.1"]))["off-diagonal elements of $U_1$"]
    assert "29 smaller" in legend_labels(off_diagonal)


def test_accuracy_has_a_line_per_temperature(make_store):
    store = open_store(make_store([point(w, temperature=t) for w in WIDTHS for t in (0.01, 0.1)]))
    axis = accuracy_figure(store, lines="temperature").axes[0]
    for temperature in (0.01, 0.1):
        np.testing.assert_allclose(errorbar(axis, f"theory/accuracy {temperature}")[0].get_ydata(),
                                   [accuracy(width, temperature=temperature) for width in WIDTHS])
    axis = accuracy_figure(store, ["width=10"], x="temperature", quantity="accuracy-mnist").axes[0]
    np.testing.assert_allclose(axis.containers[0][0].get_ydata(),
                               [accuracy(10, temperature=t) - 0.2 for t in (0.01, 0.1)])
    with pytest.raises(UsageError, match="no grid axis colour"):
        accuracy_figure(store, x="colour")


def test_the_gaussian_process_is_one_line_for_all_widths(make_store):
    store = open_store(make_store([point(w, temperature=t) for w in WIDTHS for t in (0.01, 0.1)]))
    axis = accuracy_figure(store, x="temperature", lines="width").axes[0]
    line, = [container[0] for container in axis.containers if container.get_label().startswith("gp/")]
    np.testing.assert_allclose(line.get_ydata(), 0.83)
    assert line.get_color() == "0.3"


def test_figures_say_what_bars_and_sums_are(make_store):
    store = open_store(make_store([{**sampled_point(w, seed, outputs=3), "theory/mse": 0.5, "gp/mse": 0.6} for w in WIDTHS for seed in (0, 1)]))
    axis = accuracy_figure(store).axes[0]
    assert legend_labels(axis)[-2:] == ["bars of lines:\nstandard error of 2 seeds", "bars of points:\nMonte Carlo error"]
    assert accuracy_figure(store, quantity="mse").axes[0].get_ylabel() == "test mean squared error, sum over outputs"
    assert axis.get_ylabel() == "test accuracy"
    assert not [text for text in legend_labels(accuracy_figure(open_store(make_store([point(w) for w in WIDTHS], name="one.h5"))).axes[0]) if "bars" in text]


def test_axes_of_quantities_do_not_exaggerate(make_store):
    """A perfect accuracy does not lie in the middle of an axis beyond 1, nearly equal ones do not fill it; errors over decades are all seen."""
    def axis(values, quantity, test_examples=6):
        records = [{**point(width), f"theory/{quantity}": value, f"gp/{quantity}": values[-1], "predictor/mean": np.zeros((test_examples, 1))}
                   for width, value in zip(WIDTHS, values)]
        return accuracy_figure(open_store(make_store(records)), quantity=quantity).axes[0]

    low, high = axis((1.0, 1.0, 1.0), "accuracy").get_ylim()
    assert low <= 0.95 and 1 < high < 1.01
    low, high = axis((0.701, 0.702, 0.704), "accuracy", 40_000).get_ylim()
    assert high - low == pytest.approx(0.05)
    assert axis((50.0, 0.5, 0.01), "mse").get_yscale() == "log"
    assert axis((0.5, 0.6, 0.7), "mse").get_yscale() == "linear"


def test_accuracy_against_depth_has_a_line_per_head_count(make_store):
    store = open_store(make_store([point(10, heads=(h,) * depth) for h in (1, 2) for depth in (1, 2, 3)]))
    axis = accuracy_figure(store, x="depth", lines="heads").axes[0]
    for heads in (1, 2):
        np.testing.assert_allclose(errorbar(axis, f"theory/accuracy {heads}")[0].get_xydata(),
                                   [(depth, accuracy(10)) for depth in (1, 2, 3)])
    with pytest.raises(UsageError, match="depth: 1, 2, 3"):
        accuracy_figure(store, x="heads")


def test_order_parameter_of_one_point_and_of_a_higher_layer(store):
    image = order_parameter_figure(store, ["width=10", "seed=2"]).axes[0].images[0]
    expected = order_parameter(10, seed=2)
    np.testing.assert_allclose(image.get_array(), expected / expected.max())
    axis = order_parameter_figure(store, ["width=10"], layer=2).axes[0]
    assert [label.get_text() for label in axis.get_xticklabels()] == ["1", "2"]
    assert axis.get_xlabel().startswith("$N$ = 10, $P$ = 100, $T$ = 0.01\nmean of 2 seeds")
    with pytest.raises(UsageError, match="width: 10, 100, 1000"):
        order_parameter_figure(store)


def test_order_parameter_names_paths_by_heads_that_have_names(make_store):
    some, all_named = point(10), point(100)
    some["point/head_names"] = "; ; induction; copy"
    all_named["point/head_names"] = "match; a name of more than fourteen; induction; copy"
    store = open_store(make_store([some, all_named]))

    def labels(width, **options):
        return [label.get_text() for label in order_parameter_figure(store, [f"width={width}"], **options).axes[0].get_yticklabels()]
    assert labels(10) == ["1.1", "1.2", "2.1", "2.2"]
    assert labels(100) == ["match \u2192 induction", "match \u2192 copy", "a name of mor\u2026 \u2192 induction", "a name of mor\u2026 \u2192 copy"]
    assert labels(100, layer=2) == ["induction", "copy"]


@pytest.mark.parametrize("suffix, beginning", [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")])
def test_the_suffix_is_the_format(store, tmp_path, suffix, beginning):
    file = tmp_path / f"figure.{suffix}"
    save_figure(figure2(store), str(file))
    assert file.read_bytes().startswith(beginning) and file.stat().st_size > 10_000


def test_references_are_named_as_such():
    assert group_label("reference-true") == "reference: true"
    assert group_label("gp-next.match") == "GP of next.match"


def test_every_path_is_named_while_there_is_room(make_store):
    for heads, shown in (((5, 5), 25), ((12, 12), 36)):
        axis = order_parameter_figure(open_store(make_store([point(10, heads=heads)], f"{heads[0]}.h5"))).axes[0]
        assert len(axis.get_xticklabels()) == len(axis.get_yticklabels()) == shown


def test_few_test_examples_are_a_band(make_store):
    records = [{**point(width), "theory/accuracy": 1.0} for width in (10, 100)]  # of 6 test examples
    axis = accuracy_figure(open_store(make_store(records))).axes[0]
    band = axis.collections[-1].get_paths()[0].vertices[:, 1]
    assert band.min() == pytest.approx(1 - np.sqrt(1 / 8 * 7 / 8 / 6))
    assert "over 6 test examples" in [text.get_text() for text in axis.get_legend().get_texts()][-1]
    several = [point(width, seed) for width in (10, 100) for seed in (0, 1)]
    legend = accuracy_figure(open_store(make_store(several, "seeds.h5"))).axes[0].get_legend()
    assert not [text for text in legend.get_texts() if "test examples" in text.get_text()]


def test_stores_side_by_side(make_store):
    stores = [open_store(make_store([point(width, heads=heads) for width in (10, 100)], f"{heads[1]}-paths.h5")) for heads in ((2, 1), (2, 2))]
    axis = accuracy_figure(stores[0], x="N", further=stores[1:]).axes[0]
    shown = [text.get_text() for text in axis.get_legend().get_texts()]
    assert shown[:2] == ["1-paths", "2-paths"] and len({line.get_color() for line in axis.lines}) >= 2
    with pytest.raises(UsageError, match="is given twice"):
        accuracy_figure(stores[0], further=stores[:1])
    with pytest.raises(UsageError, match="no grid axis Q; choose one of width, .*, or N, P"):
        accuracy_figure(stores[0], x="Q")


@pytest.mark.parametrize(("value", "label"), [
    (0.01, "0.01"), (200000, "200000"), (1e6, "$10^{6}$"), (3e6, r"$3 \cdot 10^{6}$"), (1e-6, "$10^{-6}$")])
def test_numbers_on_axes_are_set_as_people_write_them(value, label):
    assert tick_label(value) == label
