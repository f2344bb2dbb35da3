"""Labels as a data set file keeps them: numbers are the program's to judge, names become texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError
from .arrays import as_array

if TYPE_CHECKING:
    from ..typing import Array


def label_array(y: Any, class_names: Sequence[str] | None, examples: int, name: str) -> Array:
    """Labels [P] or targets [P, D] of a set, ready to be stored.

    class_names: what the labels 0, 1, ... are called, or None. Raises DataError naming the set.
    """
    labels = as_array(y, f"{name} y")
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim not in (1, 2) or len(labels) != examples:
        raise DataError(f"{name} y: has shape {list(labels.shape)}, expected [P] or [P, D] with P = {examples}")
    if class_names is not None:
        names = np.asarray([str(class_name) for class_name in class_names])
        if labels.dtype.kind not in "iub" or labels.ndim != 1:
            raise DataError(f"{name} y: holds {labels.dtype} of shape {list(labels.shape)}; with class_names it is the number of "
                            "each example's class, [P], counted from 0")
        labels = labels.astype(np.int64)
        wrong = (labels < 0) | (labels >= len(names))
        if wrong.any():
            raise DataError(f"{name} y: example {np.argmax(wrong)} (counted from 0) is of class {labels[wrong][0]}; class_names "
                            f"has {len(names)}, counted from 0")
        labels = names[labels]
    if labels.dtype.kind == "O" and all(isinstance(label, str) for label in labels.ravel()):
        labels = labels.astype(str)
    if labels.dtype.kind == "U":
        return np.char.encode(labels, "utf-8")
    if labels.dtype.kind not in "fiubS":
        raise DataError(f"{name} y: holds {labels.dtype}; give numbers, truth values or texts")
    return labels
