"""Attention maps on disk while they come in, batch by batch."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ..typing import Array, StrPath


class SpooledMaps:
    """Maps [P, H, queries, keys] of batches one after another, of which no more is in memory than is asked for.

    Batches of fewer tokens than the longest have zeros behind. The file has no name: it goes with the last reference.
    """

    def __init__(self, folder: StrPath | None = None) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115: open as long as the maps are
        self._batches: list[tuple[int, int, tuple[int, ...]]] = []  # number of the first example, place in the file, shape
        self.shape: tuple[int, ...] = (0, 0, 0, 0)
        self.dtype = np.dtype(float)

    def append(self, maps: Array) -> None:
        """One batch more [examples, H, queries, keys]."""
        if not self._batches:
            self.dtype = maps.dtype
        maps = np.ascontiguousarray(maps, self.dtype)
        place = self._file.seek(0, 2)
        self._file.write(maps.data)
        self._batches.append((len(self), place, maps.shape))
        self.shape = (len(self) + len(maps), maps.shape[1], *np.maximum(self.shape[2:], maps.shape[2:]).tolist())

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, examples: slice) -> Array:
        """Maps of a slice of examples, as an array."""
        first, last, _ = examples.indices(len(self))
        result = np.zeros((max(0, last - first), *self.shape[1:]), self.dtype)
        for begin, place, shape in self._batches:
            low, high = max(first, begin), min(last, begin + shape[0])
            if low >= high:
                continue
            size = int(np.prod(shape[1:])) * self.dtype.itemsize
            self._file.seek(place + (low - begin) * size)
            own = np.frombuffer(self._file.read((high - low) * size), self.dtype).reshape(high - low, *shape[1:])
            result[low - first:high - first, :, :shape[2], :shape[3]] = own
        return result
