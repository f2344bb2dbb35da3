"""Accuracy, or another quality of the predictors, against a grid axis."""

import itertools

import numpy as np
from matplotlib.lines import Line2D

from .errors import UsageError
from .selection import LISTED, SETTINGS, over_seeds, require_unambiguous, select_points
from .style import (COLOURS, MARKERS, SETTING_NAMES, draw_curve, figure_style, group_label, legend_right,
                    new_figure, quantity_label, scale_axis, value_label)

ORDER = ("theory", "theory-diagonal", "sampling/order-parameter", "sampling/weights", "gp")


def groups_with(store, quantity):
    """Column groups that have this quantity: the theory first, then samples, then Gaussian processes."""
    found = [name.rpartition("/")[0] for name in store.columns if name.endswith(f"/{quantity}")]
    if not found:
        raise UsageError(f"{store.path}: no predictor has a column {quantity}")
    return sorted(found, key=lambda group: (ORDER.index(group) if group in ORDER else len(ORDER), group))


def draw_against_width(axis, store, where=(), quantity="accuracy"):
    """Draw a quantity of every predictor against the width N; Gaussian processes are horizontal lines.

    Means over seeds with standard errors (bars, or a band for a horizontal line). Returns the legend's handles.
    """
    groups = groups_with(store, quantity)
    points = select_points(store, where, [f"{group}/{quantity}" for group in groups])
    require_unambiguous(points, free=["width"])
    handles = []
    dashes = itertools.cycle(["--", "-.", ":"])
    for number, group in enumerate(groups):
        column, colour = f"{group}/{quantity}", COLOURS[number % len(COLOURS)]
        if points[column].isna().all():
            continue
        if group.startswith("gp"):
            per_seed = points.groupby("point/seed")[column].mean()  # the same at every width
            mean, error = per_seed.mean(), per_seed.sem()
            handles.append(axis.axhline(mean, color=colour, linestyle=next(dashes), label=group_label(group)))
            if np.isfinite(error):
                axis.axhspan(mean - error, mean + error, color=colour, alpha=0.15, linewidth=0)
        else:
            curve = over_seeds(points, "point/width", column)
            handles.append(draw_curve(axis, curve.index, curve["mean"], curve["error"], color=colour,
                                      marker=MARKERS[number % len(MARKERS)], label=group_label(group)))
    scale_axis(axis, sorted(points["point/width"].unique()))
    axis.set_xlabel(SETTING_NAMES["width"])
    axis.set_ylabel(quantity_label(quantity))
    return handles


def axis_column(name):
    """Column of a grid axis given by the user's word: "width", "examples", "temperature", "seed", ..."""
    if name not in SETTING_NAMES:
        raise UsageError(f"no grid axis {name}; choose one of {', '.join(SETTING_NAMES)}")
    return LISTED.get(name, SETTINGS[name])


def accuracy_figure(store, where=(), x="width", lines=None, quantity="accuracy"):
    """Figure of a quantity against grid axis `x`, one colour per value of grid axis `lines`.

    Solid with markers: theory at finite width; dashed: Gaussian process. Means over seeds with standard errors.
    Raises UsageError if another setting than these and the seed varies.
    """
    columns = [f"{group}/{quantity}" for group in groups_with(store, quantity) if group in ("theory", "gp")]
    x_column = axis_column(x)
    line_column = None if lines is None else (SETTINGS[lines] if lines in LISTED else axis_column(lines))
    points = select_points(store, where, [*columns, x_column])
    require_unambiguous(points, free=[x, lines])
    with figure_style():
        figure = new_figure(6.4, 3.6)
        axis = figure.subplots()
        families = [(None, points)] if lines is None else list(points.groupby(line_column))
        if lines in LISTED:
            families.sort(key=lambda family: family[1]["point/width" if lines == "width" else line_column].iloc[0])
        handles = []
        for number, (value, family) in enumerate(families):
            colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number // len(COLOURS) % len(MARKERS)]
            for column in columns:
                theory = column.startswith("theory")
                curve = over_seeds(family, x_column, column)
                draw_curve(axis, curve.index, curve["mean"], curve["error"], color=colour,
                           linestyle="-" if theory else "--", marker=marker if theory else "",
                           label=column if value is None else f"{column} {value_label(value)}")
            if value is not None:
                handles.append(Line2D([], [], color=colour, marker=marker, label=value_label(value)))
        for column in columns:
            theory = column.startswith("theory")
            handles.append(Line2D([], [], color="0.3", linestyle="-" if theory else "--", marker="o" if theory else "",
                                  label=group_label(column.rpartition("/")[0])))
        legend_right(axis, handles, title=SETTING_NAMES.get(lines))
        scale_axis(axis, sorted(points[x_column].astype(float).unique()))
        axis.set_xlabel(SETTING_NAMES[x])
        axis.set_ylabel(quantity_label(quantity))
    return figure
