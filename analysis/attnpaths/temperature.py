"""Which temperature each width works at: the one of the grid that is most accurate on a set of examples, or of highest R^2 if their
targets are no classes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .errors import UsageError
from .quality import default_quantity
from .sampled import GROUPS
from .selection import SETTINGS, require_unambiguous, select_points

if TYPE_CHECKING:
    from .store import Store
    from .typing import Where

# Protocol and the test set that it selects on. "test" is the paper's protocol (arXiv:2405.15926, figure 3b): it selects
# on the very examples whose accuracy is then reported, which flatters; "validation" selects on classes of their own.
PROTOCOLS = {"validation": "-validation", "test": ""}
# The option --select of commands that choose temperatures.
SELECT: dict[str, Any] = {"choices": list(PROTOCOLS), "default": "validation",
          "help": "set that temperatures are selected on; test is the paper's protocol (default: validation)"}
GP_WIDTH = np.inf
ROUNDING = 12  # decimals to which means over seeds are equal


def quality_columns(store: Store, quantity: str) -> list[str]:
    """Names of a quantity on every test set: of "test" first, further test sets by name, "validation" last."""
    found = [name.removeprefix("theory/") for name in store.columns if re.fullmatch(f"theory/{quantity}(-.*)?", name)]
    return sorted(found, key=lambda name: (name == f"{quantity}-validation", name))


def grid_points(store: Store, where: Where, columns: Sequence[str], quantity: str) -> pd.DataFrame:
    """Done points over widths and temperatures with these columns: DataFrame as of selection.select_points, each grid point once.

    A point that is in the store both with and without samples counts with them. Raises UsageError if anything besides
    width, temperature and seed varies.
    """
    results = [f"theory/{quantity}", "theory/mse"]
    points = select_points(store, where, [*columns, *results])
    verdicts = [f"{group}/verdict" for group in GROUPS if f"{group}/verdict" in store.columns]
    samples = store.read_frame(verdicts, points.index).ne("").sum(axis=1) if verdicts else 0
    same = [column for column in SETTINGS.values() if column in points] + results
    points = (points.assign(samples=samples).sort_values("samples", ascending=False, kind="stable")
              .drop_duplicates(same).sort_index().drop(columns="samples"))
    require_unambiguous(points, free=["width", "temperature"])
    return points


def select_temperatures(store: Store, where: Where = (), protocol: str = "validation") -> pd.DataFrame:
    """Temperature of each width and of the Gaussian process: DataFrame with a row each, the GP last (width infinity).

    All choose among the same temperatures, those that every width has. Protocol "validation": highest accuracy on the
    test set "validation"; of equal ones the least mean squared error there, then the lowest temperature. Protocol
    "test", the paper's: highest accuracy on the test set, of equal ones the lowest temperature. (For its GP the paper
    has a shorter list of temperatures, where the highest of equal ones wins; not so here.)

    Columns: width, temperature, at_edge (whether it is the lowest or highest of the grid), accuracy and accuracy-NAME
    (means over seeds) on every test set, or determination (R^2) where targets are no classes, and for its point (of the first seed) row and key.
    Raises UsageError if the store lacks the set to select on, or no temperature is common to all widths.
    """
    quantity = default_quantity(store)
    suffix = _suffix(store, protocol, quantity)
    accuracies = quality_columns(store, quantity)
    errors = f"mse{suffix}"
    wanted = [f"{group}/{name}" for group in ("theory", "gp") for name in dict.fromkeys([*accuracies, errors])]
    points = grid_points(store, where, [name for name in wanted if name in store.columns], quantity)
    temperatures = set.intersection(*points.groupby("point/width")["point/temperature"].agg(set))
    if not temperatures:
        raise UsageError(f"{store.path}: no temperature is common to all widths")
    points = points[points["point/temperature"].isin(temperatures)]
    choices = [_choice(own, "theory", width, accuracies, suffix, protocol)
               for width, own in points.groupby("point/width")]
    choices.append(_choice(points, "gp", GP_WIDTH, accuracies, suffix, protocol))
    table = pd.DataFrame(choices)
    table["at_edge"] = table["temperature"].isin([min(temperatures), max(temperatures)]) & (len(temperatures) > 1)
    table["key"] = store.column("point/key", sorted(set(table["row"]))).loc[table["row"]].to_numpy()
    return table[["width", "temperature", "at_edge", *accuracies, "row", "key"]]


def _suffix(store: Store, protocol: str, quantity: str) -> str:
    if protocol not in PROTOCOLS:
        raise UsageError(f"no protocol {protocol}; choose {' or '.join(PROTOCOLS)}")
    if f"theory/{quantity}{PROTOCOLS[protocol]}" not in store.columns:
        raise UsageError(f"{store.path}: has no test set {protocol} to select temperatures on; give the data "
                         "set one (/test-validation), or select on the test set as the paper does: --select test")
    return PROTOCOLS[protocol]


def _choice(points: pd.DataFrame, group: str, width: float, accuracies: Sequence[str], suffix: str,
            protocol: str) -> dict[str, Any]:
    """The best temperature of these points, which are those of one width or, for the GP, of all."""
    names = [*accuracies, f"mse{suffix}"]
    columns = {f"{group}/{name}": name for name in names if f"{group}/{name}" in points}
    means = points.rename(columns=columns).groupby("point/temperature")[list(columns.values())].mean()
    chosen = f"{accuracies[0].partition('-')[0]}{suffix}"
    if chosen not in means or not means[chosen].notna().any():
        raise UsageError(f"no {chosen} of {group} at width {width:g}")
    ranking, ascending = [chosen, "point/temperature"], [False, True]
    if protocol == "validation" and f"mse{suffix}" in means:
        ranking.insert(1, f"mse{suffix}")
        ascending.insert(1, True)
    means = means.reset_index()
    best = means.loc[means.round(ROUNDING).sort_values(ranking, ascending=ascending).index[0]]
    row = points.index[points["point/temperature"] == best["point/temperature"]][0]
    return {"width": width, "temperature": best["point/temperature"], "row": row,
            **{name: best.get(name, np.nan) for name in accuracies}}


def temperatures_text(store: Store, table: pd.DataFrame, protocol: str) -> str:
    """The selection as a table for people."""
    shown = table.drop(columns=["row", "key", "at_edge"])
    shown["width"] = [f"{width:g}" if np.isfinite(width) else "GP" for width in table["width"]]
    shown["temperature"] = [f"{value:g}{'*' if edge else ''}"
                            for value, edge in zip(table["temperature"], table["at_edge"])]
    has_accuracy = any(name.startswith("accuracy") for name in table)
    text = f"temperature of highest {'accuracy' if has_accuracy else 'R^2'} on {_named(protocol)}\n"
    text += shown.to_string(index=False, float_format="%.4f")
    if table["at_edge"].any():
        text += "\n* at the end of the grid: a wider one may do better"
    count = test_examples(store, table["row"].iloc[0])
    if count and has_accuracy:
        text += f"\nstandard error of an accuracy of 0.75 over the {count} examples of the test set: " \
                f"{np.sqrt(0.75 * 0.25 / count):.4f}"
    return text


def _named(protocol: str) -> str:
    return 'the test set "validation"' if protocol == "validation" else "the test set itself (the paper's protocol)"


def test_examples(store: Store, row: int, test_set: str = "") -> int:
    """Examples of a test set ("": the set "test"), as far as the store has its predictions; else 0."""
    column = "predictor/mean" + (f"-{test_set}" if test_set else "")
    return len(store.array(column, row)) if column in store.columns else 0
