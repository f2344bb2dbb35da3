"""Evidence of the trained value paths where one readout reads their sum, as in the model itself."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from .model import Head

RATIOS = np.logspace(-8, 8, 321)  # of temperature and prior variance, in units of the mean square of the features


def best_log_evidence(features: np.ndarray, y: np.ndarray) -> float:
    """Greatest log p(y) over T and c of y = features . w + noise, with w of variance c and noise of variance T; y [P]."""
    left, singular, _ = np.linalg.svd(features, full_matrices=False)
    eigenvalues = singular**2
    along = (left.T @ y)**2
    count, rest = len(y), max(0.0, y @ y - along.sum())
    ratio = RATIOS[:, None] * eigenvalues.mean()
    # -2 log p = log det(K_1 + r) + P (log 2 pi c + 1) at the best c = y'(K_1 + r)^-1 y / P.
    log_determinant = np.log(eigenvalues + ratio).sum(1) + (count - len(eigenvalues)) * np.log(ratio[:, 0])
    variance = ((along / (eigenvalues + ratio)).sum(1) + rest / ratio[:, 0]) / count
    return float(-(log_determinant + count * (np.log(2 * np.pi * variance) + 1)).min() / 2)


class OneReadout:
    """Path features [P, width, paths] of layers of `heads` heads and a residual each, summed before they are read."""

    def __init__(self, features: np.ndarray, labels: Sequence[int], layers: int, heads: int) -> None:
        self._features = features.astype(float)
        self._y = np.where(np.asarray(labels) > 0, 1.0, -1.0)
        self._paths = list(itertools.product(range(heads + 1), repeat=layers))

    def log_evidence(self, removed: Sequence[Head]) -> float:
        """Of the paths that avoid these heads."""
        gone = set(removed)
        left = [number for number, path in enumerate(self._paths) if not gone & set(enumerate(path))]
        return best_log_evidence(self._features[:, :, left].sum(2), self._y)
