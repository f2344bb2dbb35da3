"""How much each head matters, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .errors import UsageError
from .names import names_of_text
from .selection import SETTINGS, VARIANCE_SYMBOLS, conditions, select_points, varying

if TYPE_CHECKING:
    from .store import Store
    from .typing import Where

SCORE = "theory/head_scores"
PER_HEAD = "[sum H_l]"  # shape of columns with a number for each head


def head_table(store: Store, where: Where = (), **choice: Any) -> pd.DataFrame:
    """DataFrame with a row for each head of every chosen point: row of the point in the store, width, examples,
    temperature, seed, and the prior variances in which these points differ (variance_readout, ...); layer, head (both from 1), name; score, its
    rank at this point (1 = the largest), and every other quantity that the store has for heads, under its column's name.

    where: conditions, see selection; choice: values of settings, width=10, temperature=[0.01, 0.1].
    Raises UsageError if the store has no head scores (the analysis scores computes them) or no such point.
    """
    columns = [name for name, kind in store.columns.items() if kind == "array" and store.attribute(name, "shape") == PER_HEAD]
    if SCORE not in columns:
        raise UsageError(f'{store.path}: has no head scores; sweep with the analysis "scores", which is there by default')
    columns = [SCORE, *(name for name in columns if name != SCORE)]
    points = select_points(store, [*([where] if isinstance(where, str) else where), *conditions(choice)])
    several = {name: SETTINGS[name] for name in varying(points) if name in VARIANCE_SYMBOLS}
    points = points.sort_values(["point/examples", *several.values(), "point/temperature", "point/width", "point/seed"], kind="stable")
    texts = store.column("point/head_names") if "point/head_names" in store.columns else None
    tables = []
    for row, settings in points.iterrows():
        counts = tuple(int(count) for count in store.array("point/head_counts", row))
        names = names_of_text("" if texts is None else texts[row], sum(counts))
        values = {name: store.array(name, row).ravel() for name in columns}
        values = {name: own if len(own) == sum(counts) else np.full(sum(counts), np.nan) for name, own in values.items()}
        table = pd.DataFrame({
            "row": row, "width": settings["point/widths"], "examples": settings["point/examples"],
            "temperature": settings["point/temperature"], "seed": settings["point/seed"],
            **{name: settings[column] for name, column in several.items()},
            "layer": np.repeat(np.arange(1, len(counts) + 1), counts),
            "head": np.concatenate([np.arange(1, count + 1) for count in counts]), "name": names, "score": values.pop(SCORE)})
        table["rank"] = table["score"].rank(ascending=False, method="first").astype("Int64")
        tables.append(table.assign(**values))
    return pd.concat(tables, ignore_index=True)
