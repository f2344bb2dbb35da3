"""A column of a store as xarray reads large files: the part that is asked for, when it is asked for."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from xarray.backends import BackendArray
from xarray.core import indexing

from .errors import StoreError
from .store import Store

if TYPE_CHECKING:
    from .typing import Array


def _outer(values: Array, key: Sequence[Any], axis: int) -> Array:
    """Values at the combinations of a key's entries (a number, a slice or numbers each), from this axis on."""
    for own in key:
        values = values[(slice(None),) * axis + (own,)]
        axis += not isinstance(own, (int, np.integer))
    return values


@functools.lru_cache(maxsize=8)
def _reopened(path: str, seal: bytes) -> Store:
    """The store in another process. Raises StoreError if its file is another by now."""
    store = Store(path, sealed=False)
    if store.seal != seal:
        store.close()
        raise StoreError(f"{path}: has changed since it was opened; open it again")
    return store


def _restored(path: str, seal: bytes, *others: Any) -> LazyColumn:
    return LazyColumn(_reopened(path, seal), *others)


class LazyColumn(BackendArray):
    """A column at some rows, [*rows, *shape of an array]; arrays that are smaller than others end in NaN.

    It reads the store that was opened, whatever has taken its place since.
    """

    def __init__(self, store: Store, column: str, rows: Array, stored: tuple[int, ...] = (), inner: tuple[int, ...] | None = None) -> None:
        """rows: of the store, in any arrangement; stored: shape that holds every array there; inner: what it is reshaped to."""
        self._store, self._column, self._rows = store, column, rows
        self._stored, self._inner = stored, stored if inner is None else inner
        self.shape = (*rows.shape, *self._inner)
        self.dtype: np.dtype[Any] = np.dtype(object if store.columns.get(column) == "text" else float)

    def as_data(self) -> Any:
        """What a variable of xarray is made of."""
        return indexing.LazilyIndexedArray(self)  # type: ignore[no-untyped-call]

    def padded(self, sizes: Sequence[int]) -> LazyColumn:
        """The same with arrays of at least this shape, which other columns have."""
        if self._inner is not self._stored:
            return self
        return LazyColumn(self._store, self._column, self._rows, tuple(sizes))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._store.path, self._store.seal, self._column, self._rows, self._stored, self._inner)

    def __getitem__(self, key: Any) -> Array:
        read: Array = indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)
        return read

    def _read(self, key: tuple[Any, ...]) -> Array:
        rows = _outer(self._rows, key[:self._rows.ndim], 0)
        distinct, places = np.unique(rows, return_inverse=True)
        values = self._values(distinct)[places.ravel()].reshape(*np.shape(rows), *self._inner)
        return _outer(values, key[self._rows.ndim:], np.ndim(rows))

    def _values(self, rows: Array) -> Array:
        """[rows, *stored]; rows are increasing."""
        if not self._stored:
            return np.asarray(self._store.column(self._column, rows).to_numpy(dtype=self.dtype))
        values = np.full((len(rows), *self._stored), np.nan)
        for target, own in zip(values, self._store.arrays(self._column, rows)):
            target[tuple(slice(size) for size in own.shape)] = own
        return values
