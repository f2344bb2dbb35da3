"""A store as an xarray Dataset with named paths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from .errors import StoreError, UsageError
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
ORDER_PARAMETER_SHAPES = ("[nD, nD]", "[n_l D, n_l D]")


def _dimensions(name: str, shape_text: str, rank: int) -> tuple[str, ...]:
    """Dimensions of an array column with `rank` axes; further test sets and unlisted shapes get their own."""
    if shape_text == "[P_test, D]":
        _, dash, test_set = name.rpartition("/")[2].partition("-")
        return (f"test{dash}{test_set}", "output")[:rank]
    return DIMENSIONS.get(shape_text, tuple(f"{name} axis {axis}" for axis in range(rank)))[:rank]


def _stack(arrays: Sequence[Array]) -> Array:
    """Arrays of one rank, and of sizes that may differ, as one array [point, ...]; NaN where there is nothing."""
    shapes = np.array([a.shape for a in arrays])
    stacked = np.full((len(arrays), *shapes.max(axis=0)), np.nan)
    for target, values in zip(stacked, arrays):
        target[tuple(slice(n) for n in values.shape)] = values
    return stacked


def _order_parameter(name: str, arrays: Sequence[Array], head_counts: Sequence[int], outputs: int) -> tuple[tuple[str, ...],
                     Array, dict[str, list[str]]]:
    """Order parameters [n D, n D] as dims and values: [point, path, path_], for D > 1 [point, path, output, ...]."""
    above = re.search(r"-layer(\d+)", name)
    layer = int(above[1]) if above else 1
    suffix = "" if layer == 1 else f"_layer{layer}"
    labels = path_labels(head_counts, layer)
    values = _stack(arrays)
    if values.shape[1:] != (0, 0) and values.shape[1:] != (len(labels) * outputs,) * 2:
        raise StoreError(f"{name} is {values.shape[1]} x {values.shape[2]}, not (paths x outputs) squared")
    path = f"path{suffix}"
    coordinates = {path: labels, f"{path}_": labels}
    if outputs == 1:
        return ("point", path, f"{path}_"), values, coordinates
    values = values.reshape(len(values), len(labels), outputs, len(labels), outputs)
    return ("point", path, "output", f"{path}_", "output_"), values, coordinates


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
    head_counts = [int(count) for count in store.array("point/head_counts", rows[0])]
    outputs = int(store.column("point/outputs", rows[:1]).iloc[0])

    variables: dict[str, Any] = {}
    labels: dict[str, Any] = {"point": rows}
    if columns is None:
        columns = [name for name, kind in store.columns.items() if not (kind == "array" and "/draws_" in name)]
    for name in columns:
        shape_text = store.attribute(name, "shape")
        if store.columns.get(name) != "array":
            series = store.column(name, rows)
            missing = series.dtype == "Int64" and series.isna().any()
            values = series.to_numpy(dtype=float, na_value=np.nan) if missing else series.to_numpy(
                dtype=np.int64 if series.dtype == "Int64" else None)
            dims: tuple[str, ...] = ("point",)
        elif shape_text in ORDER_PARAMETER_SHAPES:
            dims, values, named = _order_parameter(name, store.arrays(name, rows), head_counts, outputs)
            labels.update(named)
        else:
            values = _stack(store.arrays(name, rows))
            dims = ("point", *_dimensions(name, shape_text, values.ndim - 1))
        attributes = {key: store.attribute(name, key) for key in ("units", "description")}
        variables[name] = (dims, values, attributes)

    labels["path"] = path_labels(head_counts)
    labels["layer"] = np.arange(1, len(head_counts) + 1)
    labels["head"] = head_labels(head_counts)
    labels["width_of"] = [f"N_{layer}" for layer in labels["layer"]] + ["N_a"]
    outputs_are_named = outputs > 1 and class_names(store, rows[0])
    for dim in ("output", "output_"):
        labels[dim] = class_names(store, rows[0]) if outputs_are_named else np.arange(1, outputs + 1)
    sizes: dict[str, int] = {}
    for dims, values, _ in variables.values():
        for dim, size in zip(dims, values.shape):
            sizes[dim] = max(size, sizes.get(dim, 0))
    labels["k"] = np.arange(1, sizes.get("k", 0) + 1)

    def pad(variable: Any) -> tuple[tuple[str, ...], Array, dict[str, str]]:
        dims, values, attributes = variable
        gaps = [(0, sizes[dim] - size) for dim, size in zip(dims, values.shape)]
        return dims, (np.pad(values, gaps, constant_values=np.nan) if np.any(gaps) else values), attributes

    coordinates: dict[str, Any] = {dim: (dim, values) for dim, values in labels.items() if dim in sizes}
    coordinates.update({name.removeprefix("point/"): pad(variable)
                        for name, variable in variables.items() if name.startswith("point/")})
    data = {name: pad(variable) for name, variable in variables.items() if not name.startswith("point/")}
    return xr.Dataset(data, coordinates, {"store": store.path, "git_hash": store.git_hash})
