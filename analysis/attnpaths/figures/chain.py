"""Reasoning in steps: which depth reaches the end of a chain, part by part of a sweep over depths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import UsageError
from ..parts import part_label, points_by_part
from ..selection import over_seeds
from ..style import SETTING_NAMES, figure_style, new_figure, panel
from .figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Array, Where


def accuracies(store: Store, where: Where = ()) -> tuple[list[str], list[int], list[tuple[str, Array]]]:
    """Parts, depths, and for the narrowest network and the Gaussian process the mean accuracy over seeds [part, depth]."""
    parts = points_by_part(store, where, ["theory/accuracy", "gp/accuracy"], free=["width", "depth", "heads"])
    depths = sorted({int(depth) for part in parts.values() for depth in part["point/depth"]})
    if len(depths) < 2:
        raise UsageError(f"{store.path}: has one depth; sweep over several, --grid.depth \"1 2 3\"")
    narrowest = min(float(part["point/width"].min()) for part in parts.values())
    tables = []
    for title, column in ((f"$N$ = {narrowest:g}", "theory/accuracy"), ("GP (infinite width)", "gp/accuracy")):
        rows = []
        for part in parts.values():
            own = part[part["point/width"] == narrowest] if column.startswith("theory") else part
            rows.append(over_seeds(own, "point/depth", column)["mean"].reindex(depths).to_numpy(dtype=float))
        tables.append((title, np.array(rows)))
    return list(parts), depths, tables


def chain_figure(store: Store, where: Where = ()) -> MplFigure:
    """Two maps of the test accuracy, part against depth: of the narrowest network and of the Gaussian process."""
    parts, depths, tables = accuracies(store, where)
    with figure_style():
        figure = new_figure(7.6, 1.3 + 0.36 * len(parts))
        axes: list[Axes] = list(figure.subplots(1, 2, squeeze=False)[0])
        for axis, (title, table), letter in zip(axes, tables, "ab"):
            axis.set_label(title)
            image = axis.imshow(table, vmin=0.5, vmax=1, cmap="viridis", aspect="auto")
            for (row, column), value in np.ndenumerate(table):
                if np.isfinite(value):
                    axis.text(column, row, f"{value:.2f}", ha="center", va="center", fontsize=9,
                              color="white" if value < 0.8 else "black")
            axis.set_xticks(range(len(depths)), [str(depth) for depth in depths])
            axis.set_yticks(range(len(parts)), [part_label(part) for part in parts] if letter == "a" else [])
            axis.set_xlabel(SETTING_NAMES["depth"])
            panel(axis, letter, title)
        figure.colorbar(image, ax=axes, label="test accuracy")
    return figure


FIGURE = Figure("chain", "accuracy of reasoning in steps, part by part against depth",
                lambda store, options: chain_figure(store, options.where))
