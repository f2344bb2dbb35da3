"""Heat maps of the order parameter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import UsageError
from ..names import class_names, head_names, shown_name
from ..paths import path_output_labels
from ..selection import arrays_over_seeds, require_unambiguous, select_points, variance_words
from ..style import value_label
from .axes import axes_figure
from .figure import Figure, option

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Array, Where

SMALLEST = 4.5  # points of a label that can be read


def draw_matrix(axis: Axes, values: Array, labels: Sequence[str], limit: float, colours: str = "RdBu_r", inches: float = 2.9) -> Any:
    """Heat map of a matrix between paths [n, n] on a colour scale from -limit to limit; returns the image.

    inches: room for the map, by which labels are made so small that all can be read, or left out at equal distances.
    """
    image = axis.imshow(values, cmap=colours, vmin=-limit, vmax=limit, interpolation="nearest")
    every = max(1, int(np.ceil(SMALLEST * 1.15 * len(labels) / (72 * inches))))
    are_short = len(labels) <= 4 and max(map(len, labels)) <= 8  # beside each other
    size = float(np.clip(72 * inches * every / (1.15 * len(labels)), SMALLEST, 8.5 if are_short else 7))
    ticks = range(0, len(labels), every)
    axis.set_xticks(ticks, labels[::every], fontsize=size, rotation=0 if are_short else 90)
    axis.set_yticks(ticks, labels[::every], fontsize=size)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    return image


def draw_order_parameter(axis: Axes, order_parameter: Array, labels: Sequence[str], caption: str, inches: float = 2.9) -> Any:
    """Heat map of U [n, n], divided by its largest |element|, on a colour scale symmetric about 0.

    The caption and that largest value stand below the map. Returns the image.
    """
    largest = np.abs(order_parameter).max()
    image = draw_matrix(axis, order_parameter / largest, labels, 1, inches=inches)
    axis.set_xlabel(f"{caption}\nmax $|U|$ = {largest:.3g}", fontsize=9)
    return image


def order_parameter_labels(store: Store, row: int, layer: int = 1, named: bool = False) -> list[str]:
    """Row labels of U_l at one point of the store: paths through layers l..L, and classes where each has an output.

    named: paths by their heads' names, if they have any.
    """
    heads = [shown_name(name) for name in head_names(store, row)] if named else []
    outputs = int(store.column("point/outputs", [row]).iloc[0])
    return path_output_labels([int(count) for count in store.array("point/head_counts", row).ravel()], outputs, layer,
                              [shown_name(name) for name in class_names(store, row)], heads)


def draw_order_parameter_of(axis: Axes, store: Store, where: Where = (), layer: int = 1, group: str = "theory") -> None:
    """Draw a heat map of U_1 (or U_l of a higher layer) of one grid point, averaged over seeds if there are several."""
    points = select_points(store, where)
    require_unambiguous(points)
    column = f"{group}/order_parameter" + (f"_above-layer{layer}" if layer > 1 else "")
    if column not in store.columns:
        raise UsageError(f"{store.path}: no column {column}")
    _, means, _ = arrays_over_seeds(store, points, "point/width", column)
    labels = order_parameter_labels(store, points.index[0], layer, named=True)
    seeds = points["point/seed"].nunique()
    point = points.iloc[0]
    caption = ", ".join([f"$N$ = {point['point/widths']}", f"$P$ = {point['point/examples']}", *variance_words(store, points.index[0]),
                         f"$T$ = {value_label(point['point/temperature'])}"])
    caption += f"\nmean of {seeds} seeds" if seeds > 1 else ""
    image = draw_order_parameter(axis, means[0], labels, caption)
    axis.figure.colorbar(image, ax=axis, label=r"$U\,/\,\max|U|$", shrink=0.9)
    axis.set_title(f"order parameter $U_{layer}$ between paths")


def order_parameter_figure(store: Store, where: Where = (), layer: int = 1, group: str = "theory") -> MplFigure:
    """Figure of the order parameter of one grid point; see draw_order_parameter_of."""
    return axes_figure(draw_order_parameter_of, 4.4, 3.8, store, where, layer, group)


FIGURE = Figure(
    "order-parameter", "heat map of the order parameter of one grid point",
    lambda store, options: order_parameter_figure(store, options.where, options.layer, options.group),
    (option("--layer", type=int, default=1, help="layer l of U_l (default: 1)"),
     option("--group", default="theory", help="column group (default: theory)")))
