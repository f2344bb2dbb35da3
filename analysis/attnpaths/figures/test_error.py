"""How sure an accuracy is that was measured on so many test examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch

from ..temperature import test_examples

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from ..store import Store
    from ..typing import Array

SHADE = 0.13


def accuracy_error(accuracy: Any, examples: int) -> Array:
    """Standard error of accuracies over so many examples; of 0 and 1 that of the nearest accuracy that a prior allows, 1/(M + 2)."""
    share = np.clip(np.asarray(accuracy, dtype=float), 1 / (examples + 2), 1 - 1 / (examples + 2))
    return np.asarray(np.sqrt(share * (1 - share) / examples))


def draw_test_error(axis: Axes, store: Store, points: pd.DataFrame, quantity: str, curve: pd.DataFrame, colour: str) -> list[Any]:
    """A band about a curve of accuracies, mean against x; returns the legend's handle.

    Nothing is drawn of other quantities, where the store does not say how many test examples there were, and of means over seeds, whose
    bars hold it.
    """
    base, _, test_set = quantity.partition("-")
    examples = test_examples(store, points.index[0], test_set) if base == "accuracy" and points["point/seed"].nunique() == 1 else 0
    if not examples:
        return []
    error = accuracy_error(curve["mean"], examples)
    axis.fill_between(curve.index.to_numpy(dtype=float), curve["mean"] - error, curve["mean"] + error, color=colour, alpha=SHADE, linewidth=0)
    return [Patch(color="0.3", alpha=SHADE, linewidth=0, label=f"bands: standard error\nover {examples} test examples")]
