"""Stored draws of one point as an xarray Dataset, and as a netCDF file with the groups that ArviZ reads."""

from __future__ import annotations

import datetime
import importlib.util
import os
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from .errors import OutputError, UsageError
from .names import class_names
from .output_file import whole_file
from .paths import path_labels
from .selection import SETTINGS

if TYPE_CHECKING:
    from .store import Store
    from .typing import Array, StrPath

# Sampling methods, as columns name them, with the analyses that use them.
# What to ask for where a method did not sample.
METHODS = {"order-parameter": "[sampling] method = auto", "weights": "[analyses] run = default weight-samples"}
WITHOUT_DRAWS = ("failed", "unreliable", "too-few")
# The option --method of commands about draws.
METHOD: dict[str, Any] = {"choices": list(METHODS), "default": "order-parameter",
                          "help": "sampling method (default: order-parameter)"}


def require_draws(store: Store, row: int, method: str) -> None:
    """Raise UsageError, saying what to do, if the store has no draws of this method at this row."""
    if method not in METHODS:
        raise UsageError(f"there is no sampling method {method}; choose one of {', '.join(METHODS)}")
    group = f"sampling/{method}"
    if not 0 <= row < store.points:
        raise UsageError(f"{store.path}: no row {row}, the store has {store.points} points")
    verdict = store.column(f"{group}/verdict", [row]).iloc[0] if f"{group}/verdict" in store.columns else ""
    if not verdict:
        raise UsageError(f"{store.path}: row {row} was not sampled by the method {method}; "
                         f"sweep with {METHODS[method]}")
    if verdict in WITHOUT_DRAWS:
        reason = store.column(f"{group}/message", [row]).iloc[0] if f"{group}/message" in store.columns else ""
        raise UsageError(f"{store.path}: the sampling of row {row} by the method {method} failed ({reason})")
    column = f"{group}/draws_order_parameter"
    if column not in store.columns or store.array(column, row).size == 0:
        raise UsageError(f"{store.path}: row {row} has no stored draws of the method {method}; "
                         "sweep with [store] draws = order-parameters")


def make_draws(store: Store, row: int, method: str = "order-parameter") -> xr.Dataset:
    """Draws of one point of the store: dimensions chain and draw first, as ArviZ expects them.

    order_parameter [chain, draw, path, path_] (for D > 1 [chain, draw, path, output, path_, output_]), log_density
    [chain, draw] up to a constant, and with [store] draws = weights also V0 [chain, draw, N_1, N_0],
    V_layerl [chain, draw, head_layerl, N_{l+1}, N_l] and a [chain, draw, N_a, output], where the last layer writes to
    N_a. Coordinate draw is the number of the draw in its chain, from 0, warm-up not counted; of every `thin` draws the
    last is stored. Attributes: method, store, row, point_key, thin, and the point's settings (width, temperature, ...).
    Raises UsageError if the store has no such draws.
    """
    require_draws(store, row, method)
    group = f"sampling/{method}"
    head_counts = [int(count) for count in store.array("point/head_counts", row).ravel()]
    outputs = int(store.column("point/outputs", [row]).iloc[0])
    depth, paths = len(head_counts), path_labels(head_counts)
    widths = ["N_0", *(f"N_{layer}" for layer in range(1, depth + 1)), "N_a"]

    U = store.array(f"{group}/draws_order_parameter", row)
    chains, draws = U.shape[:2]
    thin = int(store.column(f"{group}/draws_thin", [row]).iloc[0]) if f"{group}/draws_thin" in store.columns else 1
    variables: dict[str, tuple[tuple[str, ...], Array]]
    if outputs == 1:
        variables = {"order_parameter": (("chain", "draw", "path", "path_"), U)}
    else:
        U = U.reshape(chains, draws, len(paths), outputs, len(paths), outputs)
        variables = {"order_parameter": (("chain", "draw", "path", "output", "path_", "output_"), U)}
    others: dict[str, tuple[str, tuple[str, ...]]] = {
        "log_density": ("draws_log_density", ()), "V0": ("draws_V0", ("N_1", "N_0")), "a": ("draws_a", ("N_a", "output"))}
    for layer in range(1, depth + 1):
        others[f"V_layer{layer}"] = (f"draws_V-layer{layer}",
                                     (f"head_layer{layer}", widths[layer + 1], widths[layer]))
    for name, (column, dims) in others.items():
        column = f"{group}/{column}"
        values = store.array(column, row) if column in store.columns else np.empty(0)
        if values.size:
            variables[name] = (("chain", "draw", *dims), values)

    used = {dim for dims, _ in variables.values() for dim in dims}
    named = (class_names(store, row) if outputs > 1 else []) or range(1, outputs + 1)
    sizes = {"chain": range(chains), "draw": thin * np.arange(1, draws + 1) - 1, "path": paths, "path_": paths,
             "output": named, "output_": named}
    for layer, heads in enumerate(head_counts, start=1):
        sizes[f"head_layer{layer}"] = range(1, heads + 1)
    attributes = {"method": method, "store": os.path.basename(store.path), "row": int(row), "thin": thin,
                  "point_key": _setting(store, "point/key", row)}
    attributes.update({name: _setting(store, column, row) for name, column in SETTINGS.items()
                       if column in store.columns})
    return xr.Dataset(variables, {dim: np.asarray(values) for dim, values in sizes.items() if dim in used}, attributes)


def _setting(store: Store, column: str, row: int) -> Any:
    value = store.column(column, [row]).iloc[0]
    return value.item() if isinstance(value, np.generic) else value


def draw_groups(store: Store, row: int, method: str = "order-parameter") -> dict[str, xr.Dataset]:
    """The draws by ArviZ's groups: posterior, and sample_stats with the log density (lp). UsageError if the store has none."""
    draws = make_draws(store, row, method)
    draws.attrs.update(created_at=datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
                       inference_library="attnpaths", inference_library_version=store.program_version)
    seconds = f"sampling/{method}/seconds"
    if seconds in store.columns:
        draws.attrs["sampling_time"] = float(store.column(seconds, [row]).iloc[0])
    groups = {"posterior": draws.drop_vars("log_density", errors="ignore")}
    if "log_density" in draws:
        groups["sample_stats"] = draws[["log_density"]].rename(log_density="lp")
    return groups


def write_draws(store: Store, row: int, path: StrPath, method: str = "order-parameter") -> None:
    """Write the draws as netCDF with the groups that ArviZ reads; see draw_groups.

    Raises OutputError if the file cannot be written, UsageError if the store has no such draws.
    """
    groups = draw_groups(store, row, method)
    if importlib.util.find_spec("h5netcdf") is None:
        raise OutputError("writing netCDF needs the Python package h5netcdf (Debian: python3-h5netcdf)")
    with whole_file(path) as temporary:
        for name, dataset in groups.items():
            dataset.to_netcdf(temporary, mode="w" if name == "posterior" else "a", group=name, engine="h5netcdf")


def make_inferencedata(store: Store, row: int, method: str = "order-parameter") -> Any:
    """arviz.InferenceData of the draws of one point, with the groups of draw_groups. OutputError without ArviZ."""
    groups = draw_groups(store, row, method)
    try:
        from arviz import InferenceData
    except ImportError:
        raise OutputError("InferenceData needs the Python package arviz; without it, store.draws(row) has the draws as xarray") from None
    return InferenceData(**groups)
