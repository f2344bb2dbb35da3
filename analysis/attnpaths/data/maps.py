"""Attention maps, one for each example: checks that find what was given in place of them, and the residual's identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError
from .arrays import real_numbers
from .spooled_maps import SpooledMaps

if TYPE_CHECKING:
    from ..typing import Array

BLOCK_BYTES = 1 << 26  # of maps in double precision that are looked at together
COARSEST_ROUNDING = 2.0**-8  # of bfloat16; the program holds rows to the rounding of the numbers that it finds


class Maps:
    """Attention maps of a layer as its file has them, [P, H, queries, keys], made of those that were given when asked for.

    Padding holds zeros. residual: there is one more head, in which every token attends to itself.
    """

    def __init__(self, given: Array | SpooledMaps, mask: Array | None, residual: bool) -> None:
        self._given, self._mask, self._residual = given, mask, residual
        self.shape = (len(given), given.shape[1] + residual, *given.shape[2:])
        self.dtype = given.dtype

    def __len__(self) -> int:
        return len(self._given)

    def __getitem__(self, examples: slice) -> Array:
        """Maps of a slice of examples, as an array."""
        maps = self._given[examples]
        if self._mask is not None:
            mask = self._mask[examples]
            maps = np.where(mask[:, None, :, None] & mask[:, None, None, :], maps, self.dtype.type(0))
        if self._residual:
            identity = np.broadcast_to(np.eye(maps.shape[3], dtype=self.dtype), (len(maps), 1, *maps.shape[2:]))
            maps = np.concatenate([maps, identity], axis=1)
        return maps

    @property
    def nbytes(self) -> int:
        return int(np.prod(self.shape)) * self.dtype.itemsize

    def __array__(self, dtype: Any = None) -> Array:
        return np.asarray(self[:], dtype)

    def blocks(self) -> list[slice]:
        """Slices of examples that are worked on together."""
        rows = max(1, BLOCK_BYTES // (8 * int(np.prod(self.shape[1:]))))
        return [slice(first, first + rows) for first in range(0, len(self), rows)]


def _check_rows(block: Array, first: int | None, valid: Array | None, name: str) -> None:
    """DataError unless rows [.., query, :] of valid queries are distributions over valid keys; valid [P, T] or None.

    first: number of the block's first example; None: its one map is that of all.
    """
    def place(where: Any) -> str:
        example, head, query = where[:3]
        own = "" if first is None else f"example {example + first}, "
        return f"{name}: {own}head {head}, query {query} (counted from 0)"

    rows = slice(None) if valid is None else np.broadcast_to(valid[:, None, :], block.shape[:3])
    bad = ~(block >= 0) | np.isinf(block)
    if bad.any():
        where = np.argwhere(bad)[0]
        raise DataError(f"{place(where)}: the attention to key {where[3]} is {block[tuple(where)]}; it must be a number from 0 to 1")
    sums = block.sum(axis=3)
    off = np.zeros(sums.shape)
    off[rows] = np.abs(sums[rows] - 1)
    if off.max() > COARSEST_ROUNDING * (8 + np.sqrt(block.shape[3])):
        where = np.unravel_index(np.argmax(off), off.shape)
        hint = ""
        if valid is None and np.abs(block.sum(axis=2) - 1).max() < COARSEST_ROUNDING:
            hint = "; its columns do: swap the last two axes"
        elif valid is not None and sums[where] < 0.5:
            hint = "; mask is true for tokens (torch's key_padding_mask is the opposite)"
        raise DataError(f"{place(where)}: the attention to its tokens sums to {sums[where]:.6g}; rows [.., query, :] must sum "
                        f"to 1{hint}")


def attention_maps(given: Any, examples: int, tokens: int, mask: Array | None, name: str, heads: int | None = None,
                   residual: bool = False) -> Maps:
    """Maps of a layer, checked, in the precision that they were given in.

    mask: [P, tokens] or None; heads: H that is expected, if known. Raises DataError naming the layer.
    """
    maps: Array | SpooledMaps = given if isinstance(given, SpooledMaps) else real_numbers(given, name, "[P, H, queries, keys]")
    expected = (examples, heads or maps.shape[1], tokens, tokens)
    if maps.shape != expected:
        raise DataError(f"{name}: has shape {list(maps.shape)}, expected [P, H, queries, keys] = {list(expected)}")
    plain = Maps(maps, mask, False)
    for block in plain.blocks():
        _check_rows(plain[block].astype(float), block.start, None if mask is None else mask[block], name)
    return Maps(maps, mask, residual)


def shared_maps(given: Any, tokens: int, name: str, residual: bool) -> Array:
    """Attention of a layer that is the same for all examples [H, tokens, tokens], checked; a residual is one more head."""
    maps = real_numbers(given, name, "[H, queries, keys]")
    if maps.shape[1:] != (tokens, tokens):
        raise DataError(f"{name}: has shape {list(maps.shape)}, expected [H, queries, keys] = {[len(maps), tokens, tokens]}")
    _check_rows(maps[None].astype(float), None, None, name)
    return np.concatenate([maps, np.eye(tokens, dtype=maps.dtype)[None]]) if residual else maps
