"""The paper's figure on the hidden-Markov task (arXiv:2405.15926, figure 2) from sweeps over widths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .accuracy import draw_against_width
from ..errors import UsageError
from ..names import classes_text
from ..quality import default_quantity
from .order_parameter import draw_order_parameter, order_parameter_labels
from ..regime import mark_outside
from ..sampled import draw_sampled, sampled_curves
from ..selection import arrays_over_seeds, require_unambiguous, select_points
from ..store import Store
from ..style import (COLOURS, GREY, MARKERS, SETTING_NAMES, draw_curve, figure_style, legend_right, new_figure, panel,
                    scale_axis)
from .figure import Figure, option

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure, SubFigure

    from ..typing import Array, Where

COMPONENTS = 10  # principal components shown by their overlaps


@dataclass
class Network:
    """The points of one network that a column of panels shows, and its order parameters against the width."""

    store: Store
    where: list[str]
    points: pd.DataFrame
    widths: Array  # [w]
    elements: Array  # U_1 of the theory, mean over seeds [w, n, n]
    errors: Array  # its standard errors over seeds [w, n, n]
    labels: list[str]  # of its rows [n]


def figure2(store: Store, where: Where = (), second: Store | None = None) -> MplFigure:
    """Figure with six panels for each of one or two networks; means over seeds with standard errors.

    (a) accuracy against N of every predictor, (b) order parameter U_1 at the smallest, middle and largest N, (c) its
    diagonal and (d) off-diagonal elements against N, (e) overlaps |v_k . y| / sqrt(P) of the leading principal
    components of the training kernel at the smallest N and of the GP, (f) their cumulative power. Lines are the theory;
    in (a), (c) and (d) points are what the store has of samples, with Monte Carlo standard errors.

    Two networks stand side by side: those of `store` and of the store `second`, such as the paper's with 4 and with 2
    paths, or two head counts of one store.
    Raises UsageError if anything but width and seed varies between the points of a network chosen by `where`.
    """
    networks = [network for one in (store, second) if one is not None for network in networks_of(one, where)]
    if len(networks) > 2:
        raise UsageError(f"the figure has room for 2 networks, not {len(networks)}; choose, "
                         f'e.g. --where "heads={networks[0].points["point/head_counts"].iloc[0]}"')
    drawings = (_accuracy, draw_maps, draw_diagonal, _off_diagonal, draw_overlaps, draw_power)
    with figure_style():
        if len(networks) == 1:
            figure = new_figure(11, 9.2)
            rows = figure.subfigures(3, 1, height_ratios=(0.9, 1, 1))
            cells = [cell for row in rows for cell in row.subfigures(1, 2)]
        else:
            figure = new_figure(11, 15.5)
            columns = figure.subfigures(1, 2)
            for column, title in zip(columns, _titles(networks)):
                column.suptitle(title, fontsize=12, fontweight="bold")
            cells = [cell for column in columns for cell in column.subfigures(6, 1)]
        for number, cell in enumerate(cells):
            drawings[number % 6](cell, networks[number // 6], "abcdefghijkl"[number])
    return figure


def networks_of(store: Store, where: Where) -> list[Network]:
    """One network per choice of heads and depth among the points of a store."""
    where = [where] if isinstance(where, str) else list(where)
    points = select_points(store, where)
    require_unambiguous(points, free=["width", "heads", "depth"])
    found = []
    for _, own in points.groupby(["point/head_counts", "point/depth"], sort=False):
        chosen = [*where, f'heads={own["point/head_counts"].iloc[0]}', f'depth={own["point/depth"].iloc[0]}']
        widths, elements, errors = arrays_over_seeds(store, own, "point/width", "theory/order_parameter")
        found.append(Network(store, chosen, own, widths, elements, errors, order_parameter_labels(store, own.index[0])))
    return found


def _titles(networks: list[Network]) -> list[str]:
    """What tells two networks apart: the number of paths, else the store's name."""
    counts = [int(np.prod(network.store.array("point/head_counts", network.points.index[0]))) for network in networks]
    if counts[0] != counts[1]:
        return [f"{count} path{'s' * (count > 1)}" for count in counts]
    return [os.path.splitext(os.path.basename(network.store.path))[0] for network in networks]


def _accuracy(cell: SubFigure, network: Any, letter: str) -> None:
    axis = cell.subplots()
    axis.set_label("accuracy")
    handles = draw_against_width(axis, network.store, network.where)
    classes = classes_text(network.store, network.points.index[0], most=4)
    quantity = "accuracy" if default_quantity(network.store) == "accuracy" else "coefficient of determination $R^2$"
    panel(axis, letter, f"{quantity}: {classes}" if classes else quantity)
    legend_right(axis, handles)


def draw_maps(cell: SubFigure, network: Any, letter: str) -> None:
    widths = network.widths
    chosen = sorted({0, len(widths) // 2, len(widths) - 1})
    maps = cell.subplots(1, len(chosen), squeeze=False)[0]
    for axis, index in zip(maps, chosen):
        axis.set_label(f"order parameter {widths[index]:g}")
        image = draw_order_parameter(axis, network.elements[index], network.labels, f"$N$ = {widths[index]:g}", inches=1.4)
        axis.set_anchor("N")
        if axis is not maps[0]:
            axis.set_yticklabels([])
    panel(maps[0], letter, "order parameter $U_1$ between paths")
    scale = maps[-1].inset_axes([1.07, 0, 0.07, 1])
    cell.colorbar(image, cax=scale, label=r"$U\,/\,\max|U|$", ticks=[-1, 0, 1])


def draw_diagonal(cell: SubFigure, network: Any, letter: str) -> None:
    n = len(network.labels)
    axis, handles = _elements(cell, network, [(i, i) for i in range(n)])
    axis.set_ylabel(r"$U^{\pi\pi}$")
    axis.set_label("diagonal of $U_1$")
    panel(axis, letter, "diagonal of $U_1$")
    legend_right(axis, handles, title="path")


def _off_diagonal(cell: SubFigure, network: Any, letter: str) -> None:
    n = len(network.labels)
    axis, handles = _elements(cell, network, [(i, j) for i in range(n) for j in range(i + 1, n)])
    axis.set_ylabel(r"$U^{\pi\pi'}$")
    axis.set_label("off-diagonal elements of $U_1$")
    panel(axis, letter, "off-diagonal elements of $U_1$")
    if handles:
        legend_right(axis, handles, title="paths")


def _elements(cell: SubFigure, network: Any, pairs: Any) -> tuple[Any, list[Any]]:
    """Elements of U_1 against N; those of many paths that stay small are drawn in grey without a name."""
    axis = cell.subplots()
    widths, elements, errors, labels = network.widths, network.elements, network.errors, network.labels
    samples = sampled_curves(network.store, network.points, "point/width", "order_parameter")
    ranked = sorted(pairs, key=lambda pair: -float(np.abs(elements[:, pair[0], pair[1]]).max()))
    names = pairs if len(pairs) <= len(COLOURS) else ranked[:len(COLOURS)]
    handles = []
    for number, (i, j) in enumerate(names):
        handles.append(draw_curve(axis, widths, elements[:, i, j], errors[:, i, j], color=COLOURS[number],
                                  marker="" if samples else MARKERS[number], zorder=2,
                                  label=labels[i] if i == j else f"{labels[i]}, {labels[j]}"))
        for group, sampled in samples:
            draw_sampled(axis, group, sampled, COLOURS[number], (i, j))
    for i, j in ranked[len(names):]:
        grey, = axis.plot(widths, elements[:, i, j], color=GREY, linewidth=0.8, zorder=1)
    if len(pairs) > len(names):
        grey.set_label(f"{len(pairs) - len(names)} smaller")
        handles.append(grey)
    axis.axhline(0, color="0.6", linewidth=0.8, zorder=0)
    scale_axis(axis, list(widths))
    axis.set_xlabel(SETTING_NAMES["width"])
    mark_outside(axis, network.store, network.points)
    return axis, handles


def _kernels(network: Any, quantity: str) -> Iterator[Any]:
    """A quantity of the kernel's components at the smallest N and of the GP: name, colour, marker, values, errors."""
    points = network.points
    smallest = points[points["point/width"] == points["point/width"].min()]
    for group, name, colour, marker in (("theory", f"$N$ = {points['point/width'].min():g}", COLOURS[0], "o"),
                                        ("gp", "GP", COLOURS[1], "s")):
        _, (values,), (errors,) = arrays_over_seeds(network.store, smallest, "point/width", f"{group}/{quantity}")
        yield name, colour, marker, values, errors


def draw_overlaps(cell: SubFigure, network: Any, letter: str) -> None:
    axis = cell.subplots()
    axis.set_label("overlaps")
    handles = []
    for name, colour, marker, values, errors in _kernels(network, "overlaps"):
        values, errors = values[:COMPONENTS], errors[:COMPONENTS]
        k = np.arange(1, len(values) + 1) + (0.12 if name == "GP" else -0.12)
        axis.vlines(k, 0, values, color=colour, linewidth=2.2)
        handles.append(draw_curve(axis, k, values, errors, color=colour, marker=marker, linestyle="", label=name))
    axis.set_xticks(range(1, len(values) + 1))
    axis.set_xlabel("principal component $k$")
    axis.set_ylabel(r"$|v_k \cdot y|\,/\,\sqrt{P}$")
    axis.set_ylim(bottom=0)
    panel(axis, letter, "alignment of principal components with the task")
    legend_right(axis, handles)


def components_label(store: Store, row: int, stored: int) -> str:
    """Label of an axis of principal components, which says so where the store does not have all P D of them."""
    point = store.read_frame(["point/examples", "point/outputs"], [row]).iloc[0]
    total = int(point["point/examples"]) * int(point["point/outputs"])
    product = "$P$" if point["point/outputs"] == 1 else "$P\\,D$"
    return "principal component $k$" + (f" (first {stored} of {product} = {total} stored)" if stored < total else "")


def draw_power(cell: SubFigure, network: Any, letter: str) -> None:
    axis = cell.subplots()
    axis.set_label("cumulative power")
    handles = []
    for name, colour, marker, values, errors in _kernels(network, "cumulative_power"):
        k = np.arange(1, len(values) + 1)
        handles += axis.plot(k, values, color=colour, marker=marker, markersize=3.5, label=name)
        axis.fill_between(k, values - np.nan_to_num(errors), values + np.nan_to_num(errors), color=colour, alpha=0.15,
                          linewidth=0)
    axis.set_ylim(0, 1.05)
    scale_axis(axis, range(1, len(k) + 1))
    axis.set_xlabel(components_label(network.store, network.points.index[0], len(k)))
    axis.set_ylabel("cumulative power $C(k)$")
    panel(axis, letter, "power in the leading components")
    legend_right(axis, handles)


FIGURE = Figure(
    "figure2", "accuracy, order parameter and alignment against the width",
    lambda store, options: figure2(store, options.where, options.second),
    (option("second", nargs="?", metavar="STORE2", help="store of a second network, drawn beside the first"),),
    further_stores=("second",))
