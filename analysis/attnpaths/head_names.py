"""What heads are called: the data set of a point may say it."""

import os

import h5py
import numpy as np

from .errors import AnalysisError
from .hdf5_file import open_hdf5


def _data_file(store, task):
    """Data set file that column point/task names, there or beside the store; None if it is not there."""
    beside = os.path.join(os.path.dirname(store.path), os.path.basename(task))
    return next((path for path in (task, beside) if os.path.isfile(path)), None)


def _names_in(path, layer, count):
    try:
        with open_hdf5(path) as file:
            item = file.get(f"heads/layer{layer}/names")
            names = item.asstr()[()] if isinstance(item, h5py.Dataset) else []
    except (AnalysisError, OSError, TypeError):
        return [""] * count
    return [str(name) for name in names] if len(names) == count else [""] * count


def head_names(store, task, head_counts):
    """Names of all heads of the points of a task, layer by layer [sum H_l]; "" for those without a name."""
    path = _data_file(store, task)
    names = [[""] * count if path is None else _names_in(path, layer, count) for layer, count in enumerate(head_counts, start=1)]
    return list(np.concatenate(names))
