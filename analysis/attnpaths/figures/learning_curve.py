"""Learning curves: errors predicted from one training set against those of the networks that were given P examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from ..errors import UsageError
from ..selection import arrays_over_seeds, over_seeds, require_unambiguous, select_points
from ..style import COLOURS, SETTING_NAMES, draw_curve, quantity_label, scale_axis, value_label
from .axes import axes_figure
from .figure import Figure, option

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Array, Legend, Where

CURVES = {"pool": "training and test examples as a pool", "training": "training examples alone"}
# Estimates at the P that a network was given: column name -> label and marker.
ESTIMATES = {"leave_one_out": ("leave-one-out", "x"), "generalised_cross_validation": ("generalised cross-validation", "+")}


def mse_column(name: str) -> list[str]:
    """Columns whose sum is an estimate's mean squared error."""
    return [f"learning_curve/{name}_{part}" for part in ("bias", "variance")]


def predicted_curve(store: Store, points: pd.DataFrame, curve: str) -> tuple[Array, Array]:
    """P and the predicted mse there, from the points given; means over seeds where their lists of P are the same."""
    _, examples, _ = arrays_over_seeds(store, points, "point/examples", "learning_curve/examples")
    parts = [arrays_over_seeds(store, points, "point/examples", column)[1][0] for column in mse_column(curve)]
    mse = np.sum(parts, axis=0)
    known = np.isfinite(mse)
    return examples[0][known], mse[known]


def draw_learning_curve(axis: Axes, store: Store, where: Where = (), curve: str = "pool") -> Legend:
    """Draw the mse against the number of training examples P, one colour per width. Returns what a legend is made of.

    Lines: predicted from the points of the largest P (`curve`: "pool" or "training"); points: mse on the test set of every
    network, with standard errors over seeds; crosses: what each network's training set says of it without test labels.
    Raises UsageError if the store has no learning curves, or if another setting than P, N and the seed varies.
    """
    needed = ["learning_curve/examples", *mse_column(curve)]
    if any(column not in store.columns for column in needed):
        raise UsageError(f"{store.path}: has no learning curves; sweep it again with --analyses.run \"default learning-curve\"")
    estimates = [name for name in ESTIMATES if all(column in store.columns for column in mse_column(name))]
    points = select_points(store, where, ["theory/mse", *(c for name in estimates for c in mse_column(name))])
    require_unambiguous(points, free=["examples", "width"])
    handles = []
    for number, (width, family) in enumerate(points.groupby("point/width")):
        colour = COLOURS[number % len(COLOURS)]
        largest = family[family["point/examples"] == family["point/examples"].max()]
        examples, mse = predicted_curve(store, largest, curve)
        axis.plot(examples, mse, color=colour)
        measured = over_seeds(family, "point/examples", "theory/mse")
        draw_curve(axis, measured.index, measured["mean"], measured["error"], color=colour, linestyle="", marker="o")
        for name in estimates:
            estimate = family.assign(mse=family[mse_column(name)].astype(float).sum(axis=1, skipna=False))
            estimate = over_seeds(estimate, "point/examples", "mse")
            axis.plot(estimate.index, estimate["mean"], color=colour, linestyle="", marker=ESTIMATES[name][1])
        handles.append(Line2D([], [], color=colour, marker="o", label=f"$N$ = {value_label(width)}"))
    handles += [Line2D([], [], color="0.3", label=f"predicted:\n{CURVES[curve]}"),
                Line2D([], [], color="0.3", linestyle="", marker="o", label="theory, on the test set")]
    handles += [Line2D([], [], color="0.3", linestyle="", marker=ESTIMATES[name][1], label=ESTIMATES[name][0])
                for name in estimates]
    scale_axis(axis, sorted({*points["point/examples"].astype(float), *examples}))
    axis.set_yscale("log")
    axis.set_xlabel(SETTING_NAMES["examples"])
    axis.set_ylabel(quantity_label("mse"))
    return {"handles": handles}


def learning_curve_figure(store: Store, where: Where = (), curve: str = "pool") -> MplFigure:
    """Figure of the mse against the number of training examples; see draw_learning_curve."""
    return axes_figure(draw_learning_curve, 6.4, 3.6, store, where, curve)


FIGURE = Figure(
    "learning-curve", "mean squared error against the number of training examples, predicted and as it is",
    lambda store, options: learning_curve_figure(store, options.where, options.curve),
    (option("--curve", choices=list(CURVES), default="pool", help="what errors are predicted from (default: pool)"),))
