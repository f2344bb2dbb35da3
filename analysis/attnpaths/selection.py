"""Choosing points: --where filters, the refusal of ambiguous choices, averages over seeds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .errors import UsageError

if TYPE_CHECKING:
    from .store import Store
    from .typing import Array, Where

# What distinguishes the points of one sweep: the user's word and the column.
SETTINGS = {
    "task": "point/task",
    "width": "point/widths",
    "examples": "point/examples",
    "heads": "point/head_counts",
    "depth": "point/depth",
    "outputs": "point/outputs",
    "variance_input": "point/variance_input",
    "variance_layers": "point/variance_layers",
    "variance_readout": "point/variance_readout",
    "temperature": "point/temperature",
    "seed": "point/seed",
}
SYMBOLS = {"N": "width", "P": "examples", "H": "heads", "L": "depth", "D": "outputs", "T": "temperature"}
LISTED = {"width": "point/width", "heads": "point/heads"}
MATCHED_LISTS = {"width": "point/widths", "heads": "point/head_counts", "variances": "point/variances"}
# Of settings that are 1 in most sweeps, and then no news.
VARIANCE_SYMBOLS = {"variance_input": r"\sigma_0^2", "variance_layers": r"\sigma_l^2", "variance_readout": r"\sigma_a^2"}
CONDITION = re.compile(r"\s*([\w/+.-]+?)\s*(!=|<=|>=|=|<|>)\s*(.+?)\s*$")
COMPARE: dict[str, Callable[..., Any]] = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}

TOLERANCE = 1e-9  # relative, within which numbers are the same


def settings_of(store: Store, rows: Any = None) -> list[str]:
    """Columns of the settings that the store has; with rows, prior variances only where these points differ in them."""
    columns = [column for column in SETTINGS.values() if column in store.columns]
    if rows is None:
        return columns
    usual = {SETTINGS[name] for name in VARIANCE_SYMBOLS}
    return [column for column in columns if column not in usual or store.column(column, rows).nunique() > 1]


def conditions(choice: dict[str, Any]) -> list[str]:
    """Conditions of settings given by name: {"width": 10, "seed": [1, 2]} as ["width=10", "seed=1 2"]."""
    def text(value: Any) -> str:
        return ":".join(map(str, value)) if isinstance(value, tuple) else str(value)

    return [f"{name}={' '.join(map(text, value)) if isinstance(value, list) else text(value)}" for name, value in choice.items()]


def _numbers(words: Sequence[str], condition: str) -> list[float]:
    try:
        return [float(word) for word in words]
    except ValueError:
        raise UsageError(f'--where "{condition}": {" ".join(words)} is not a number') from None


def _lists_equal(lists: Iterable[Array], wanted: list[float]) -> Array:
    """Mask of the lists of numbers that equal the wanted one; one number means that number in every layer."""
    def equal(numbers: Array) -> bool:
        every = wanted * numbers.size if len(wanted) == 1 else wanted
        return 0 < numbers.size == len(every) and np.allclose(numbers.ravel(), every, rtol=TOLERANCE, atol=0)
    return np.array([equal(numbers) for numbers in lists], dtype=bool)


def _matches(store: Store, rows: Any, condition: str) -> Array:
    """Boolean mask [rows] of one condition: "temperature=0.01", "width>=30", "heads=2:1", "seed=1 2"."""
    parsed = CONDITION.match(condition)
    if not parsed:
        raise UsageError(f'--where "{condition}": write NAME=VALUE (or !=, <, <=, >, >=)')
    name, operator, wanted = parsed.groups()
    name = SYMBOLS.get(name, name).removeprefix("point/")
    if name in MATCHED_LISTS and operator in ("=", "!="):
        listed = store.arrays(MATCHED_LISTS[name], rows)
        mask = np.zeros(len(rows), dtype=bool)
        for value in wanted.split():
            mask |= _lists_equal(listed, _numbers(value.split(":"), condition))
        return mask if operator == "=" else ~mask
    column = name if "/" in name else LISTED.get(name, f"point/{name}")
    if column not in store.columns:
        raise UsageError(f'--where "{condition}": the store has no column {column}')
    values = store.column(column, rows)
    if store.columns[column] == "text":
        if operator not in ("=", "!="):
            raise UsageError(f'--where "{condition}": {column} is text, use = or !=')
        mask = np.asarray(values.isin([wanted, *wanted.split()]), dtype=bool)
        return mask if operator == "=" else ~mask
    numbers = _numbers(wanted.split(), condition)
    if operator in COMPARE and len(numbers) > 1:
        raise UsageError(f'--where "{condition}": {operator} compares with one number')
    values = values.to_numpy(dtype=float, na_value=np.nan)
    if operator in COMPARE:
        return np.asarray(COMPARE[operator](values, numbers[0]))
    mask = np.logical_or.reduce([np.isclose(values, number, rtol=TOLERANCE, atol=0) for number in numbers])
    return mask if operator == "=" else ~mask


def select_rows(store: Store, where: Where = (), status: str | None = "done") -> Array:
    """Rows of the store with this status (any if None) that satisfy all conditions; int array."""
    rows = np.arange(store.points)
    if status is not None:
        rows = rows[(store.column("point/status") == status).to_numpy(dtype=bool)]
    for condition in [where] if isinstance(where, str) else where:
        rows = rows[_matches(store, rows, condition)]
    return rows


def in_order(store: Store, frame: pd.DataFrame) -> pd.DataFrame:
    """A DataFrame whose index are rows of the store in the order of the settings, as stores keep the order in which points were done."""
    by = [LISTED.get(name, column) for name, column in SETTINGS.items()]
    keys = store.read_frame([column for column in by if column in store.columns], frame.index.to_numpy())
    return frame.loc[keys.sort_values(list(keys.columns), kind="stable").index]


def select_points(store: Store, where: Where = (), columns: Sequence[str] = ()) -> pd.DataFrame:
    """DataFrame of the done points that satisfy `where`: the settings, point/width and `columns`; index = row.

    Widths and head counts are "30" where all entries are equal, else "20:50:30".
    Raises UsageError if no point is left.
    """
    where = [where] if isinstance(where, str) else where
    rows = select_rows(store, where)
    if rows.size == 0:
        raise UsageError(f"{store.path}: no finished point{' satisfies ' + ' and '.join(where) if where else ''}")
    points = store.read_frame([*settings_of(store), "point/width", *columns], rows)
    for name in LISTED:
        points[SETTINGS[name]] = points[SETTINGS[name]].map(short_list)
    return points


def short_list(listed: str) -> str:
    """"30:30:30" as the configuration writes it, "30"; unequal entries stay a list."""
    entries = listed.split(":")
    return entries[0] if len(set(entries)) == 1 else listed


def listing(values: Any) -> str:
    """"10, 30, 100, ...": some of the values of a setting."""
    shown = [f"{value:g}" if isinstance(value, float) else str(value) for value in values[:8]]
    return ", ".join(shown) + (", ..." if len(values) > 8 else "")


def varying(points: pd.DataFrame, free: Sequence[str | None] = ()) -> dict[str, list[Any]]:
    """Settings besides `free` and seeds that take several values: dict from the user's word to the sorted values."""
    found = {}
    for name, column in SETTINGS.items():
        if name != "seed" and name not in free and column in points:
            values = points.sort_values("point/width" if name == "width" else column)[column].unique()
            if len(values) > 1:
                found[name] = list(values)
    return found


def require_unambiguous(points: pd.DataFrame, free: Sequence[str | None] = ()) -> None:
    """Raise UsageError, listing the choices, if anything but `free` and the seed varies between the points."""
    several = varying(points, free)
    if several:
        choices = "; ".join(f"{name}: {listing(values)}" for name, values in several.items())
        name, values = next(iter(several.items()))
        raise UsageError(f'the points differ in {choices}; choose, e.g. --where "{name}={listing(values[:1])}"')
    repeated = points.duplicated([column for column in SETTINGS.values() if column in points], keep=False)
    if repeated.any():
        rows = list(points.index[repeated])
        raise UsageError(f'rows {listing(rows)} share width, seed and all else (other settings differ?); '
                         'choose, e.g. --where "point/key=..."')
    if "width" in free:
        widths = points.groupby("point/width")["point/widths"].unique()
        for values in widths[widths.map(len) > 1]:
            raise UsageError(f'the points differ in widths of one largest width: {listing(values)}; '
                             f'choose, e.g. --where "width={values[0]}"')


def select_row(store: Store, where: Where = ()) -> int:
    """Row of the one done point that satisfies `where`; UsageError, listing the choices, if there are several."""
    points = select_points(store, where)
    require_unambiguous(points)
    seeds = list(points["point/seed"].unique())
    if len(seeds) > 1:
        raise UsageError(f'the points differ in seed: {listing(seeds)}; choose, e.g. --where "seed={seeds[0]}"')
    return int(points.index[0])


def point_caption(store: Store, row: int) -> str:
    """Settings of one point for a figure: "$N$ = 10, $P$ = 100, $H$ = 2, $L$ = 2, $T$ = 0.01, seed 1"."""
    point = store.read_frame(settings_of(store), [row]).iloc[0]
    return ", ".join([f"$N$ = {short_list(point['point/widths'])}", f"$P$ = {point['point/examples']:.0f}",
                      f"$H$ = {short_list(point['point/head_counts'])}", f"$L$ = {point['point/depth']:.0f}",
                      *variance_words(store, row), f"$T$ = {point['point/temperature']:g}", f"seed {point['point/seed']:.0f}"])


def variance_words(store: Store, row: int) -> list[str]:
    """"$\\sigma_a^2$ = 4" of each prior variance of a point that others of the store have not, or that is not 1."""
    words = []
    for name, symbol in VARIANCE_SYMBOLS.items():
        if SETTINGS[name] in store.columns:
            values = store.column(SETTINGS[name])
            if values.nunique() > 1 or values[row] not in (1, "1"):
                words.append(f"${symbol}$ = {values[row] if isinstance(values[row], str) else format(values[row], 'g')}")
    return words


def over_seeds(points: pd.DataFrame, by: str, column: str) -> pd.DataFrame:
    """Mean and standard error over seeds of a column, for each value of `by`.

    Returns a DataFrame with columns mean, error (NaN for a single seed), count and index = values of `by`, increasing.
    """
    values = points[column].astype(float)
    return values.groupby(points[by]).agg(mean="mean", error="sem", count="count").query("count > 0")


def arrays_over_seeds(store: Store, points: pd.DataFrame, by: str, column: str) -> tuple[Array, Array, Array]:
    """Mean and standard error over seeds of an array column, for each value of `by`.

    Returns values of `by` [w], means [w, ...], errors [w, ...]. Where lengths differ, the common beginning is kept.
    """
    arrays = pd.Series(store.arrays(column, points.index), index=points.index)
    arrays = arrays[arrays.map(np.size) > 0]
    if arrays.empty:
        raise UsageError(f"{store.path}: {column} has no value at the chosen points")
    common = tuple(slice(int(n)) for n in np.min([a.shape for a in arrays], axis=0))
    groups = [(value, np.stack([a[common] for a in group]))
              for value, group in arrays.groupby(points[by].loc[arrays.index])]
    means = np.stack([group.mean(axis=0) for _, group in groups])
    errors = np.stack([group.std(axis=0, ddof=1) / np.sqrt(len(group)) if len(group) > 1
                       else np.full(group.shape[1:], np.nan) for _, group in groups])
    return np.array([value for value, _ in groups]), means, errors
