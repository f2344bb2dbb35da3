"""A set of examples as the user gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError
from .arrays import as_array

if TYPE_CHECKING:
    from ..typing import Array


@dataclass
class Examples:
    """Examples of a training or test set.

    x: tokens [P, tokens, N0]; y: labels or targets [P] or [P, D]; attention: a map [P, H, queries, keys] per layer,
    where every example has its own; mask: [P, tokens], true = token, or lengths: [P], for sequences with padding;
    readout: index of the token that is read out, [P] or one for all, counted from 0.
    """

    x: Any
    y: Any
    attention: Any = ()
    mask: Any = None
    lengths: Any = None
    readout: Any = None

    @classmethod
    def of(cls, given: Any, name: str) -> Examples:
        """Examples, or a tuple or dict of what makes them."""
        if isinstance(given, cls):
            return given
        try:
            return cls(**given) if isinstance(given, dict) else cls(*given)
        except TypeError as error:
            raise DataError(f"{name}: is not (x, y) or (x, y, attention) or attnpaths.Examples(...): {error}") from None


def named_sets(train: Examples, test: Any) -> dict[str, Examples]:
    """All sets of a data set, by the names of their groups in its file; the training set is first.

    test: Examples, a tuple of them, or a dict of several by name, one of which is "test".
    """
    if test is None:
        raise DataError("test: is missing; give (x, y, ...) of a test set, or several as {\"test\": ..., \"NAME\": ...}")
    is_several = isinstance(test, dict) and not {"x", "y"} <= test.keys()
    tests = test if is_several else {"test": test}
    if "test" not in tests:
        raise DataError(f"test: none of the sets {', '.join(map(str, tests))} is named \"test\"; the first one should be")
    sets = {"train": Examples.of(train, "training set")}
    for name, given in tests.items():
        if not isinstance(name, str) or not name or "/" in name or name == "train":
            raise DataError(f"test: {name!r} cannot name a test set")
        sets["test" if name == "test" else f"test-{name}"] = Examples.of(given, f"test set {name}")
    return sets


def token_mask(examples: Examples, shape: tuple[int, ...], name: str) -> Array | None:
    """Mask [P, tokens] of the tokens among padding, or None where all are tokens. shape: (P, tokens)."""
    if examples.mask is not None and examples.lengths is not None:
        raise DataError(f"{name}: mask and lengths are both given; keep one of them")
    if examples.lengths is not None:
        lengths = as_array(examples.lengths, f"{name} lengths")
        if lengths.shape != shape[:1]:
            raise DataError(f"{name} lengths: has shape {list(lengths.shape)}, expected [P] = [{shape[0]}]")
        wrong = ~((lengths >= 1) & (lengths <= shape[1]) & (lengths == np.floor(lengths)))
        if wrong.any():
            raise DataError(f"{name} lengths: example {np.argmax(wrong)} (counted from 0) has length {lengths[wrong][0]}; "
                            f"x has {shape[1]} tokens, give 1 to {shape[1]}")
        mask = np.arange(shape[1]) < lengths[:, None]
    elif examples.mask is not None:
        given = as_array(examples.mask, f"{name} mask")
        if given.shape != shape:
            raise DataError(f"{name} mask: has shape {list(given.shape)}, expected [P, tokens] = {list(shape)}")
        mask = given == 1
        if not (mask | (given == 0)).all():
            raise DataError(f"{name} mask: holds more than 0 and 1; true stands for a token, false for padding")
        if not mask.any(axis=1).all():
            raise DataError(f"{name} mask: example {np.argmin(mask.any(axis=1))} (counted from 0) has no token, all is padding; "
                            "true stands for a token (torch's key_padding_mask is the opposite); else leave it out")
    else:
        return None
    return None if mask.all() else mask


def readout_tokens(examples: Examples, otherwise: Any, shape: tuple[int, ...], mask: Array | None, name: str) -> Array:
    """Indices [P] of the tokens that are read out. otherwise: index for sets that give none of their own, or None."""
    given = otherwise if examples.readout is None else examples.readout
    if given is None:
        raise DataError(f"{name} readout: is missing; give attnpaths.Examples(..., readout=[the token of each example])")
    tokens = as_array(given, f"{name} readout")
    if tokens.shape not in ((), shape[:1]) or tokens.dtype.kind not in "iu":
        raise DataError(f"{name} readout: holds {tokens.dtype} of shape {list(tokens.shape)}, expected the index of a token for "
                        f"each of {shape[0]} examples")
    tokens = np.array(np.broadcast_to(tokens, shape[:1]), dtype=np.int64)
    tokens[tokens < 0] += shape[1]
    wrong = (tokens < 0) | (tokens >= shape[1])
    if mask is not None:
        wrong[~wrong] = ~mask[~wrong, tokens[~wrong]]
    if wrong.any():
        raise DataError(f"{name} readout: example {np.argmax(wrong)} (counted from 0) has no token {tokens[wrong][0]}")
    return tokens
