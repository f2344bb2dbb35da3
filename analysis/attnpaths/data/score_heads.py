"""Heads given by queries and keys of the bare input, or their product, with what a residual connection is among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError
from .arrays import as_array, real_numbers

if TYPE_CHECKING:
    from ..typing import Array


def per_layer(given: Any, layers: int, name: str) -> list[Any]:
    """One entry for each layer, of a list with as many or of a single value; a list of None if nothing is given."""
    if isinstance(given, (list, tuple)):
        if len(given) != layers:
            raise DataError(f"{name}: has {len(given)} entries for {layers} layers")
        return list(given)
    if given is not None and not isinstance(given, bool):
        raise DataError(f"{name}: is not a list with an entry for each of {layers} layers")
    return [given] * layers


def _identity_bias(bias: Array | None, heads: int, tokens: int) -> Array:
    """Bias [H + 1, T, T] of scores whose last head, of scores 0, attends to the token itself alone."""
    shape = (heads, tokens, tokens)
    own = np.zeros(shape) if bias is None else np.broadcast_to(bias, shape)
    identity = np.where(np.eye(tokens, dtype=bool), 0.0, -np.inf)
    return np.concatenate([own, identity[None]])


WEIGHTS = {"Q": ("queries", "[H, G, N0]"), "K": ("keys", "[H, G, N0]"), "W": ("weights", "[H, N0, N0]")}


def _weight_arrays(given: dict[str, Any], width: int, name: str) -> dict[str, Array]:
    """Q and K [H, G, N0], or W [H, N0, N0], checked against each other and the width N0 of tokens."""
    arrays = {letter: real_numbers(value, f"{WEIGHTS[letter][0]} of {name}", WEIGHTS[letter][1]) for letter, value in given.items()}
    heads, rows, _ = next(iter(arrays.values())).shape
    for letter, array in arrays.items():
        word, axes = WEIGHTS[letter]
        expected = [heads, width if letter == "W" else rows, width]
        if list(array.shape) != expected:
            raise DataError(f"{word} of {name}: has shape {list(array.shape)}, expected {axes} = {expected} as x has N0 = {width}")
    return arrays


def score_heads(weights: dict[str, Any], width: int, tokens: int, biases: dict[str, Any], causal: Any, residual: bool,
                name: str) -> tuple[dict[str, Any], int]:
    """Members of a layer's group in the file: dict from name to array, and its number of heads.

    weights: Q and K [H, G, N0], or W [H, N0, N0]; biases: dict of what scores have besides, by the names that the file has for them (bias
    [H or 1, T, T], relative_bias [H or 1, 2 T - 1], q_bias and k_bias [H, G]), None where there is none.
    """
    members: dict[str, Any] = dict(_weight_arrays(weights, width, name))
    heads = len(next(iter(members.values())))
    for bias, given in biases.items():
        if given is not None:
            members[bias] = as_array(given, f"{bias} of {name}").astype(float)
    if residual:
        for member in (*WEIGHTS, "q_bias", "k_bias"):
            if member in members:
                array = members[member]
                members[member] = np.concatenate([array, np.zeros((1, *array.shape[1:]), dtype=array.dtype)])
        relative = members.get("relative_bias")
        if relative is not None and len(relative) == heads:  # of the identity's one key it changes nothing
            members["relative_bias"] = np.concatenate([relative, np.zeros((1, *relative.shape[1:]))])
        members["bias"] = _identity_bias(members.get("bias"), heads, tokens)
    if causal is not None:
        members["causal"] = bool(causal)
    return members, heads + residual
