"""Data sets for sweeps: arrays in, a data set file (version 2) out."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from ..errors import DataError
from ..output_file import whole_file
from .arrays import as_array, check_finite, real_numbers
from .examples import Examples, named_sets, readout_tokens, token_mask
from .labels import label_array
from .maps import Maps, attention_maps
from .score_heads import per_layer, score_heads

if TYPE_CHECKING:
    from ..typing import Array, StrPath

READOUTS = ("average", "first", "last")


class Dataset:
    """Tokens, labels and the attention of every layer: what a sweep learns. Made by one of the `from_...` functions.

    Attributes: heads (H_1, ..., H_L), the identity of a residual connection included; sizes (examples by set); arrays, by
    their places in the file ("train/x"), and the file's attributes; path of the file that it was saved to, or None.
    """

    def __init__(self, attributes: dict[str, Any], arrays: dict[str, Any], heads: Sequence[int],
                 sizes: dict[str, int]) -> None:
        self.attributes, self.arrays = attributes, arrays
        self.heads, self.sizes = tuple(heads), sizes
        self.path: str | None = None

    @classmethod
    def from_attention(cls, x: Any, y: Any, attention: Any, *, test: Any, readout: Any, mask: Any = None,
                       lengths: Any = None, residual: bool = False, head_names: Any = None, 
                       class_names: Sequence[str] | None = None, regression: bool = False) -> Dataset:
        """Data set of a network whose attention maps are known for every example, whatever they were computed from.

        x [P, tokens, N0]: tokens that the first layer reads; y: labels [P] (whole numbers, truth values or texts are
        classes, as are two floating-point values) or targets [P] or [P, D]; attention: for each layer a map
        [P, H, queries, keys] whose rows sum to 1; test: (x, y, attention) of a test set, Examples, or a dict of several
        with one named "test"; readout: "average", "first", "last", or an index of a token (for all, or [P]).
        mask [P, tokens] (true = token) or lengths [P]: of sequences with padding. residual: adds to every layer a head
        in which tokens attend to themselves, which is what a residual connection is to the theory.
        head_names: for each layer a name for every head; class_names: of the labels 0, 1, ...; regression: y are
        quantities, of whatever type. Arrays may be numpy's, torch's or anything that numpy understands.
        Raises DataError, which names what is wrong with which argument.
        """
        if len(attention) == 0:
            raise DataError("attention: is empty; give the maps of at least one layer")
        build = _Build(named_sets(Examples(x, y, attention, mask, lengths), test), readout, class_names, regression)
        heads: list[int] = []
        for name, examples in build.sets.items():
            maps = list(examples.attention)
            if len(maps) != len(attention):
                raise DataError(f"{name}: has the attention of {len(maps)} layers, the training set of {len(attention)}")
            mask = build.add_tokens(name, examples)
            for layer, given in enumerate(maps, start=1):
                own = attention_maps(given, *build.shape(name), mask, f"{name} attention of layer {layer}",
                                     heads[layer - 1] if heads else None, residual)
                build.arrays[f"{name}/attention/layer{layer}"] = own
                maps[layer - 1] = own.shape[1] - residual
            heads = heads or maps
        return build.dataset(cls, heads, residual, head_names)

    @classmethod
    def from_queries_keys(cls, x: Any, y: Any, queries: Any, keys: Any, *, test: Any, readout: Any, mask: Any = None,
                          lengths: Any = None, residual: bool = False, causal: Any = None, 
                          bias: Any = None, relative_bias: Any = None, query_bias: Any = None, key_bias: Any = None,
                          hardmax: bool = False, head_names: Any = None,
                          class_names: Sequence[str] | None = None, regression: bool = False) -> Dataset:
        """Data set of a network in which every layer's attention is computed from the bare tokens x.

        queries, keys: for each layer [H, G, N0]; the score of key token s for query token t is
        (K x_s + k).(Q x_t + q) / sqrt(G) + bias. For each layer, or left out: causal (keys after the query are masked; one
        truth value stands for all layers), bias [H or 1, queries, keys] (-inf = masked), relative_bias
        [H or 1, 2 tokens - 1] (at key - query + tokens - 1), query_bias q and key_bias k [H, G]. hardmax: the best key
        gets all the attention. All else as in from_attention; (x, y) make a test set.
        """
        if len(queries) == 0 or len(queries) != len(keys):
            raise DataError(f"queries, keys: of {len(queries)} and {len(keys)} layers; give both of every layer")
        build = _Build(named_sets(Examples(x, y, (), mask, lengths), test), readout, class_names, regression)
        for name, examples in build.sets.items():
            build.add_tokens(name, examples)
        width = build.arrays["train/x"].shape[2]
        longest = max(build.shape(name)[1] for name in build.sets)
        given = {"bias": bias, "relative_bias": relative_bias, "q_bias": query_bias, "k_bias": key_bias, "causal": causal}
        given = {member: per_layer(value, len(queries), member) for member, value in given.items()}
        heads = []
        for layer, (Q, K) in enumerate(zip(queries, keys)):
            own = {member: values[layer] for member, values in given.items()}
            members, count = score_heads(Q, K, width, longest, {member: own[member] for member in own if member != "causal"},
                                         own["causal"], residual, f"layer {layer + 1}")
            build.arrays.update({f"heads/layer{layer + 1}/{member}": value for member, value in members.items()})
            heads.append(count - residual)
        build.attributes["attention"] = "hardmax" if hardmax else "softmax"
        return build.dataset(cls, heads, residual, head_names)

    @classmethod
    def from_features(cls, xi: Any, y: Any, heads: Sequence[int], *, test: Any, class_names: Sequence[str] | None = None,
                      regression: bool = False) -> Dataset:
        """Data set of path features that were computed elsewhere: xi [P, N0, paths], h_1 the slowest index of paths.

        heads: (H_1, ..., H_L) whose product is the number of paths; test: (xi, y), or a dict of several.
        """
        paths = math.prod(heads)
        build = _Build(named_sets(Examples(xi, y), test), "average", class_names, regression)
        for name, examples in build.sets.items():
            features = real_numbers(examples.x, f"{name} xi", "[P, N0, paths]")
            width = build.arrays["train/xi"].shape[1] if "train/xi" in build.arrays else features.shape[1]
            if features.shape[1:] != (width, paths):
                raise DataError(f"{name} xi: has shape {list(features.shape)}, expected [P, N0, paths] = "
                                f"[{len(features)}, {width}, {paths}] for heads {':'.join(map(str, heads))}")
            check_finite(features, f"{name} xi")
            build.arrays[f"{name}/xi"] = features
            build.add_labels(name, examples, len(features))
        build.attributes["heads"] = ":".join(str(int(count)) for count in heads)
        return build.dataset(cls, list(heads), False, None)

    @classmethod
    def from_module(cls, model: Any, loader: Iterable[Any], *, test: Any, layers: Any = None, forward: Any = None,
                    **options: Any) -> Dataset:
        """Data set of the attention that a torch model has on its data; see module.dataset_from_module."""
        from .module import dataset_from_module

        return dataset_from_module(cls, model, loader, test=test, layers=layers, forward=forward, **options)

    def save(self, path: StrPath) -> str:
        """Write the file that sweeps and `attnpaths dataset check` read. Returns its path."""
        with whole_file(path) as temporary, h5py.File(temporary, "w", track_order=False) as file:
            file.attrs.update(self.attributes)
            for place, value in self.arrays.items():
                if isinstance(value, bool):
                    group, _, name = place.rpartition("/")
                    file.require_group(group).attrs[name] = value
                elif isinstance(value, Maps):
                    item = file.create_dataset(place, value.shape, value.dtype)
                    for block in value.blocks():
                        item[block] = value[block]
                else:
                    file[place] = value
        self.path = saved = os.fspath(path)
        return saved

    def digest(self) -> str:
        """Ten letters that stand for all of it: equal data sets have the same."""
        digest = hashlib.sha256(repr(sorted(self.attributes.items())).encode())
        for place, value in sorted(self.arrays.items()):
            array: Array | Maps = value if isinstance(value, Maps) else np.asarray(value)
            digest.update(f"{place} {array.dtype} {array.shape}".encode())
            for block in (array[rows] for rows in array.blocks()) if isinstance(array, Maps) else [array]:
                digest.update(np.ascontiguousarray(block).data)
        return digest.hexdigest()[:10]

    def __repr__(self) -> str:
        inputs = self.arrays.get("train/x", self.arrays.get("train/xi"))
        what = (f"{inputs.shape[1]} tokens of width {inputs.shape[2]}" if "train/x" in self.arrays
                else f"path features of width {inputs.shape[1]}")
        sizes = ", ".join(f"{name} {count}" for name, count in self.sizes.items())
        return f"<attnpaths.Dataset: {sizes} examples, {what}, heads {':'.join(map(str, self.heads))}>"


class _Build:
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
