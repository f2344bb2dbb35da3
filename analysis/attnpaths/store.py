"""Reading an attnpaths store: one HDF5 file, one column per quantity, first axis = point."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import h5py
import numpy as np
import pandas as pd

from .errors import StoreError, UsageError
from .hdf5_file import first_bytes, hdf5_text, open_hdf5
from .unread import JournalReport, check_seal

if TYPE_CHECKING:
    import xarray as xr

    from .typing import Array, StrPath, Where

FORMAT = "attnpaths-store"
VERSION = 2
MISSING_INTEGER = np.iinfo(np.int64).min
# Short array columns that a table shows as text, in the notation of the configuration ("2:1", "20:50:30").
LISTS = ("point/head_counts", "point/widths")
VARIANCES = "point/variances"


class ListPart(NamedTuple):
    """Part of point/variances that is a column of its own, called as the configuration's key."""

    kind: str  # "real", or "text": one number, or "1:2" where layers differ
    part: slice
    description: str

    def of(self, variances: Array) -> Any:
        own = variances.ravel()[self.part]
        if self.kind == "real":
            return float(own[0]) if own.size else np.nan
        return ":".join(f"{value:g}" for value in (own[:1] if np.unique(own).size == 1 else own))


VARIANCE_COLUMNS = {
    "point/variance_input": ListPart("real", slice(0, 1), "prior variance sigma_0^2 of V0"),
    "point/variance_layers": ListPart("text", slice(1, -1), "prior variances sigma_1^2..sigma_L^2 of V^l; one number where all are equal"),
    "point/variance_readout": ListPart("real", slice(-1, None), "prior variance sigma_a^2 of a"),
}


def open_store(path: StrPath) -> Store:
    """Open a store for reading.

    Raises InputError if there is no such file, StoreError if it is no store of this version or damaged.
    """
    return Store(path)


class Store:
    """A store, opened read-only without locks; columns are read when they are asked for.

    Attributes: path, points (rows in the file), planned (points of the whole sweep), program_version, git_hash,
    configuration (text), journal (JournalReport: results that are not in the file, and damage), seal (the file's first bytes, which
    hold its checksum).
    """

    def __init__(self, path: StrPath, sealed: bool = True) -> None:
        """sealed: compare the file with its checksum first, which reads all of it."""
        self.path = os.fspath(path)
        if sealed and os.path.isfile(self.path):
            check_seal(self.path)
        self._file = open_hdf5(self.path)
        self.seal = first_bytes(self._file)
        # Beside the file itself, whatever link it was called by.
        self.journal = JournalReport(os.path.realpath(self.path) + ".journal")
        attributes = self._file.attrs
        if hdf5_text(attributes.get("format", "")) != FORMAT:
            self._fail(f"not an attnpaths store (root attribute format is not {FORMAT})")
        version = attributes.get("version")
        if version != VERSION:
            self._fail(f"store version {version}, but this package reads version {VERSION}")
        if "points" not in attributes:
            self._fail("root attribute points is missing")
        self.points = int(attributes["points"])
        self.planned = int(attributes.get("planned", self.points))
        self.program_version = hdf5_text(attributes.get("program_version", ""))
        self.git_hash = hdf5_text(attributes.get("git_hash", ""))
        self.configuration = hdf5_text(attributes.get("configuration", ""))

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def _fail(self, reason: str) -> NoReturn:
        self._file.close()
        raise StoreError(f"{self.path}: {reason}")

    @functools.cached_property
    def columns(self) -> dict[str, str]:
        """All columns, sorted by name: dict from "group/quantity" to "real", "integer", "text" or "array".

        The list point/variances is there in parts as well: point/variance_input, _layers and _readout.
        """
        found = {}
        path = self.path  # a function that calls itself lives on: it must not keep this store open

        def visit(group: Any, prefix: str) -> None:
            for name in group:
                # A link may lead back, for ever; columns of a store are none, and lie two or three groups deep.
                if not isinstance(group.get(name, getlink=True), h5py.HardLink) or prefix.count("/") > 3:
                    raise StoreError(f"{path}: {prefix}{name} is a link or too deep; a store has no such columns")
                item = group[name]
                if isinstance(item, h5py.Dataset):
                    found[prefix + name] = {"f": "real", "S": "text"}.get(item.dtype.kind, "integer")
                elif "values" in item and "offsets" in item:
                    found[prefix + name] = "array"
                else:
                    visit(item, f"{prefix}{name}/")

        visit(self._file, "")
        if found.get(VARIANCES) == "array":
            found |= {name: own.kind for name, own in VARIANCE_COLUMNS.items()}
        return dict(sorted(found.items()))

    def attribute(self, column: str, name: str) -> str:
        """Attribute "units", "description" or "shape" of a column; empty text if it has none."""
        if column in VARIANCE_COLUMNS:
            return VARIANCE_COLUMNS[column].description if name == "description" else ""
        return hdf5_text(self._item(column).attrs.get(name, ""))

    def column(self, name: str, rows: Any = None) -> pd.Series:
        """One scalar column as a Series [points]: float64 (NaN = missing), Int64 (NA = missing) or text.

        Array columns listed in LISTS come as text "30:30:30". `rows` (increasing) restricts the result to these rows.
        """
        index = range(self.points) if rows is None else rows
        if name in VARIANCE_COLUMNS:
            own = VARIANCE_COLUMNS[name]
            return pd.Series([own.of(variances) for variances in self.arrays(VARIANCES, rows)], index=index, name=name,
                             dtype=float if own.kind == "real" else object)
        item = self._item(name)
        if isinstance(item, h5py.Group):
            if name not in LISTS:
                raise UsageError(f"{self.path}: {name} holds an array per point; use array() or dataset()")
            lists = [":".join(f"{x:g}" for x in a.ravel()) for a in self.arrays(name, rows)]
            return pd.Series(lists, index=index, name=name, dtype=object)
        values = self._read(item, name)
        if len(values) != self.points:
            raise StoreError(f"{self.path}: {name} has {len(values)} rows, the store {self.points} points")
        values = values if rows is None else values[np.asarray(rows, dtype=int)]
        if values.dtype.kind == "S":
            values = np.char.decode(values, "utf-8", "replace").astype(object)
        elif values.dtype.kind != "f":
            values = pd.arrays.IntegerArray(values.astype(np.int64), np.array(values == MISSING_INTEGER))
        return pd.Series(values, index=index, name=name)

    def array(self, column: str, row: int) -> Array:
        """Value of an array column at one point, float64 with the shape stored there; size 0 if it has none."""
        return self.arrays(column, [row])[0]

    def arrays(self, column: str, rows: Any = None) -> list[Array]:
        """Values of an array column, one float64 array per row (all rows by default)."""
        item = self._item(column)
        if not isinstance(item, h5py.Group):
            raise UsageError(f"{self.path}: {column} holds one value per point; use column()")
        rows = np.arange(self.points) if rows is None else np.asarray(rows, dtype=int)
        if rows.size and (rows.min() < 0 or rows.max() >= self.points):
            raise UsageError(f"{self.path}: no row {rows.max()}, the store has {self.points} points")
        if rows.size == 0:
            return []
        first, last = int(rows.min()), int(rows.max()) + 1
        offsets = self._read(item["offsets"], column, slice(first, last)).astype(np.int64)[rows - first]
        shapes = self._read(item["shape"], column, slice(first, last)).astype(np.int64)[rows - first]
        sizes = np.prod(shapes, axis=1)
        used = sizes > 0
        begin = int(offsets[used].min()) if used.any() else 0
        end = int((offsets + sizes)[used].max()) if used.any() else 0
        if end > item["values"].shape[0]:
            raise StoreError(f"{self.path}: {column} points beyond its values")
        if end - begin <= 4 * sizes.sum():  # one call for a dense request, one per row for a sparse one
            packed = self._read(item["values"], column, slice(begin, end))
            flat = [packed[o - begin:o - begin + s] if s else packed[:0] for o, s in zip(offsets, sizes)]
        else:
            flat = [self._read(item["values"], column, slice(o, o + s)) for o, s in zip(offsets, sizes)]
        return [values.reshape(shape) for values, shape in zip(flat, shapes)]

    def shapes(self, column: str, rows: Any) -> Array:
        """Shapes of an array column's values [rows, rank]; zeros where there is none. They are small beside the values."""
        item = self._item(column)
        if not isinstance(item, h5py.Group):
            raise UsageError(f"{self.path}: {column} holds one value per point; use column()")
        shapes: Array = self._read(item["shape"], column).astype(np.int64)[np.asarray(rows, dtype=int)]
        return shapes

    def read_frame(self, columns: Sequence[str] | None = None, rows: Any = None) -> pd.DataFrame:
        """DataFrame with a row per point and only these columns (default: every scalar column and LISTS)."""
        if columns is None:
            columns = [name for name, kind in self.columns.items() if kind != "array" or name in LISTS]
        series = {name: self.column(name, rows) for name in dict.fromkeys(columns)}
        return pd.DataFrame(series, index=range(self.points) if rows is None else rows)

    @functools.cached_property
    def frame(self) -> pd.DataFrame:
        """DataFrame with a row per point and every scalar column, named like the store ("theory/accuracy")."""
        return self.read_frame()

    def dataset(self, columns: Sequence[str] | None = None, heads: str | Sequence[int] | None = None,
                where: Where = ()) -> xr.Dataset:
        """xarray Dataset of the done points that share head counts; see xarray_dataset.make_dataset."""
        from .xarray_dataset import make_dataset

        return make_dataset(self, columns, heads, where)

    def head_scores(self, where: Where = (), **choice: Any) -> pd.DataFrame:
        """DataFrame with a row per head of the chosen points, head_scores(width=10); see head_table.head_table."""
        from .head_table import head_table

        return head_table(self, where, **choice)

    def draws(self, row: int, method: str = "order-parameter") -> xr.Dataset:
        """xarray Dataset [chain, draw, ...] of the stored draws of one point; see draws.make_draws."""
        from .draws import make_draws

        return make_draws(self, row, method)

    def to_inferencedata(self, where: Where = (), method: str = "order-parameter", **choice: Any) -> Any:
        """arviz.InferenceData of the stored draws of the one point chosen, to_inferencedata(width=10); see draws.draw_groups."""
        from .draws import make_inferencedata
        from .selection import conditions, select_row

        row = select_row(self, [*([where] if isinstance(where, str) else where), *conditions(choice)])
        return make_inferencedata(self, row, method)

    def _item(self, name: str) -> Any:
        item = self._file.get(name)
        part = item is not None and isinstance(item, h5py.Dataset) and "values" in item.parent
        if item is None or part or (isinstance(item, h5py.Group) and "values" not in item):
            raise UsageError(f"{self.path}: no column {name}")
        return item

    def _read(self, item: Any, name: str, selection: Any = ()) -> Any:
        try:
            return item[selection]
        except OSError as error:
            raise StoreError(f"{self.path}: column {name} is damaged ({error})") from None
