"""The order parameter of the theory against the sampled ones, at one grid point (as arXiv:2405.15926, figure 3c)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from ..errors import UsageError
from .order_parameter import draw_matrix, order_parameter_labels
from ..sampled import GROUPS, MARKS
from ..selection import point_caption, select_row
from ..style import COLOURS, figure_style, group_label, legend_right, new_figure, panel
from .figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure, SubFigure

    from ..store import Store
    from ..typing import Array, Where

MOST_NUMBERS = 4  # paths up to which the elements are written into the maps
LEAST_Z = 3  # largest |z| of the colour scale, at least
NAMES = {"sampling/order-parameter": "exact posterior", "sampling/weights": "all weights"}


def sampled_order_parameter_figure(store: Store, where: Where = ()) -> MplFigure:
    """Figure of U_1 of the theory and of each sampler at one grid point.

    Above: the matrices on one colour scale, and (theory - sampled) / Monte Carlo standard error (MCSE) on its own.
    Below: sampled against theoretical elements, and their differences, with bars of one MCSE.
    Raises UsageError if `where` leaves several points, or the point has no samples.
    """
    row = select_row(store, where)
    theory = store.array("theory/order_parameter", row)
    samples = {}
    for group in GROUPS:
        columns = [f"{group}/order_parameter{suffix}" for suffix in ("", "_mcse")]
        if all(column in store.columns for column in columns):
            mean, mcse = (store.array(column, row) for column in columns)
            if mean.size:
                samples[group] = (mean, mcse)
    if not samples:
        raise UsageError(f"{store.path}: row {row} has no sampled order parameter; "
                         "sweep with [sampling] method = auto")
    labels = order_parameter_labels(store, row)
    with figure_style():
        figure = new_figure(4.2 + 3.4 * len(samples), 5.6)
        figure.suptitle(_title(store, row, samples), fontsize=10, x=0.01, ha="left")
        above, below = figure.subfigures(2, 1, height_ratios=(1, 1.15))
        _maps(above, theory, samples, labels)
        _elements(below, theory, samples)
    return figure


def _title(store: Store, row: int, samples: Any) -> str:
    text = f"order parameter $U_1$ at {point_caption(store, row)}"
    lacking = [NAMES[group] for group in samples if store.column(f"{group}/verdict", [row]).iloc[0] != "sampled"]
    return text + (f"; not converged: {', '.join(lacking)}" if lacking else "")


def _maps(cell: SubFigure, theory: Array, samples: Any, labels: Sequence[str]) -> None:
    """Matrices of U, a gap for their colour scale, and the matrices of z."""
    scores = {group: (theory - mean) / mcse for group, (mean, mcse) in samples.items()}
    count = 1 + len(samples)
    axes = cell.subplots(1, count + 1 + len(scores), width_ratios=[1] * count + [0.42] + [1] * len(scores))
    axes[count].remove()
    matrices = {"theory": theory, **{NAMES[group]: mean for group, (mean, _) in samples.items()}}
    largest = max(np.abs(matrix).max() for matrix in matrices.values())
    for axis, (name, matrix) in zip(axes, matrices.items()):
        image = _map(axis, matrix, labels, largest, "RdBu_r", name, decimals=1 if largest >= 10 else 2)
        axis.set_label(f"U {name}")
    _colour_scale(cell, axes[count - 1], image)
    panel(axes[0], "a", "order parameter $U_1$")

    largest = max(LEAST_Z, *(np.abs(z[np.isfinite(z)]).max(initial=0) for z in scores.values()))
    for axis, (group, z) in zip(axes[count + 1:], scores.items()):
        image = _map(axis, z, labels, largest, "PuOr_r", NAMES[group], decimals=1)
        axis.set_label(f"z {NAMES[group]}")
    _colour_scale(cell, axes[-1], image)
    panel(axes[count + 1], "b", "(theory $-$ sampled) / MCSE")
    for axis in (*axes[1:count], *axes[count + 2:]):
        axis.set_yticklabels([])


def _map(axis: Axes, matrix: Array, labels: Sequence[str], limit: float, colours: str, name: str, decimals: int) -> Any:
    image = draw_matrix(axis, matrix, labels, limit, colours, inches=2)
    axis.set_xlabel(name, fontsize=9)
    axis.set_anchor("N")
    if len(labels) <= MOST_NUMBERS:
        for (i, j), value in np.ndenumerate(matrix):
            number = f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "\N{MINUS SIGN}")
            axis.text(j, i, number, ha="center", va="center", fontsize=6.5,
                      color="white" if abs(value) > 0.6 * limit else "black")
    return image


def _colour_scale(cell: SubFigure, axis: Axes, image: Any) -> None:
    scale = axis.inset_axes([1.06, 0, 0.07, 1])
    cell.colorbar(image, cax=scale)
    scale.tick_params(labelsize=8)


def _elements(cell: SubFigure, theory: Array, samples: Any) -> None:
    """Elements of the lower triangle, each once."""
    scatter, difference = cell.subplots(1, 2)
    rows, columns = np.tril_indices(len(theory))
    handles = []
    for group, (mean, mcse) in samples.items():
        for chosen, colour in ((rows == columns, COLOURS[0]), (rows != columns, COLOURS[1])):
            i, j = rows[chosen], columns[chosen]
            style = {"color": colour, "linestyle": "", "elinewidth": 1.2, **MARKS[group]}
            scatter.errorbar(theory[i, j], mean[i, j], mcse[i, j], label=group, **style)
            difference.errorbar(theory[i, j], theory[i, j] - mean[i, j], mcse[i, j], label=group, **style)
        handles.append(Line2D([], [], color="0.3", linestyle="", label=group_label(group), **MARKS[group]))
    handles += [Line2D([], [], color=colour, linewidth=4, label=name)
                for name, colour in (("diagonal", COLOURS[0]), ("off-diagonal", COLOURS[1]))]
    ends = np.array([theory.min(), theory.max()])
    scatter.plot(ends, ends, color="0.6", linewidth=0.8, zorder=0)
    difference.axhline(0, color="0.6", linewidth=0.8, zorder=0)
    scatter.set_label("scatter")
    difference.set_label("difference")
    scatter.set_ylabel("sampled $U$")
    difference.set_ylabel("theory $-$ sampled")
    for axis, letter, title in ((scatter, "c", "elements of $U_1$"), (difference, "d", "differences, bars: one MCSE")):
        axis.set_xlabel("$U$ of the theory")
        panel(axis, letter, title)
    legend_right(difference, handles)


FIGURE = Figure(
    "sampled-order-parameter", "order parameter of the theory against the sampled ones at one point",
    lambda store, options: sampled_order_parameter_figure(store, options.where))
