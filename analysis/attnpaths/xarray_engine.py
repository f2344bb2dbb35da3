"""xr.open_dataset("store.h5", engine="attnpaths"): a store as xarray knows other files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from xarray.backends import BackendEntrypoint

from .errors import AnalysisError
from .store import open_store

if TYPE_CHECKING:
    from .typing import Where

GRID = ("width", "examples", "temperature", "seed")  # of points of one architecture


def plain_name(name: str) -> str:
    """Names of columns without what netCDF takes for groups: theory/accuracy-mnist is theory_accuracy-mnist."""
    return name.replace("/", "_")


def _is_product(dataset: xr.Dataset) -> bool:
    """Whether the points are all combinations of their values of GRID, each once."""
    values = np.stack([dataset[name].values.astype(float) for name in GRID])
    return len(np.unique(values, axis=1).T) == dataset.sizes["point"] == np.prod([len(np.unique(own)) for own in values])


def unstacked(dataset: xr.Dataset) -> xr.Dataset:
    """The dimension point as (width, examples, temperature, seed) where the points are a product; else as it was."""
    if not _is_product(dataset):
        return dataset
    with np.errstate(invalid="ignore"):  # xarray prepares for gaps, NaN in whole numbers, of which there are none
        return dataset.set_index(point=list(GRID)).unstack("point").transpose(*GRID, ...)


class AttnpathsBackend(BackendEntrypoint):
    description = "Open stores of attnpaths sweeps"

    def open_dataset(  # type: ignore[override]  # its options are for xarray to find
            self, filename_or_obj: Any, *, drop_variables: Any = None, columns: Sequence[str] | None = None,
            heads: str | Sequence[int] | None = None, where: Where = (), unstack: bool = True) -> xr.Dataset:
        """Dataset of the done points that share head counts; columns, heads, where: see xarray_dataset.make_dataset.

        unstack: points become dimensions (width, examples, temperature, seed) where they are a product. Variables are
        named after their columns, theory_accuracy; what is the same at all points and says which they are is a coordinate.
        """
        with open_store(filename_or_obj) as store:
            dataset = store.dataset(columns, heads, where)
        rows = dataset["point"].values
        of_points = [name for name, variable in dataset.coords.items() if variable.dims[:1] == ("point",) and name != "point"]
        dataset = dataset.reset_coords([name for name in of_points if name not in GRID])
        dataset = dataset.rename({name: f"point_{name}" for name in of_points if name not in GRID}).drop_vars("point")
        dataset = dataset.assign(point_row=("point", rows))
        dataset = unstacked(dataset) if unstack else dataset
        names = map(str, [*dataset.variables, *dataset.dims])
        dataset = dataset.rename({name: plain_name(name) for name in names if "/" in name})
        return dataset.drop_vars(drop_variables or [], errors="ignore")

    def guess_can_open(self, filename_or_obj: Any) -> bool:
        try:
            with open_store(os.fspath(filename_or_obj)):
                return True
        except (AnalysisError, TypeError, ValueError):
            return False
