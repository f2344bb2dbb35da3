"""A store as an xarray Dataset with named paths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from .errors import StoreError, UsageError
from .lazy_column import LazyColumn
from .names import class_names
from .paths import head_labels, path_labels
from .selection import select_rows

if TYPE_CHECKING:
    from .store import Store
    from .typing import Array, Where

# What the `shape` attribute of a column says, and the dimensions it becomes.
DIMENSIONS = {
    "[L]": ("layer",),
    "[L+1]": ("width_of",),
    "[n]": ("path",),
    "[sum H_l]": ("head",),
    "[k]": ("k",),
    "[D, D]": ("output", "output_"),
}
GRID = ("width", "examples", "temperature", "seed")  # of points of one architecture
SELDOM = ("variance_input", "variance_readout")  # dimensions of the grid where it has several of them
ORDER_PARAMETER_SHAPES = ("[nD, nD]", "[n_l D, n_l D]")


def _dimensions(name: str, shape_text: str, rank: int) -> tuple[str, ...]:
    """Dimensions of an array column with `rank` axes; further test sets and unlisted shapes get their own."""
    if shape_text == "[P_test, D]":
        _, dash, test_set = name.rpartition("/")[2].partition("-")
        return (f"test{dash}{test_set}", "output")[:rank]
    return DIMENSIONS.get(shape_text, tuple(f"{name} axis {axis}" for axis in range(rank)))[:rank]


def _order_parameter(name: str, head_counts: Sequence[int]) -> tuple[str, list[str]]:
    """Name of the path dimension of an order parameter U_l, and what its paths are called."""
    above = re.search(r"-layer(\d+)", name)
    layer = int(above[1]) if above else 1
    return "path" if layer == 1 else f"path_layer{layer}", path_labels(head_counts, layer)


def _chosen_rows(store: Store, heads: str | Sequence[int] | None, where: Where) -> Array:
    """Rows of the done points, of one architecture and one number of outputs."""
    where = [where] if isinstance(where, str) else list(where)
    if heads is not None:
        where.append("heads=" + (heads if isinstance(heads, str) else ":".join(map(str, np.atleast_1d(heads)))))
    rows = select_rows(store, where)
    if rows.size == 0:
        raise UsageError(f"{store.path}: no finished point to read")
    for column, argument in (("point/head_counts", "heads="), ("point/outputs", 'where="outputs=..."')):
        choices = store.column(column, rows).unique()
        if len(choices) > 1:
            raise UsageError(f"{store.path}: points differ in {column} ({', '.join(map(str, choices))}); "
                             f"choose with {argument}")
    return rows


def _in_grid(store: Store, rows: Array) -> tuple[Array, dict[str, Array]] | None:
    """Rows [width, examples, temperature, seed] and the values along each, where the points are all combinations, each once.

    Prior variances that take several values follow as further dimensions.
    """
    several = [name for name in SELDOM if f"point/{name}" in store.columns and store.column(f"point/{name}", rows).nunique() > 1]
    grid = (*GRID, *several)
    values = np.stack([store.column(f"point/{name}", rows).to_numpy(dtype=float) for name in grid])
    axes = [np.unique(own) for own in values]
    if not len(np.unique(values, axis=1).T) == rows.size == np.prod([len(own) for own in axes]):
        return None
    whole = [own.astype(np.int64) if store.columns[f"point/{name}"] == "integer" else own for name, own in zip(grid, axes)]
    return rows[np.lexsort(values[::-1])].reshape([len(own) for own in axes]), dict(zip(grid, whole))


class _Layout:
    """Where the points are in a dataset: along one dimension, or in a grid."""

    def __init__(self, store: Store, rows: Array, unstack: bool) -> None:
        grid = _in_grid(store, rows) if unstack else None
        self.rows, self.axes = grid if grid else (rows, {"point": rows})
        self.dims = tuple(self.axes)
        self.sizes: dict[str, int] = {}  # of the dimensions beside
        self.labels: dict[str, Any] = {}
        self.head_counts = [int(count) for count in store.array("point/head_counts", rows[0])]
        self.outputs = int(store.column("point/outputs", rows[:1]).iloc[0])

    def scalar(self, store: Store, name: str) -> tuple[tuple[str, ...], Any]:
        """Dimensions and values of a column of numbers or texts."""
        if store.columns.get(name) != "integer":
            return self.dims, LazyColumn(store, name, self.rows)
        series = store.column(name).iloc[self.rows.ravel()]
        values = series.to_numpy(dtype=float, na_value=np.nan) if series.isna().any() else series.to_numpy(dtype=np.int64)
        return self.dims, values.reshape(self.rows.shape)

    def array(self, store: Store, name: str) -> tuple[tuple[str, ...], LazyColumn]:
        """The same of a column of arrays, and notes how large their dimensions are."""
        stored = tuple(int(size) for size in store.shapes(name, self.rows.ravel()).max(axis=0))
        shape_text = store.attribute(name, "shape")
        shape: tuple[int, ...] | None = None
        if shape_text in ORDER_PARAMETER_SHAPES:
            path, paths = _order_parameter(name, self.head_counts)
            size = len(paths) * self.outputs
            if stored not in ((0, 0), (size, size)):
                raise StoreError(f"{name} is {stored[0]} x {stored[1]}, not (paths x outputs) squared")
            self.labels |= {path: paths, f"{path}_": paths}
            stored = (size, size)
            dims: tuple[str, ...] = (path, f"{path}_")
            if self.outputs > 1:
                dims = (path, "output", f"{path}_", "output_")
                shape = (len(paths), self.outputs) * 2
        else:
            dims = _dimensions(name, shape_text, len(stored))
        for dim, size in zip(dims, shape or stored):
            self.sizes[dim] = max(size, self.sizes.get(dim, 0))
        return (*self.dims, *dims), LazyColumn(store, name, self.rows, stored, shape)

    def coordinates(self, store: Store) -> dict[str, Any]:
        """What every dimension is labelled with."""
        row = int(self.rows.flat[0])
        named = {**self.labels, "path": path_labels(self.head_counts), "layer": np.arange(1, len(self.head_counts) + 1),
                 "head": head_labels(self.head_counts), "k": np.arange(1, self.sizes.get("k", 0) + 1),
                 "width_of": [f"N_{layer + 1}" for layer in range(len(self.head_counts))] + ["N_a"]}
        outputs = (class_names(store, row) if self.outputs > 1 else None) or np.arange(1, self.outputs + 1)
        named |= {"output": outputs, "output_": outputs}
        return self.axes | {name: values for name, values in named.items() if name in self.sizes}


def lazy_dataset(store: Store, columns: Sequence[str] | None = None, heads: str | Sequence[int] | None = None,
                 where: Where = (), unstack: bool = False) -> xr.Dataset:
    """The dataset of make_dataset, whose values are read when they are asked for, as long as the store is open.

    unstack: points are dimensions (width, examples, temperature, seed, and prior variances that vary) in place of `point`, where they
    are a product.
    """
    layout = _Layout(store, _chosen_rows(store, heads, where), unstack)
    if columns is None:
        columns = [name for name, kind in store.columns.items() if not (kind == "array" and "/draws_" in name)]
    read = {name: (layout.array if store.columns.get(name) == "array" else layout.scalar)(store, name) for name in columns}
    coordinates: dict[str, Any] = layout.coordinates(store)
    data: dict[str, Any] = {"point/row": (layout.dims, layout.rows)}
    for name, (dims, values) in read.items():
        if isinstance(values, LazyColumn):
            values = values.padded([layout.sizes[dim] for dim in dims[len(layout.dims):]]).as_data()
        variable = dims, values, {key: store.attribute(name, key) for key in ("units", "description")}
        short = name.removeprefix("point/")
        if short != name and short not in layout.axes:
            coordinates[short] = variable
        elif short == name:
            data[name] = variable
    return xr.Dataset(data, coordinates, {"store": store.path, "git_hash": store.git_hash})


def make_dataset(store: Store, columns: Sequence[str] | None = None, heads: str | Sequence[int] | None = None,
                 where: Where = ()) -> xr.Dataset:
    """Dataset of the done points of one architecture, dimension `point` (coordinate: the row in the store).

    Point columns become coordinates under their short names (width, temperature, seed, ...); all others keep the
    store's names, e.g. dataset["theory/order_parameter"] [point, path, path_] with paths named "1.2". Spectra
    [point, k], head scores [point, head] and predictors [point, test, output] are filled with NaN where shorter.

    columns: names to read (default: all but stored draws, which store.draws gives); heads: head counts to choose, "2:1"
    or [2, 1]; where: see selection.
    Raises UsageError if points of several architectures remain, or none.
    """
    return lazy_dataset(store, columns, heads, where).drop_vars("point/row").load()
