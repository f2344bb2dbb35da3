"""Compressibility: how narrow a network may be, part by part of a sweep over widths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..parts import part_label, points_by_part
from ..regime import mark_outside
from ..selection import over_seeds
from ..style import (COLOURS, MARKERS, SETTING_NAMES, draw_curve, figure_style, legend_right, new_figure, panel,
                     scale_axis)
from .figure import Figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Where


def sufficient_width(points: pd.DataFrame) -> float:
    """The smallest width whose mean accuracy is within one standard error of the best one's.

    The error is that over seeds of the difference to the best width, which has the same data; without several seeds only
    the best width itself is sure to suffice.
    """
    table = points.pivot_table(index="point/seed", columns="point/width", values="theory/accuracy")
    best = table.mean().idxmax()
    behind = table.rsub(table[best], axis=0)
    allowed = behind.sem().fillna(0)
    return float(min(width for width in table.columns if behind[width].mean() <= allowed[width]))


def compressibility_figure(store: Store, where: Where = ()) -> MplFigure:
    """(a) accuracy and (b) log evidence against the width, a line for every part of the sweep; means over seeds.

    Rings in (a) mark the smallest width that suffices (sufficient_width), dashed lines the Gaussian process; (b) is relative
    to the part's greatest. Raises UsageError if anything but width and seed varies within a part.
    """
    evidence = "evidence/ratio" if "evidence/ratio" in store.columns else None
    columns = ["theory/accuracy", "gp/accuracy", *([evidence] if evidence else [])]
    parts = points_by_part(store, where, columns, free=["width"])
    with figure_style():
        figure = new_figure(8.8 if evidence else 5.6, 3.5)
        axes = figure.subplots(1, 2 if evidence else 1, squeeze=False)[0]
        handles = []
        for number, (name, points) in enumerate(parts.items()):
            colour = COLOURS[number % len(COLOURS)]
            options = {"color": colour, "marker": MARKERS[number % len(MARKERS)]}
            curve = over_seeds(points, "point/width", "theory/accuracy")
            handles.append(draw_curve(axes[0], curve.index, curve["mean"], curve["error"], **options,
                                      label=part_label(name) or "theory"))
            axes[0].axhline(points["gp/accuracy"].mean(), color=colour, linestyle="--", linewidth=1)
            enough = sufficient_width(points)
            axes[0].plot([enough], [curve["mean"][enough]], marker="o", markersize=12, color=colour, fillstyle="none",
                         linestyle="")
            if evidence and points[evidence].notna().any():
                curve = over_seeds(points, "point/width", evidence)
                draw_curve(axes[1], curve.index, curve["mean"] - curve["mean"].max(), np.full(len(curve), np.nan), **options)
        everything = next(iter(parts.values()))
        widths = sorted({width for points in parts.values() for width in points["point/width"]})
        for axis, letter, label in zip(axes, "ab", ("test accuracy", "log evidence, below its greatest")):
            scale_axis(axis, widths)
            axis.set_xlabel(SETTING_NAMES["width"])
            axis.set_ylabel(label)
            if evidence:
                panel(axis, letter, label.partition(",")[0])
            outside = mark_outside(axis, store, everything)
        rings = axes[0].plot([], [], marker="o", markersize=9, color="0.3", fillstyle="none", linestyle="",
                             label="smallest width that suffices")
        process = axes[0].plot([], [], color="0.3", linestyle="--", linewidth=1, label="GP (infinite width)")
        legend_right(axes[-1], [*handles, *process, *rings, *outside])
    return figure


FIGURE = Figure("compressibility", "accuracy and evidence against the width, and the smallest width that suffices",
                lambda store, options: compressibility_figure(store, options.where))
