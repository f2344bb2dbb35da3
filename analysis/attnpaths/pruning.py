"""Reading a file of attnpaths prune: what a trained network is worth without some of its heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .errors import StoreError
from .hdf5_file import hdf5_text, open_hdf5, read_numbers

if TYPE_CHECKING:
    from .typing import Array, StrPath

FORMAT = "attnpaths-pruning"
VERSION = 1


class Curve(NamedTuple):
    """Accuracy after 0..K removals of heads."""

    accuracy: Array  # [K + 1]
    error: Array  # standard errors [K + 1]


class Pruning(NamedTuple):
    """The network's part of a pruning file. Heads are in the order layer 1, layer 2, ..."""

    width: float  # of the grid point that the scores are from, as the temperature
    temperature: float
    cases: int  # episodes of each accuracy
    heads: list[tuple[int, ...]]  # (layer, head), both from 1 [sum H_l]
    scores: Array  # the theory's, relative to the largest [sum H_l]
    drops: Array  # accuracy lost by removing a head alone [sum H_l]; NaN for a layer's only head
    drop_errors: Array  # their paired standard errors [sum H_l]
    ascending: Curve
    descending: Curve
    random: Curve  # mean over shuffles
    band: Array  # standard deviation among shuffles [K + 1]


def read_pruning(path: StrPath) -> Pruning:
    """Read a file of attnpaths prune.

    Raises InputError if there is no such file, StoreError if it is no pruning file of this version or damaged.
    """
    with open_hdf5(path) as file:
        attributes = file.attrs
        if hdf5_text(attributes.get("format", "")) != FORMAT:
            raise StoreError(f"{path}: not a file of attnpaths prune (root attribute format is not {FORMAT})")
        if attributes.get("version") != VERSION:
            raise StoreError(f"{path}: version {attributes.get('version')}, but this package reads version {VERSION}")
        heads = np.column_stack([read_numbers(file, "heads/layer"), read_numbers(file, "heads/head")]).astype(int)
        ascending, descending, shuffled = [
            Curve(read_numbers(file, f"network/{order}/accuracy"), read_numbers(file, f"network/{order}/accuracy_error"))
            for order in ("ascending", "descending", "random")]
        return Pruning(float(attributes.get("width", np.nan)), float(attributes.get("temperature", np.nan)),
                       int(file["network"].attrs.get("cases", 0)), [tuple(head) for head in heads.tolist()],
                       read_numbers(file, "heads/score"), -read_numbers(file, "network/single/change"),
                       read_numbers(file, "network/single/change_error"), ascending, descending, shuffled,
                       read_numbers(file, "network/random/band"))
