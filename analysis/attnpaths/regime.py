"""Marks of widths below the number of paths, where the theory's limit does not describe the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from .store import Store


def mark_outside(axis: Axes, store: Store, points: pd.DataFrame) -> list[Any]:
    """Shade the widths of an axis of widths at which a level has N < n. Returns the legend's handles.

    Call it after the curves are drawn. Nothing is marked where the store does not say (older versions).
    """
    if "theory/in_regime" not in store.columns:
        return []
    inside = store.column("theory/in_regime", points.index).to_numpy(dtype=float, na_value=np.nan)
    widths = points["point/width"].to_numpy(dtype=float)
    outside = widths[inside == 0]
    if outside.size == 0:
        return []
    low, high = axis.get_xlim()
    following = widths[widths > outside.max()]
    edge = np.sqrt(outside.max() * following.min()) if following.size else high
    span = axis.axvspan(low, edge, color="0.93", zorder=-1, label="$N < n$: outside the theory's regime")
    axis.set_xlim(low, high)
    return [span]
