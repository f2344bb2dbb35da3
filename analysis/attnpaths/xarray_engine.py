"""xr.open_dataset("store.h5", engine="attnpaths"): a store as xarray knows other files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import xarray as xr
from xarray.backends import BackendEntrypoint

from .errors import AnalysisError
from .store import Store, open_store
from .xarray_dataset import GRID, lazy_dataset

if TYPE_CHECKING:
    from .typing import Where


def plain_name(name: str) -> str:
    """Names of columns without what netCDF takes for groups: theory/accuracy-mnist is theory_accuracy-mnist."""
    return name.replace("/", "_")


class AttnpathsBackend(BackendEntrypoint):
    description = "Open stores of attnpaths sweeps"

    def open_dataset(  # type: ignore[override]  # its options are for xarray to find
            self, filename_or_obj: Any, *, drop_variables: Any = None, columns: Sequence[str] | None = None,
            heads: str | Sequence[int] | None = None, where: Where = (), unstack: bool = True) -> xr.Dataset:
        """Dataset of the done points that share head counts; columns, heads, where: see xarray_dataset.make_dataset.

        unstack: points become dimensions (width, examples, temperature, seed, and prior variances that vary) where they are a product. Variables are
        named after their columns, theory_accuracy. Values are read when they are asked for, of the file as it is now, whatever a
        sweep puts into its place; chunks="auto" leaves that to dask.
        """
        store = open_store(filename_or_obj)
        try:
            dataset = self._named(lazy_dataset(store, columns, heads, where, unstack), set(drop_variables or ()))
        except BaseException:
            store.close()
            raise
        dataset.set_close(store.close)
        return dataset

    @staticmethod
    def _named(dataset: xr.Dataset, dropped: set[str]) -> xr.Dataset:
        """The same with names that netCDF knows: coordinates of points, but for the grid's, are variables point_NAME."""
        of_points = dataset["point/row"].dims
        others = [name for name, variable in dataset.coords.items() if set(of_points) & set(variable.dims) and name not in GRID]
        dataset = dataset.reset_coords([name for name in others if name not in dataset.dims])
        names = {name: f"point_{name}" for name in others if name not in dataset.dims}
        names |= {name: plain_name(name) for name in map(str, [*dataset.variables, *dataset.dims]) if "/" in name}
        dataset = dataset.rename(names)
        return dataset.drop_vars([name for name in dataset.variables if name in dropped or name == "point"])

    def guess_can_open(self, filename_or_obj: Any) -> bool:
        try:
            Store(os.fspath(filename_or_obj), sealed=False).close()
            return True
        except (AnalysisError, TypeError, ValueError):
            return False
