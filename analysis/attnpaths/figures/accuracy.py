"""Accuracy, or another quality of the predictors, against a grid axis."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from ..errors import UsageError
from ..names import classes_text
from ..regime import mark_outside
from ..sampled import GROUPS, draw_sampled, sampled_curves, sampled_handles
from ..selection import LISTED, SETTINGS, over_seeds, require_unambiguous, select_points
from ..style import COLOURS, MARKERS, SETTING_NAMES, draw_curve, group_label, quantity_label, scale_axis, scale_quantity, value_label
from .axes import axes_figure
from .figure import Figure, option

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Legend, Where

ORDER = ("theory", "theory-diagonal", "gp")
SAMPLED_COLOUR = "#000000"


def groups_with(store: Store, quantity: str) -> list[str]:
    """Column groups of the theory's predictors that have this quantity, then of Gaussian processes, for lines."""
    found = [name.rpartition("/")[0] for name in store.columns if name.endswith(f"/{quantity}")]
    found = [group for group in found if group not in GROUPS]
    if not found:
        raise UsageError(f"{store.path}: no predictor has a column {quantity}")
    return sorted(found, key=lambda group: (ORDER.index(group) if group in ORDER else len(ORDER), group))


def default_quantity(store: Store) -> str:
    """What tells a good predictor: accuracy where the store has one, else the coefficient of determination."""
    has_accuracy = any(name.endswith("/accuracy") and store.column(name).notna().any() for name in store.columns)
    return "accuracy" if has_accuracy else "determination"


def _name_classes(axis: Axes, store: Store, row: int, quantity: str) -> None:
    """Says above the axes what is told apart, where classes have names."""
    if quantity.partition("-")[0] == "accuracy" and (names := classes_text(store, row)):
        axis.set_title(names, fontsize=9)


def error_notes(points: pd.DataFrame, sampled: bool) -> list[Any]:
    """Entries of a legend that say what the error bars are; none where there are none."""
    seeds = points["point/seed"].nunique()
    notes = ([f"bars of lines:\nstandard error of {seeds} seeds"] if seeds > 1 else []) + (["bars of points:\nMonte Carlo error"] if sampled else [])
    return [Line2D([], [], linestyle="", label=note) for note in notes]


def draw_against_width(axis: Axes, store: Store, where: Where = (), quantity: str | None = None) -> list[Any]:
    """Draw a quantity of every predictor against the width N: lines for the theory, horizontal ones for Gaussian
    processes and references, points with Monte Carlo standard errors for samples.

    Means over seeds; lines have standard errors over seeds (bars, or a band if horizontal). Returns the legend's
    handles. quantity: by default the accuracy, or R^2 of quantities that are no classes.
    """
    quantity = quantity or default_quantity(store)
    groups = groups_with(store, quantity)
    points = select_points(store, where, [f"{group}/{quantity}" for group in groups])
    require_unambiguous(points, free=["width"])
    samples = sampled_curves(store, points, "point/width", quantity)
    handles, processes = [], []
    dashes = itertools.cycle(["--", "-.", ":"])
    for number, group in enumerate(groups):
        column, colour = f"{group}/{quantity}", COLOURS[number % (len(COLOURS) - 1)]  # black is for samples
        if points[column].isna().all():
            continue
        if group.startswith(("gp", "reference")):
            per_seed = points.groupby("point/seed")[column].mean()  # the same at every width
            mean, error = per_seed.mean(), per_seed.sem()
            processes.append(axis.axhline(mean, color=colour, linestyle=next(dashes), label=group_label(group)))
            if np.isfinite(error):
                axis.axhspan(mean - error, mean + error, color=colour, alpha=0.15, linewidth=0)
        else:
            curve = over_seeds(points, "point/width", column)
            handles.append(draw_curve(axis, curve.index, curve["mean"], curve["error"], color=colour,
                                      marker="" if samples else MARKERS[number % len(MARKERS)],
                                      label=group_label(group)))
    for group, sampled in samples:
        draw_sampled(axis, group, sampled, SAMPLED_COLOUR)
    handles += sampled_handles(samples, SAMPLED_COLOUR)
    scale_axis(axis, sorted(points["point/width"].unique()))
    axis.set_xlabel(SETTING_NAMES["width"])
    axis.set_ylabel(quantity_label(quantity, int(points["point/outputs"].max())))
    scale_quantity(axis, quantity)
    _name_classes(axis, store, points.index[0], quantity)
    return handles + processes + error_notes(points, bool(samples)) + mark_outside(axis, store, points)


def axis_column(name: str) -> str:
    """Column of a grid axis given by the user's word: "width", "examples", "temperature", "seed", ..."""
    if name not in SETTING_NAMES:
        raise UsageError(f"no grid axis {name}; choose one of {', '.join(SETTING_NAMES)}")
    return LISTED.get(name, SETTINGS[name])


def draw_accuracy(axis: Axes, store: Store, where: Where = (), x: Any = "width", lines: str | None = None,
                  quantity: str | None = None) -> Legend:
    """Draw a quantity against grid axis `x`, one colour per value of grid axis `lines`. Returns what a legend is made of.

    Solid: theory at finite width; dashed: Gaussian process; points: samples. Means over seeds, lines with standard
    errors over seeds and points with Monte Carlo standard errors.
    quantity: by default the accuracy, or R^2 of quantities that are no classes.
    Raises UsageError if another setting than these and the seed varies.
    """
    quantity = quantity or default_quantity(store)
    columns = [f"{group}/{quantity}" for group in groups_with(store, quantity) if group in ("theory", "gp")]
    x_column = axis_column(x)
    line_column = None if lines is None else (SETTINGS[lines] if lines in LISTED else axis_column(lines))
    points = select_points(store, where, [*columns, x_column])
    require_unambiguous(points, free=[x, lines])
    families = [(None, points)] if lines is None else list(points.groupby(line_column))
    if lines in LISTED:
        column = "point/width" if lines == "width" else line_column
        families = sorted(families, key=lambda family: list(family[1][column])[:1])
    samples = [sampled_curves(store, family, x_column, quantity) for _, family in families]
    theory_marker = "" if any(samples) else "o"
    handles = []
    for number, (value, family) in enumerate(families):
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number // len(COLOURS) % len(MARKERS)]
        for column in columns:
            theory = column.startswith("theory")
            if not theory and lines == "width":
                continue  # the same at every width: drawn once
            curve = over_seeds(family, x_column, column)
            draw_curve(axis, curve.index, curve["mean"], curve["error"], color=colour,
                       linestyle="-" if theory else "--", marker=marker if theory and theory_marker else "",
                       label=column if value is None else f"{column} {value_label(value)}")
        for group, sampled in samples[number]:
            draw_sampled(axis, group, sampled, colour)
        if value is not None:
            handles.append(Line2D([], [], color=colour, marker=marker if theory_marker else "",
                                  label=value_label(value)))
    if lines == "width":
        once = points.drop_duplicates([x_column, "point/seed"])
        for column in columns:
            if not column.startswith("theory"):
                curve = over_seeds(once, x_column, column)
                draw_curve(axis, curve.index, curve["mean"], curve["error"], color="0.3", linestyle="--", label=column)
    for column in columns:
        theory = column.startswith("theory")
        handles.append(Line2D([], [], color="0.3", linestyle="-" if theory else "--",
                              marker=theory_marker if theory else "",
                              label=group_label(column.rpartition("/")[0])))
    handles += sampled_handles(list(itertools.chain(*samples)), "0.3")
    scale_axis(axis, sorted(points[x_column].astype(float).unique()))
    handles += error_notes(points, any(samples))
    if x == "width":
        handles += mark_outside(axis, store, points)
    axis.set_xlabel(SETTING_NAMES[x])
    axis.set_ylabel(quantity_label(quantity, int(points["point/outputs"].max())))
    scale_quantity(axis, quantity)
    _name_classes(axis, store, points.index[0], quantity)
    return {"handles": handles, "title": None if lines is None else SETTING_NAMES.get(lines)}


def accuracy_figure(store: Store, where: Where = (), x: Any = "width", lines: str | None = None,
                    quantity: str | None = None) -> MplFigure:
    """Figure of a quantity against grid axis `x`; see draw_accuracy."""
    return axes_figure(draw_accuracy, 6.4, 3.6, store, where, x, lines, quantity)


FIGURE = Figure(
    "accuracy", "a quality of the predictor against a grid axis",
    lambda store, options: accuracy_figure(store, options.where, options.x, options.lines, options.quantity),
    (option("--x", default="width", metavar="AXIS", help="grid axis along x (default: width)"),
     option("--lines", metavar="AXIS", help="grid axis with one line per value"),
     option("--quantity", help="accuracy, mse, accuracy-NAME, ... (default: accuracy, or determination, R^2, of quantities)")))
