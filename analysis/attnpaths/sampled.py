"""Monte Carlo results of the samplers, drawn as points with error bars beside the lines of the theory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from .style import draw_curve, group_label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .store import Store
    from .typing import Array

GROUPS = ("sampling/order-parameter", "sampling/weights")
# Small filled dots and larger open squares: both are seen where they coincide.
MARKS = {"sampling/order-parameter": {"marker": "o", "markersize": 4.2},
         "sampling/weights": {"marker": "s", "markersize": 7.5, "markerfacecolor": "none"}}
BELIEVED = ("sampled", "doubtful")  # verdicts; what is doubtful has errors that may be somewhat larger than they say
NOT_CONVERGED = {"color": "0.55", "markerfacecolor": "none"}


class Sampled(NamedTuple):
    """Sampled means against a grid axis."""

    x: Array  # [x]
    mean: Array  # [x, ...]
    error: Array  # Monte Carlo standard errors [x, ...]; NaN where the store has none
    converged: Array  # [x]; whether every seed was sampled and reached its targets
    seeds: Array  # how many points stand behind a mean [x]


def mcse_column(group: str, quantity: str) -> str:
    """Column of the standard error of a quantity: "accuracy-mnist" -> GROUP/accuracy_mcse-mnist."""
    base, dash, test_set = quantity.partition("-")
    return f"{group}/{base}_mcse{dash}{test_set}"


def _values(store: Store, column: str, rows: Any) -> list[Array]:
    """One array per row, a scalar as an array without axes; NaN throughout for an unknown column."""
    if column not in store.columns:
        return [np.array(np.nan)] * len(rows)
    if store.columns[column] == "array":
        return store.arrays(column, rows)
    return [np.array(value) for value in store.column(column, rows).to_numpy(dtype=float, na_value=np.nan)]


def sampled_curves(store: Store, points: pd.DataFrame, by: str, quantity: str) -> list[tuple[str, Sampled]]:
    """Sampled means of a scalar or array quantity against `by`: list of (group, Sampled), of the groups with values.

    Means over seeds. The error is the Monte Carlo one alone, sqrt(sum mcse^2) / seeds: the theory's line averages the
    same seeds, so that what differs between seeds moves both. (Where a seed lacks samples, `converged` is false.)
    """
    curves = [(group, _sampled(store, points, by, group, quantity))
              for group in GROUPS if f"{group}/{quantity}" in store.columns]
    return [(group, sampled) for group, sampled in curves if sampled.x.size]


def _sampled(store: Store, points: pd.DataFrame, by: str, group: str, quantity: str) -> Sampled:
    frame = pd.DataFrame({"x": points[by].astype(float)})
    frame["value"] = pd.Series(_values(store, f"{group}/{quantity}", points.index), points.index, dtype=object)
    frame["mcse"] = pd.Series(_values(store, mcse_column(group, quantity), points.index), points.index, dtype=object)
    verdict = f"{group}/verdict"
    frame["sampled"] = store.column(verdict, points.index).isin(BELIEVED) if verdict in store.columns else True
    rows = []
    for x, seeds in frame.groupby("x"):
        present = seeds[seeds["value"].map(lambda value: value.size > 0 and bool(np.isfinite(value).all()))]
        if len(present):
            value, mcse = np.stack(list(present["value"])), np.stack(list(present["mcse"]))
            error = np.broadcast_to(np.sqrt((mcse**2).sum(axis=0)) / len(present), value.shape[1:])
            converged = bool(seeds["sampled"].all()) and len(present) == len(seeds)
            rows.append((x, value.mean(axis=0), error, converged, len(seeds)))
    return Sampled(*map(np.array, zip(*rows))) if rows else Sampled(*[np.empty(0)] * 5)


def draw_sampled(axis: Axes, group: str, sampled: Sampled, colour: str, element: tuple[int, ...] = ()) -> None:
    """Points with error bars, hollow and grey where the sampler did not converge.

    `element` is the index of one element where the quantity is an array.
    """
    for converged in (True, False):
        chosen = sampled.converged == converged
        if chosen.any():
            draw_curve(axis, sampled.x[chosen], sampled.mean[(chosen, *element)], sampled.error[(chosen, *element)],
                       label=group_label(group) + ("" if converged else ", not converged"), elinewidth=1.2,
                       **_style(group, colour, converged))


def sampled_handles(curves: Any, colour: str) -> list[Any]:
    """Legend entries for the curves drawn, and for points that did not converge if there are any."""
    handles = []
    for group in GROUPS:
        drawn = [sampled for name, sampled in curves if name == group]
        if drawn:
            handles.append(Line2D([], [], label=group_label(group), **_style(group, colour)))
        if not all(sampled.converged.all() for sampled in drawn):
            several = any(sampled.seeds.max() > 1 for sampled in drawn)
            handles.append(Line2D([], [], label="not converged at every seed" if several else "not converged",
                                  **_style(group, colour, converged=False)))
    return handles


def _style(group: str, colour: str, converged: bool = True) -> dict[str, Any]:
    return {"color": colour, "linestyle": "", "zorder": 3, **MARKS[group], **({} if converged else NOT_CONVERGED)}
