"""What a data set's file is to hold, as it comes together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError
from .arrays import as_array, check_finite, real_numbers
from .examples import Examples, readout_tokens, token_mask
from .labels import label_array

if TYPE_CHECKING:
    from ..typing import Array
    from .dataset import Dataset

READOUTS = ("average", "first", "last")


class Build:
    """What a data set's file is to hold, as it comes together."""

    def __init__(self, sets: dict[str, Examples], readout: Any, class_names: Sequence[str] | None, regression: bool) -> None:
        self.sets, self.class_names = sets, class_names
        self.attributes = {"format": "attnpaths-dataset", "version": 2}
        if regression:
            self.attributes["target"] = "regression"
        self.readout = None  # index of the token for all sets that give none of their own
        if isinstance(readout, str) and readout not in READOUTS:
            raise DataError(f"readout: {readout!r} is not known; choose average, first or last, or the index of a token")
        if not isinstance(readout, str) and np.ndim(as_array(readout, "readout")) == 0:
            self.readout = readout
        elif not isinstance(readout, str):
            sets["train"].readout = readout
        self.attributes["readout"] = readout if isinstance(readout, str) else "index"
        self.arrays: dict[str, Any] = {}
        self.sizes: dict[str, int] = {}

    def shape(self, name: str) -> tuple[int, int]:
        """(P, tokens) of a set."""
        examples, tokens, _ = self.arrays[f"{name}/x"].shape
        return examples, tokens

    def add_tokens(self, name: str, examples: Examples) -> Array | None:
        """Puts tokens, padding, readout and labels of a set into the file. Returns its mask, or None."""
        x = real_numbers(examples.x, f"{name} x", "[P, tokens, N0]")
        width = self.arrays["train/x"].shape[2] if "train/x" in self.arrays else x.shape[2]
        if x.shape[2] != width:
            raise DataError(f"{name} x: has shape {list(x.shape)}, expected [P, tokens, N0] with N0 = {width} as in the training "
                            "set")
        mask = token_mask(examples, x.shape[:2], name)
        check_finite(x, f"{name} x", mask)
        if mask is not None:
            x = np.where(mask[:, :, None], x, x.dtype.type(0))
            self.arrays[f"{name}/mask"] = mask.astype(np.uint8)
        self.attributes["layout"] = "tokens-first"
        self.arrays[f"{name}/x"] = x
        if self.attributes["readout"] == "index":
            self.arrays[f"{name}/readout"] = readout_tokens(examples, self.readout, x.shape[:2], mask, name)
        elif examples.readout is not None:
            raise DataError(f"{name} readout: is given though all sets are read out at {self.attributes['readout']!r}")
        self.add_labels(name, examples, len(x))
        return mask

    def add_labels(self, name: str, examples: Examples, count: int) -> None:
        self.arrays[f"{name}/y"] = label_array(examples.y, self.class_names, count, name)
        self.sizes[name] = count

    def dataset(self, cls: type[Dataset], heads: Sequence[int], residual: bool, head_names: Any) -> Dataset:
        """The finished data set of layers with these heads, to which a residual adds one each."""
        if head_names is None and residual:
            head_names = [[f"head {head}" for head in range(1, count + 1)] for count in heads]
        for layer, names in enumerate(head_names or [], start=1):
            if len(head_names) != len(heads) or len(names) != heads[layer - 1]:
                raise DataError(f"head_names: {[len(own) for own in head_names]} names for layers of {list(heads)} heads")
            names = [str(name) for name in names] + ["residual"] * residual
            self.arrays[f"heads/layer{layer}/names"] = np.char.encode(np.asarray(names), "utf-8")
        return cls(self.attributes, self.arrays, [count + residual for count in heads], self.sizes)
