"""In-context prediction of the next symbol: accuracy over widths, at a temperature and at that of greatest evidence."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from ..errors import UsageError
from ..selection import over_seeds, require_unambiguous, select_points
from ..style import (COLOURS, MARKERS, SETTING_NAMES, draw_curve, figure_style, group_label, legend_right, new_figure,
                     panel, scale_axis)
from .figure import Figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Where

EVIDENCE = "evidence/ratio"


def of_greatest_evidence(points: pd.DataFrame) -> pd.DataFrame:
    """Of every width and seed the point whose temperature has the greatest evidence."""
    known = points.dropna(subset=[EVIDENCE])
    return known.loc[known.groupby(["point/width", "point/seed"])[EVIDENCE].idxmax()]


def _accuracy(axis: Axes, points: pd.DataFrame, references: list[str]) -> list[Line2D]:
    best = of_greatest_evidence(points)
    temperatures = sorted(points["point/temperature"].unique())
    for number, temperature in enumerate(temperatures):
        curve = over_seeds(points[points["point/temperature"] == temperature], "point/width", "theory/accuracy")
        draw_curve(axis, curve.index, curve["mean"], curve["error"], color=COLOURS[number % 6], linewidth=1,
                   marker=MARKERS[number % 6], markersize=3.5, label=f"$T$ = {temperature:g}")
    curve = over_seeds(best, "point/width", "theory/accuracy")
    draw_curve(axis, curve.index, curve["mean"], curve["error"], color="black", linewidth=2.4, label="greatest evidence")
    handles = [Line2D([], [], color=COLOURS[number % 6], linewidth=1, marker=MARKERS[number % 6], markersize=3.5,
                      label=f"$T$ = {temperature:g}") for number, temperature in enumerate(temperatures)]
    handles.append(Line2D([], [], color="black", linewidth=2.4, label="$T$ of greatest evidence"))
    for column, dash in zip(references, itertools.cycle(["--", ":", "-."])):
        handles.append(axis.axhline(points.groupby("point/seed")[column].mean().mean(), color="0.4", linestyle=dash,
                                    linewidth=1.2, label=group_label(column.rpartition("/")[0])))
    axis.set_ylabel("test accuracy")
    axis.set_xlabel(SETTING_NAMES["width"])
    scale_axis(axis, sorted(points["point/width"].unique()))
    return handles


def _evidence(axis: Axes, points: pd.DataFrame) -> list[Line2D]:
    handles = []
    for number, (width, family) in enumerate(points.groupby("point/width")):
        colour, marker = COLOURS[number % 6], MARKERS[number % 6]
        curve = over_seeds(family, "point/temperature", EVIDENCE)
        draw_curve(axis, curve.index, curve["mean"] - curve["mean"].max(), np.full(len(curve), np.nan), color=colour)
        axis.plot([curve["mean"].idxmax()], [0], color=colour, marker=marker, markersize=7, linestyle="")
        handles.append(Line2D([], [], color=colour, marker=marker, label=f"$N$ = {width:g}"))
    axis.set_yscale("symlog", linthresh=1)
    axis.set_xlabel(SETTING_NAMES["temperature"])
    axis.set_ylabel("log evidence, below its greatest")
    scale_axis(axis, sorted(points["point/temperature"].unique()))
    return handles


def induction_figure(store: Store, where: Where = ()) -> MplFigure:
    """(a) accuracy over N at every temperature, at that of greatest evidence, and of those who know how sequences are made
    (references); (b) evidence over temperatures, with its greatest value for every N. Means over seeds.

    Raises UsageError if the store has one temperature or no evidence, or if anything but N, T and seed varies.
    """
    references = [name for name in store.columns if name.startswith("reference-") and name.endswith("/accuracy")]
    if EVIDENCE not in store.columns:
        raise UsageError(f"{store.path}: has no evidence; sweep it again with --analyses.run default")
    points = select_points(store, where, ["theory/accuracy", EVIDENCE, *references])
    require_unambiguous(points, free=["width", "temperature"])
    if points["point/temperature"].nunique() < 2:
        raise UsageError(f"{store.path}: has one temperature; sweep over several, --grid.temperature 0.05..1.6..log6")
    with figure_style():
        figure = new_figure(11, 3.4)
        left, right = figure.subfigures(1, 2, width_ratios=(1.15, 1))
        for cell, letter, title in ((left, "a", "accuracy"), (right, "b", "evidence")):
            axis = cell.subplots()
            axis.set_label(title)
            handles = _accuracy(axis, points, references) if letter == "a" else _evidence(axis, points)
            panel(axis, letter, title)
            legend_right(axis, handles)
    return figure


FIGURE = Figure("induction", "accuracy over widths at the temperature of greatest evidence, with references",
                lambda store, options: induction_figure(store, options.where))
