"""Columns of numbers and texts as one compressed byte string, which the page reads without parsing numbers.

A header (its length in 4 bytes, then JSON) says where each column lies in the bytes after it; numbers are little-endian and
aligned to 8 bytes. See analysis/page/src/payload.ts, which reads it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from ..typing import Array

FEW = 0xFFFF  # different values of a column that is packed as codes


class Packer:
    """Collects columns; bytes() gives them all."""

    def __init__(self, rows: int, wide: bool) -> None:
        """rows: of every column; wide: numbers with 64 bits, else with 32."""
        self._rows = rows
        self._real = np.dtype("<f8" if wide else "<f4")
        self._parts: list[bytes] = []
        self._length = 0
        self._scalars: list[dict[str, Any]] = []
        self._arrays: list[dict[str, Any]] = []

    def _put(self, values: Array, kind: str) -> dict[str, Any]:
        data = np.ascontiguousarray(values).astype(kind).tobytes()
        place = {"type": kind.lstrip("<"), "at": self._length, "count": int(np.size(values))}
        self._parts += [data, b"\0" * (-len(data) % 8)]
        self._length += len(data) + -len(data) % 8
        return place

    def add_scalar(self, name: str, values: pd.Series, **about: str) -> None:
        """A column of float64 (NaN = missing), Int64 (NA = missing) or text. A column without any value is left out."""
        text = values.dtype == object
        numbers = values.to_numpy() if text else values.to_numpy(dtype=float, na_value=np.nan)
        if (numbers == "").all() if text else np.isnan(numbers).all():
            return
        column: dict[str, Any] = {"name": name, "kind": "text" if text else "number", **about}
        codes, different = pd.factorize(numbers, sort=not text, use_na_sentinel=False)
        if len(different) == 1 or text or len(different) <= min(FEW, self._rows // 4):
            # Settings keep all their digits so, whatever the width of other numbers.
            column["values"] = [None if value != value else value for value in different.tolist()]
            if len(different) > 1:
                column["codes"] = self._put(codes, "<u1" if len(different) <= 0xFF else "<u2" if len(different) <= FEW else "<u4")
        else:
            column["data"] = self._put(numbers, self._real.str)
        self._scalars.append(column)

    def add_arrays(self, name: str, values: Sequence[Array], **about: str) -> None:
        """An array column: one array per row, all of one number of dimensions, size 0 where it is missing."""
        sized = [array for array in values if array.size]
        if not sized:
            return
        column: dict[str, Any] = {"name": name, "dimensions": sized[0].ndim, **about}
        if len(sized) == len(values) and all(array.shape == sized[0].shape for array in sized):
            column["shape"] = list(sized[0].shape)
            stacked = np.stack(sized)
            if (stacked == stacked[0]).all():
                column["same"] = True
                sized = sized[:1]
        else:
            shapes = np.array([array.shape if array.size else (0,) * sized[0].ndim for array in values])
            column["shapes"] = self._put(shapes, "<u4")
        column["data"] = self._put(np.concatenate([array.ravel() for array in sized]), self._real.str)
        self._arrays.append(column)

    def bytes(self, about: dict[str, Any]) -> bytes:
        """All of it, compressed. `about` joins the header."""
        header = {**about, "rows": self._rows, "scalars": self._scalars, "arrays": self._arrays}
        text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-(len(text) + 4) % 8)
        whole = b"".join([len(text).to_bytes(4, "little"), text, *self._parts])
        return gzip.compress(whole, compresslevel=4, mtime=0)
