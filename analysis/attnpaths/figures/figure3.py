"""The paper's figure on one-shot image classification (arXiv:2405.15926, figure 3) from one store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from ..errors import UsageError
from ..learned import KINDS, check_heads, learned_order_parameter
from .order_parameter import draw_order_parameter, order_parameter_labels
from ..pruning import read_pruning
from ..sampled import draw_sampled, sampled_curves, sampled_handles
from ..selection import settings_of
from ..style import (COLOURS, SETTING_NAMES, draw_curve, figure_style, group_label, legend_right, new_figure, panel,
                    scale_axis)
from ..temperature import GP_WIDTH, SELECT, select_temperatures, test_examples
from .figure import Figure, option
from .test_error import SHADE, accuracy_error

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure, SubFigure

    from ..pruning import Pruning
    from ..store import Store
    from ..typing import Array, Where

COMPONENTS = 50  # principal components of which overlaps are shown
TEST_SETS = {"": "classes never seen", "mnist": "MNIST, 0 and 1", "fashion-mnist": "Fashion-MNIST, top and trouser"}
THEORY, GP, SAMPLED = COLOURS[0], COLOURS[1], "#000000"
ASCENDING, DESCENDING, RANDOM = COLOURS[0], COLOURS[1], "0.45"
SELECTED_ON = {"validation": "validation classes", "test": "the test set"}


def figure3(store: Store, where: Where = (), protocol: str = "validation", heads: str | None = None,
            pruning: str | None = None, width: float | None = None) -> MplFigure:
    """Figure with panels (b) to (f) of the paper as (a) to (e); those without data are left out.

    (a) accuracy against N on every test set, each width and the GP at its temperature of `protocol` (temperature.py):
    theory as lines, samples as points with Monte Carlo standard errors; the band is the GP's standard error over the
    test examples, which are the same at all widths. (b) order parameter U_1 of the theory, of the
    samples and of the trained network in the file `heads`, each relative to its largest element. (c) overlaps
    |v_k . y| / sqrt(P) of the principal components of the training kernels. (d) head scores, and accuracy lost by
    removing each head alone, (e) accuracy of the trained network as heads are removed, from the file `pruning`.
    (b) and (c) show `width`, by default the smallest one that has samples, or the smallest.
    """
    selected = select_temperatures(store, where, protocol)
    if "accuracy" not in selected:
        raise UsageError(f"{store.path}: its targets are quantities, and figure 3 is about classes; draw figure2")
    widths = selected[selected["width"] != GP_WIDTH]
    row = int(_shown(store, widths, width)["row"])
    cells: list[tuple[float, Callable[[SubFigure], None]]] = [(1.0, lambda cell: _accuracies(cell, store, selected, protocol)),
             (1.12, lambda cell: _maps_and_alignment(cell, store, row, heads))]
    if pruning is not None:
        study = read_pruning(pruning)
        cells.append((1.0, lambda cell: _pruning(cell, study)))
    with figure_style():
        figure = new_figure(11, 3.0 * sum(height for height, _ in cells))
        parts = np.atleast_1d(figure.subfigures(len(cells), 1, height_ratios=[height for height, _ in cells]))
        for part, (_, draw) in zip(parts, cells):
            draw(part)
    return figure


def _shown(store: Store, widths: pd.Series, width: float | None) -> pd.Series:
    """The selected point that (c) and (d) show."""
    if width is not None:
        chosen = widths[widths["width"] == width]
        if chosen.empty:
            raise UsageError(f"{store.path}: no width {width:g}; it has "
                             + ", ".join(f"{value:g}" for value in widths["width"]))
        return chosen.iloc[0]
    sampled = [any(matrix.size for _, matrix in _samples(store, row)) for row in widths["row"]]
    return widths[sampled].iloc[0] if any(sampled) else widths.iloc[0]


def _samples(store: Store, row: int) -> list[tuple[str, Array]]:
    """Sampled order parameters of one point: pairs of what they are and U_1 [n, n]."""
    kinds = [(kind, column) for kind, column in KINDS.items() if kind != "theory" and column in store.columns]
    return [(kind, U) for kind, U in ((kind, store.array(column, row)) for kind, column in kinds) if U.size]


def _accuracies(cell: SubFigure, store: Store, selected: pd.DataFrame, protocol: str) -> None:
    names = [column.partition("-")[2] for column in selected if column.partition("-")[0] == "accuracy"]
    names = [name for name in TEST_SETS if name in names] + [n for n in names if n not in (*TEST_SETS, "validation")]
    # Whoever has validation classes has test classes that training never saw; other data sets have examples.
    titles = TEST_SETS if "accuracy-validation" in selected else {**TEST_SETS, "": "test examples"}
    widths, process = selected[selected["width"] != GP_WIDTH], selected.iloc[-1]
    points = store.read_frame(settings_of(store), widths["row"])
    points["point/width"] = widths["width"].to_numpy()
    axes = cell.subplots(1, len(names), squeeze=False)[0]
    samples = []
    for axis, name in zip(axes, names):
        quantity = f"accuracy-{name}" if name else "accuracy"
        axis.set_label(quantity)
        axis.plot(widths["width"], widths[quantity], color=THEORY, zorder=2)
        axis.axhline(process[quantity], color=GP, linestyle="--", zorder=1)
        count = test_examples(store, process["row"], name)
        if count:
            error = accuracy_error(process[quantity], count)
            axis.axhspan(process[quantity] - error, process[quantity] + error, color=GP, alpha=SHADE, linewidth=0)
        curves = sampled_curves(store, points, "point/width", quantity)
        for group, sampled in curves:
            draw_sampled(axis, group, sampled, SAMPLED)
        samples += curves
        scale_axis(axis, sorted(widths["width"]))
        axis.set_xlabel(SETTING_NAMES["width"])
        axis.set_title(titles.get(name, name))
        axis.tick_params(axis="x", labelsize=8.5)
    _equal_spans(axes)
    axes[0].set_ylabel("accuracy")
    panel(axes[0], "a", titles.get(names[0], names[0]))
    handles = [Line2D([], [], color=THEORY, label=group_label("theory")),
               Line2D([], [], color=GP, linestyle="--", label=group_label("gp"))]
    if any(test_examples(store, process["row"], name) for name in names):
        handles.append(Patch(color=GP, alpha=SHADE, linewidth=0, label="its standard error\nover test examples"))
    handles += sampled_handles(samples, SAMPLED)
    legend_right(axes[-1], handles, title=f"each at the $T$ of highest\naccuracy on {SELECTED_ON[protocol]}")


def _equal_spans(axes: Any) -> None:
    """Give the y axes one length, each about its own middle, so that equal differences look equal."""
    limits = [axis.get_ylim() for axis in axes]
    half = max(high - low for low, high in limits) / 2
    for axis, (low, high) in zip(axes, limits):
        axis.set_ylim((low + high) / 2 - half, (low + high) / 2 + half)


def _maps_and_alignment(cell: SubFigure, store: Store, row: int, heads: str | None) -> None:
    matrices = [("theory", store.array("theory/order_parameter", row)), *_samples(store, row)]
    if heads is not None:
        learned = learned_order_parameter(heads)
        check_heads(store, row, learned, heads)
        matrices.append(("gradient descent", learned.order_parameter))
    left, right = cell.subfigures(1, 2, width_ratios=(len(matrices) + 0.3, 1.75))
    labels = order_parameter_labels(store, row)
    axes = left.subplots(1, len(matrices), squeeze=False)[0]
    for axis, (kind, matrix) in zip(axes, matrices):
        axis.set_label(f"U {kind}")
        image = draw_order_parameter(axis, matrix, labels, kind)
        axis.set_anchor("N")
        if axis is not axes[0]:
            axis.set_yticklabels([])
    point = store.read_frame(["point/width", "point/temperature"], [row]).iloc[0]
    panel(axes[0], "b", f"order parameter $U_1$, $N$ = {point['point/width']:g}, $T$ = {point['point/temperature']:g}")
    scale = axes[-1].inset_axes([1.07, 0, 0.07, 1])
    left.colorbar(image, cax=scale, label=r"$U\,/\,\max|U|$", ticks=[-1, 0, 1])
    _alignment(right.subplots(), store, row, point["point/width"])


def _alignment(axis: Axes, store: Store, row: int, width: float) -> None:
    axis.set_label("overlaps")
    for group, name, colour, shift in (("theory", f"$N$ = {width:g}", THEORY, -0.2),
                                       ("gp", "GP", GP, 0.2)):
        values = store.array(f"{group}/overlaps", row)[:COMPONENTS]
        axis.bar(np.arange(1, len(values) + 1) + shift, values, 0.4, color=colour, label=name, linewidth=0)
    axis.set_xlabel("principal component $k$")
    axis.set_ylabel(r"$|v_k \cdot y|\,/\,\sqrt{P}$")
    axis.margins(x=0.02)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axis.legend(loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0, ncols=2, handlelength=1.2)  # above the bars
    panel(axis, "c", "task alignment")


def _pruning(cell: SubFigure, study: Pruning) -> None:
    scores, curves = cell.subplots(1, 2)
    _scores_and_drops(scores, study)
    _pruning_curves(curves, study)


def _scores_and_drops(axis: Axes, study: Pruning) -> None:
    axis.set_label("scores")
    order = np.argsort(study.scores, kind="stable")
    x = np.arange(len(order))
    axis.bar(x - 0.2, study.scores[order], 0.38, color=THEORY, linewidth=0)
    axis.set_ylim(0, 1.05)
    axis.set_ylabel("head score", color=THEORY)
    # Not 1.2, which is a path in (b).
    axis.set_xticks(x, ["L{}H{}".format(*study.heads[head]) for head in order], fontsize=8 if len(order) <= 8 else 6)
    axis.set_xlabel(f"layer L and head H, by ascending score ($N$ = {study.width:g}, $T$ = {study.temperature:g})")
    drops = axis.twinx()
    drops.set_label("drops")
    drops.spines["right"].set_visible(True)
    drops.bar(x + 0.2, 100 * study.drops[order], 0.38, color=GP, linewidth=0, yerr=100 * study.drop_errors[order],
              error_kw={"elinewidth": 1.2, "capsize": 2})
    drops.axhline(0, color="0.6", linewidth=0.8, zorder=0)
    drops.set_ylabel("accuracy drop (points)", color=GP)
    top = drops.get_ylim()[1]
    low = min(0, drops.get_ylim()[0])
    drops.set_ylim(low, top)
    axis.set_ylim(1.05 * low / top, 1.05)  # both zeros at one height
    panel(axis, "d", "head scores, and the loss without each head")


def _pruning_curves(axis: Axes, study: Pruning) -> None:
    axis.set_label("pruning")
    removed = np.arange(len(study.random.accuracy))
    axis.fill_between(removed, study.random.accuracy - study.band, study.random.accuracy + study.band, color=RANDOM,
                      alpha=0.2, linewidth=0)
    for curve, colour, marker, name in ((study.ascending, ASCENDING, "o", "least score first"),
                                        (study.random, RANDOM, "", "random order, band: standard deviation"),
                                        (study.descending, DESCENDING, "s", "highest score first")):
        draw_curve(axis, removed, curve.accuracy, curve.error, color=colour, marker=marker, label=name)
    axis.axhline(0.5, color="0.6", linewidth=0.8, linestyle=":", zorder=0)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_xlabel("heads removed")
    axis.set_ylabel("accuracy")
    axis.legend(loc="best")  # where it covers least of the curves
    panel(axis, "e", f"trained network, pruned ({study.cases} episodes)" if study.cases else "trained network, pruned")


FIGURE = Figure(
    "figure3", "one-shot classification: accuracy, order parameters, alignment, pruning",
    lambda store, options: figure3(store, options.where, options.select, options.heads, options.pruning, options.width),
    (option("--heads", metavar="FILE", help="trained network, written by attnpaths train"),
     option("--pruning", metavar="FILE", help="its accuracy without some heads, written by attnpaths prune"),
     option("--select", **SELECT),
     option("--width", type=float, metavar="N",
            help="width of order parameters and alignment (default: the smallest with samples, if any)")))
