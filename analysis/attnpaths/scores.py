"""How much of an order parameter goes through each head and each path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .typing import Array


def _through(magnitudes: Array, chosen: Array) -> float:
    """Sum over the pairs of paths of which at least one is chosen; each pair counts once."""
    return float(magnitudes[chosen].sum() + magnitudes[:, chosen].sum() - magnitudes[np.ix_(chosen, chosen)].sum())


def head_scores(order_parameter: Array, head_counts: Sequence[int]) -> Array:
    """Head scores s(l, h): sum of |U_1| over pairs of paths with head h of layer l in either, relative to the largest.

    order_parameter: U_1 [n, n] of one output, n = prod H_l, h_1 the slowest index. Returns [sum H_l], layer by layer
    (theory section 7; arXiv:2405.15926, figure 3e).
    """
    counts = [int(count) for count in head_counts]
    magnitudes = np.abs(order_parameter)
    heads_of_paths = np.indices(counts).reshape(len(counts), -1)  # [L, n]
    scores = np.array([_through(magnitudes, np.flatnonzero(heads == head))
                       for heads, count in zip(heads_of_paths, counts) for head in range(count)])
    return np.asarray(scores / scores.max())


def path_scores(order_parameter: Array) -> Array:
    """Path scores: sum of |U_1| over pairs of paths with this path in either, relative to the largest; [n]."""
    magnitudes = np.abs(order_parameter)
    scores = magnitudes.sum(axis=0) + magnitudes.sum(axis=1) - np.diag(magnitudes)
    return np.asarray(scores / scores.max())
