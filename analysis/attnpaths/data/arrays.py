"""Arrays of any library as numpy's. Nothing is imported that the caller has not imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError

if TYPE_CHECKING:
    from ..typing import Array

LARGEST_FLOAT = 8  # bytes; HDF5 files with wider ones are read nowhere


def _is_torch(value: Any) -> bool:
    return hasattr(value, "detach") and any(base.__module__.partition(".")[0] == "torch" for base in type(value).__mro__)


def as_array(values: Any, name: str) -> Array:
    """An array, tensor (of any device, attached to a graph or not) or nested sequence as numpy array.

    bfloat16, which numpy does not know, becomes float32. Raises DataError, which names the argument `name`.
    """
    if _is_torch(values):
        values = values.detach().cpu()
        return np.asarray((values.float() if str(values.dtype) == "torch.bfloat16" else values).numpy())
    if isinstance(values, (list, tuple)) and any(_is_torch(value) for value in values):
        values = [as_array(value, name) for value in values]
    try:
        array = np.asarray(values)
    except ValueError as error:  # lists of different lengths
        raise DataError(f"{name}: is no array ({error}); pad sequences to one length and give mask= or lengths=") from None
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    if array.dtype.kind == "f" and array.dtype.itemsize > LARGEST_FLOAT:
        array = array.astype(float)
    return array


def real_numbers(values: Any, name: str, axes: str) -> Array:
    """Numbers as a floating-point array with these axes, e.g. "[P, tokens, N0]"; DataError if it has others."""
    array = as_array(values, name)
    if array.dtype.kind not in "fiub":
        raise DataError(f"{name}: holds {array.dtype}, not real numbers")
    if array.ndim != axes.count(",") + 1 or 0 in array.shape:
        raise DataError(f"{name}: has shape {list(array.shape)}, expected {axes}")
    return array if array.dtype.kind == "f" else array.astype(np.float32 if array.dtype.itemsize < 4 else float)


def check_finite(array: Array, name: str, kept: Array | None = None) -> None:
    """DataError if a number is not finite. kept: mask [P, tokens] of those of array [P, tokens, ...] that count."""
    bad = ~np.isfinite(array)
    if kept is not None:
        bad &= kept.reshape(kept.shape + (1,) * (array.ndim - kept.ndim))
    if bad.any():
        place = np.argwhere(bad)[0]
        raise DataError(f"{name}{place.tolist()} is {array[tuple(place)]}; values must be finite")
