"""The points of a store as the page's bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from .contents import is_shown, shown_arrays
from .packing import Packer

if TYPE_CHECKING:
    from ..store import Store
    from ..typing import Array

MEGABYTE = 1 << 20
DETAILS_MEGABYTES = 24.0  # of the arrays that details of points draw, by default
WIDE_BYTES = 8 * MEGABYTE  # beyond this, numbers have 32 bits (7 digits)


def about_store(store: Store) -> dict[str, Any]:
    """What the page says of the store as a whole."""
    return {"title": os.path.basename(store.path), "planned": store.planned, "version": store.program_version,
            "commit": store.git_hash, "configuration": store.configuration}


def _about_column(store: Store, name: str) -> dict[str, str]:
    attributes = {key: store.attribute(name, key) for key in ("units", "description", "shape")}
    return {key: text for key, text in attributes.items() if text}


def pack_store(store: Store, rows: Array | None = None, details_megabytes: float | None = DETAILS_MEGABYTES,
               about: dict[str, Any] | None = None) -> bytes:
    """The rows (default: all) of a store, for the page: scalar columns, and as many of the arrays that details draw as fit.

    details_megabytes: of arrays, before compression; columns that no longer fit are left out whole, and named. None: no arrays at all.
    """
    rows = np.arange(store.points) if rows is None else rows
    scalars = [name for name, kind in store.columns.items() if kind != "array" and is_shown(name)]
    packer = Packer(len(rows), len(rows) * len(scalars) * 8 <= WIDE_BYTES)
    for name in scalars:
        packer.add_scalar(name, store.column(name, rows), **_about_column(store, name))
    arrays = [] if details_megabytes is None else shown_arrays(name for name, kind in store.columns.items() if kind == "array")
    left_out, room = [], (details_megabytes or 0) * MEGABYTE
    for name in arrays:
        values = store.arrays(name, rows)
        size = 4 * sum(array.size for array in values)
        if size <= room:
            room -= size
            packer.add_arrays(name, values, **_about_column(store, name))
        else:
            left_out.append(name)
    return packer.bytes({**about_store(store), "store_rows": rows.tolist() if len(rows) != store.points else None,
                         "left_out": left_out, **(about or {})})
