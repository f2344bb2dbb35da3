"""Self-training: test error against the number of examples without labels, beside networks that had their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from ..errors import UsageError
from ..selection import over_seeds, require_unambiguous, select_points
from ..style import COLOURS, draw_curve, figure_style, legend_right, new_figure, panel, scale_axis
from .figure import Figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Array, Where

COUNTS = "self_training/unlabelled"
LABELS = {"soft": ("-", "o"), "sign": ("--", "s")}


def last_round(table: Array) -> Array:
    """The last value of every row [k, rounds] that is there, [k]."""
    return np.array([row[np.isfinite(row)][-1] if np.isfinite(row).any() else np.nan for row in table])


def students(store: Store, points: pd.DataFrame, labels: str) -> pd.DataFrame:
    """Columns point/seed, P, M, error of every self-training with these labels."""
    found = []
    for row in points.index:
        counts, = store.arrays(COUNTS, [row])
        table, = store.arrays(f"self_training/{labels}_accuracy", [row])
        if not np.size(counts) or not np.size(table):
            continue
        found += [{"point/seed": points["point/seed"][row], "P": points["point/examples"][row], "M": count,
                   "error": 1 - accuracy} for count, accuracy in zip(counts, last_round(table))]
    return pd.DataFrame(found, columns=["point/seed", "P", "M", "error"])


def self_training_figure(store: Store, where: Where = ()) -> MplFigure:
    """Test error 1 - accuracy against M, a panel for every number P of labelled examples; means over seeds.

    Lines: students of soft and of sign pseudo-labels; the horizontal line is the teacher; crosses are networks that were
    given the labels, points of P + M examples. Raises UsageError if the store has no self-training.
    """
    if COUNTS not in store.columns:
        raise UsageError(f'{store.path}: has no self-training; sweep it again with --analyses.run "default self-training"')
    points = select_points(store, where, ["theory/accuracy"])
    require_unambiguous(points, free=["examples"])
    families = {labels: students(store, points, labels) for labels in LABELS
                if f"self_training/{labels}_accuracy" in store.columns}
    teachers = sorted({int(p) for family in families.values() for p in family["P"]})
    errors = points.assign(error=1 - points["theory/accuracy"].astype(float))
    measured = over_seeds(errors, "point/examples", "error")
    with figure_style():
        figure = new_figure(2.4 + 2.8 * len(teachers), 3.3)
        axes = figure.subplots(1, len(teachers), squeeze=False, sharey=True)[0]
        for axis, examples, letter in zip(axes, teachers, "abcdefgh"):
            axis.axhline(measured["mean"][examples], color="0.5", linewidth=1.2)
            counts: set[float] = set()
            for number, (labels, family) in enumerate(families.items()):
                line, marker = LABELS[labels]
                curve = over_seeds(family[family["P"] == examples], "M", "error")
                draw_curve(axis, curve.index, curve["mean"], curve["error"], color=COLOURS[number], linestyle=line,
                           marker=marker)
                counts |= set(curve.index)
            given = [count for count in sorted(counts) if examples + count in measured.index]
            if given:
                draw_curve(axis, given, measured["mean"].loc[[examples + count for count in given]],
                           measured["error"].loc[[examples + count for count in given]], color=COLOURS[2], linestyle="",
                           marker="x", markersize=7)
            scale_axis(axis, sorted(counts))
            axis.set_xlabel("examples without labels $M$")
            panel(axis, letter, f"$P$ = {examples} with labels")
        axes[0].set_ylabel("test error, 1 - accuracy")
        axes[0].set_ylim(bottom=0)
        handles = [Line2D([], [], color="0.5", linewidth=1.2, label="teacher")]
        handles += [Line2D([], [], color=COLOURS[number], linestyle=LABELS[labels][0], marker=LABELS[labels][1],
                           label=f"{labels} pseudo-labels") for number, labels in enumerate(families)]
        handles.append(Line2D([], [], color=COLOURS[2], linestyle="", marker="x", markersize=7, label="with all labels"))
        legend_right(axes[-1], handles)
    return figure


FIGURE = Figure("self-training", "test error against the number of examples without labels",
                lambda store, options: self_training_figure(store, options.where))
