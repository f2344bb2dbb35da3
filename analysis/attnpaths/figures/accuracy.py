"""Accuracy, or another quality of the predictors, against a grid axis."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from ..errors import UsageError
from ..names import classes_text
from ..quality import default_quantity
from ..regime import mark_outside
from ..sampled import GROUPS, Sampled, draw_sampled, sampled_curves, sampled_handles
from ..selection import LISTED, SETTINGS, SYMBOLS, over_seeds, require_unambiguous, select_points
from ..style import COLOURS, MARKERS, SETTING_NAMES, draw_curve, group_label, quantity_label, scale_axis, scale_quantity, value_label
from .axes import axes_figure
from .figure import Figure, option
from .test_error import draw_test_error

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Legend, Where

ORDER = ("theory", "theory-diagonal", "gp")
DRAWN = ("theory", "gp")  # groups of columns that lines are drawn of against any axis
MOST_BANDS = 3  # that can be told apart
SAMPLED_COLOUR = "#000000"


def groups_with(store: Store, quantity: str) -> list[str]:
    """Column groups of the theory's predictors that have this quantity, then of Gaussian processes, for lines."""
    found = [name.rpartition("/")[0] for name in store.columns if name.endswith(f"/{quantity}")]
    found = [group for group in found if group not in GROUPS]
    if not found:
        raise UsageError(f"{store.path}: no predictor has a column {quantity}")
    return sorted(found, key=lambda group: (ORDER.index(group) if group in ORDER else len(ORDER), group))


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
    handles, processes, bands = [], [], []
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
            if group == "theory":
                bands = draw_test_error(axis, store, points, quantity, curve, colour)
    for group, sampled in samples:
        draw_sampled(axis, group, sampled, SAMPLED_COLOUR)
    handles += sampled_handles(samples, SAMPLED_COLOUR)
    scale_axis(axis, sorted(points["point/width"].unique()))
    axis.set_xlabel(SETTING_NAMES["width"])
    axis.set_ylabel(quantity_label(quantity, int(points["point/outputs"].max())))
    scale_quantity(axis, quantity)
    _name_classes(axis, store, points.index[0], quantity)
    return handles + processes + bands + error_notes(points, bool(samples)) + mark_outside(axis, store, points)


def axis_word(name: str) -> str:
    """A grid axis by the user's word, "width", "examples", "temperature", "seed", ..., or its letter, N, P, T."""
    word = SYMBOLS.get(name, name)
    if word not in SETTING_NAMES:
        raise UsageError(f"no grid axis {name}; choose one of {', '.join(SETTING_NAMES)}, or {', '.join(SYMBOLS)}")
    return word


def axis_column(name: str) -> str:
    """Column of a grid axis given by the user's word."""
    word = axis_word(name)
    return LISTED.get(word, SETTINGS[word])


@dataclass
class _Family:
    """Points of one store and one value of the axis `lines`, which are drawn alike."""

    store: Store
    value: Any  # of `lines`; None where there is one line per store
    points: pd.DataFrame
    label: str
    samples: list[tuple[str, Sampled]]


def _names(stores: Sequence[Store]) -> list[str]:
    """What tells stores apart: their files' names, with as much of the path as that takes."""
    paths = [os.path.splitext(os.path.realpath(store.path))[0].split(os.sep) for store in stores]
    deepest = max(map(len, paths))
    for depth in range(1, deepest + 1):
        names = [os.sep.join(path[-depth:]) for path in paths]
        if len(set(names)) == len(names):
            return names
    raise UsageError(f"{stores[0].path}: is given twice")


def _families(store: Store, where: Where, x: str, lines: str | None, quantity: str, name: str) -> list[_Family]:
    """The families of a store in the order of their values; name: of the store, where there are several."""
    columns = [f"{group}/{quantity}" for group in groups_with(store, quantity) if group in DRAWN]
    points = select_points(store, where, [*columns, axis_column(x)])
    if points[axis_column(x)].dtype == object:
        raise UsageError(f"{x} is a list, which has no place along an axis; draw a line for each: --lines {x}")
    require_unambiguous(points, free=[x, lines])
    found: list[tuple[Any, pd.DataFrame]] = [(None, points)]
    if lines is not None:
        line_column = SETTINGS[lines] if lines in LISTED else axis_column(lines)
        found = list(points.groupby(line_column))
        if lines in LISTED:
            by = "point/width" if lines == "width" else line_column
            found = sorted(found, key=lambda family: list(family[1][by])[:1])
    return [_Family(store, value, own, ", ".join(filter(None, [name, "" if value is None else value_label(value)])),
                    sampled_curves(store, own, axis_column(x), quantity)) for value, own in found]


def draw_accuracy(axis: Axes, store: Store, where: Where = (), x: str = "width", lines: str | None = None,
                  quantity: str | None = None, further: Sequence[Store] = ()) -> Legend:
    """Draw a quantity against grid axis `x`, one colour per value of grid axis `lines` and per store. Returns what a legend is made of.

    Solid: theory at finite width; dashed: Gaussian process; points: samples. Means over seeds, lines with standard
    errors over seeds and points with Monte Carlo standard errors.
    x, lines: words or letters, "examples" or "P"; quantity: by default the accuracy, or R^2 of quantities that are no classes;
    further: stores that are drawn beside, each in colours of its own.
    Raises UsageError if another setting than these and the seed varies in a store.
    """
    x, lines = axis_word(x), None if lines is None else axis_word(lines)
    quantity = quantity or default_quantity(store)
    stores = [store, *further]
    names = _names(stores) if further else [""]
    families = [family for one, name in zip(stores, names) for family in _families(one, where, x, lines, quantity, name)]
    marked = not any(family.samples for family in families)
    handles, bands = [], []
    for number, family in enumerate(families):
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number // len(COLOURS) % len(MARKERS)]
        for group in DRAWN:
            if group == "theory" or lines != "width":  # the Gaussian process is the same at every width: drawn once
                _draw_line(axis, family, group, quantity, x, colour, marker if marked else "")
        if len(families) <= MOST_BANDS and f"theory/{quantity}" in family.points:
            curve = over_seeds(family.points, axis_column(x), f"theory/{quantity}")
            bands = draw_test_error(axis, family.store, family.points, quantity, curve, colour)
        for group, sampled in family.samples:
            draw_sampled(axis, group, sampled, colour)
        if family.label:
            handles.append(Line2D([], [], color=colour, marker=marker if marked else "", label=family.label))
    if lines == "width":
        for number, one in enumerate(stores):
            own = pd.concat([family.points for family in families if family.store is one])
            once = own.drop_duplicates([axis_column(x), "point/seed"])
            _draw_line(axis, _Family(one, None, once, names[number], []), "gp", quantity, x, str(0.3 + 0.3 * number / len(stores)), "")
    points = pd.concat([family.points for family in families])
    for group in DRAWN:
        if f"{group}/{quantity}" in points:
            theory = group == "theory"
            handles.append(Line2D([], [], color="0.3", linestyle="-" if theory else "--", marker="o" if theory and marked else "",
                                  label=group_label(group)))
    samples = [curve for family in families for curve in family.samples]
    handles += sampled_handles(samples, "0.3")
    scale_axis(axis, sorted(points[axis_column(x)].astype(float).unique()))
    handles += bands + error_notes(points, bool(samples))
    if x == "width" and not further:
        handles += mark_outside(axis, store, points)
    axis.set_xlabel(SETTING_NAMES[x])
    axis.set_ylabel(quantity_label(quantity, int(points["point/outputs"].max())))
    scale_quantity(axis, quantity)
    _name_classes(axis, store, families[0].points.index[0], quantity)
    return {"handles": handles, "title": None if lines is None else SETTING_NAMES.get(lines)}


def _draw_line(axis: Axes, family: _Family, group: str, quantity: str, x: str, colour: str, marker: str) -> None:
    column = f"{group}/{quantity}"
    if column in family.points:
        curve = over_seeds(family.points, axis_column(x), column)
        theory = group == "theory"
        draw_curve(axis, curve.index, curve["mean"], curve["error"], color=colour, linestyle="-" if theory else "--",
                   marker=marker if theory else "", label=" ".join(filter(None, [column, family.label])))


def accuracy_figure(store: Store, where: Where = (), x: str = "width", lines: str | None = None,
                    quantity: str | None = None, further: Sequence[Store] = ()) -> MplFigure:
    """Figure of a quantity against grid axis `x`; see draw_accuracy."""
    return axes_figure(draw_accuracy, 6.4, 3.6, store, where, x, lines, quantity, further)


FIGURE = Figure(
    "accuracy", "a quality of the predictor against a grid axis, of one store or several",
    lambda store, options: accuracy_figure(store, options.where, options.x, options.lines, options.quantity, options.further),
    (option("further", nargs="*", metavar="STORE2", help="further stores, drawn in other colours"),
     option("--x", default="width", metavar="AXIS", help="grid axis along x, a word or its letter: examples or P (default: width)"),
     option("--lines", metavar="AXIS", help="grid axis with one line per value"),
     option("--quantity", help="accuracy, mse, accuracy-NAME, ... (default: accuracy, or determination, R^2, of quantities)")),
    further_stores=("further",))
