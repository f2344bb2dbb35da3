"""The next order in 1/N against depth: how far the posterior mean of the order parameter is from the saddle point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from ..errors import UsageError
from ..selection import over_seeds, require_unambiguous, select_points
from ..style import COLOURS, GREY, MARKERS, SETTING_NAMES, draw_curve, figure_style, legend_right, new_figure, panel
from .figure import Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Where

SHIFT = "next_order/shift_over_sd"
LARGEST = 0.5  # beyond it a verdict is "large-shift"


def depth_figure(store: Store, where: Where = ()) -> MplFigure:
    """max |dU|/sd(U) against depth, one colour per width, a panel for every number of paths; means over seeds.

    Above the grey line the next order is not to be trusted. Raises UsageError if another setting varies.
    """
    if SHIFT not in store.columns:
        raise UsageError(f"{store.path}: has no next order; sweep it again with --analyses.run default")
    points = select_points(store, where, [SHIFT, "point/paths"])
    require_unambiguous(points, free=["width", "depth", "heads"])
    families = {int(count): family for count, family in points.groupby("point/paths")}
    widths = sorted(points["point/width"].unique())
    with figure_style():
        figure = new_figure(2.2 + 2.9 * len(families), 3.4)
        axes = figure.subplots(1, len(families), squeeze=False, sharey=True)[0]
        for axis, (paths, family), letter in zip(axes, families.items(), "abcdefgh"):
            axis.axhline(LARGEST, color=GREY, linewidth=1)
            for number, width in enumerate(widths):
                curve = over_seeds(family[family["point/width"] == width], "point/depth", SHIFT)
                draw_curve(axis, curve.index, curve["mean"], curve["error"], color=COLOURS[number % len(COLOURS)],
                           marker=MARKERS[number % len(MARKERS)], label=f"$N$ = {width:g}")
            axis.set_yscale("log")
            axis.set_xticks(sorted(family["point/depth"].astype(int).unique()))
            axis.set_xlabel(SETTING_NAMES["depth"])
            panel(axis, letter, f"{paths} path{'s' * (paths > 1)}")
        axes[0].set_ylabel(r"max $|\delta U_{ij}|\,/\,\mathrm{sd}(U_{ij})$")
        handles = [Line2D([], [], color=COLOURS[number % len(COLOURS)], marker=MARKERS[number % len(MARKERS)],
                          label=f"$N$ = {width:g}") for number, width in enumerate(widths)]
        handles.append(Line2D([], [], color=GREY, linewidth=1, label="not trusted above"))
        legend_right(axes[-1], handles)
    return figure


FIGURE = Figure("depth", "size of the next order in 1/N against depth, for every width",
                lambda store, options: depth_figure(store, options.where))
