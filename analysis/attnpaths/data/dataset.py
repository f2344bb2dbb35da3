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
from .arrays import check_finite, real_numbers
from .build import Build
from .examples import Examples, named_sets
from .maps import Maps, attention_maps, shared_maps
from .score_heads import per_layer, score_heads

if TYPE_CHECKING:
    from ..typing import Array, StrPath

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
        build = Build(named_sets(Examples(x, y, attention, mask, lengths), test), readout, class_names, regression)
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
        build = Build(named_sets(Examples(x, y, (), mask, lengths), test), readout, class_names, regression)
        biases = {"causal": causal, "bias": bias, "relative_bias": relative_bias, "q_bias": query_bias, "k_bias": key_bias}
        heads = cls._add_score_heads(build, [{"Q": Q, "K": K} for Q, K in zip(queries, keys)], biases, residual, hardmax)
        return build.dataset(cls, heads, residual, head_names)

    @classmethod
    def from_weights(cls, x: Any, y: Any, weights: Any, *, test: Any, readout: Any, mask: Any = None, lengths: Any = None,
                     residual: bool = False, causal: Any = None, bias: Any = None, relative_bias: Any = None,
                     hardmax: bool = False, head_names: Any = None, class_names: Sequence[str] | None = None,
                     regression: bool = False) -> Dataset:
        """Data set of a network whose scores are one bilinear form of the bare tokens for each head.

        weights: for each layer W [H, N0, N0]; the score of key token s for query token t is x_s' W x_t + bias, so that queries
        and keys of width G are W = K' Q / sqrt(G). All else as in from_queries_keys.
        """
        if len(weights) == 0:
            raise DataError("weights: is empty; give those of at least one layer")
        build = Build(named_sets(Examples(x, y, (), mask, lengths), test), readout, class_names, regression)
        biases = {"causal": causal, "bias": bias, "relative_bias": relative_bias}
        heads = cls._add_score_heads(build, [{"W": W} for W in weights], biases, residual, hardmax)
        return build.dataset(cls, heads, residual, head_names)

    @classmethod
    def from_shared_attention(cls, x: Any, y: Any, attention: Any, *, test: Any, readout: Any, residual: bool = False,
                              head_names: Any = None, class_names: Sequence[str] | None = None,
                              regression: bool = False) -> Dataset:
        """Data set of a network whose attention is the same for all examples: heads of positions alone, or a graph's.

        attention: for each layer a map [H, queries, keys] whose rows sum to 1; (x, y) make a test set, of as many tokens as the
        training set. All else as in from_attention.
        """
        if len(attention) == 0:
            raise DataError("attention: is empty; give the maps of at least one layer")
        build = Build(named_sets(Examples(x, y), test), readout, class_names, regression)
        for name, examples in build.sets.items():
            if build.add_tokens(name, examples) is not None:
                raise DataError(f"{name}: has padding, and attention that is the same for all examples has none; give from_attention "
                                "the maps of each example")
            if build.shape(name)[1] != build.shape("train")[1]:
                raise DataError(f"{name} x: has {build.shape(name)[1]} tokens, the training set {build.shape('train')[1]}, for which the "
                                "shared attention is")
        heads = []
        for layer, given in enumerate(attention, start=1):
            maps = shared_maps(given, build.shape("train")[1], f"attention of layer {layer}", residual)
            build.arrays[f"heads/layer{layer}/attention"] = maps
            heads.append(len(maps) - residual)
        return build.dataset(cls, heads, residual, head_names)

    @staticmethod
    def _add_score_heads(build: Build, layers: Sequence[dict[str, Any]], biases: dict[str, Any], residual: bool,
                         hardmax: bool) -> list[int]:
        """Puts tokens and heads that score them into the file. Returns H of each layer, residuals aside."""
        for name, examples in build.sets.items():
            build.add_tokens(name, examples)
        width = build.arrays["train/x"].shape[2]
        longest = max(build.shape(name)[1] for name in build.sets)
        given = {member: per_layer(value, len(layers), member) for member, value in biases.items()}
        heads = []
        for layer, weights in enumerate(layers):
            own = {member: values[layer] for member, values in given.items()}
            causal = own.pop("causal")
            members, count = score_heads(weights, width, longest, own, causal, residual, f"layer {layer + 1}")
            build.arrays.update({f"heads/layer{layer + 1}/{member}": value for member, value in members.items()})
            heads.append(count - residual)
        build.attributes["attention"] = "hardmax" if hardmax else "softmax"
        return heads

    @classmethod
    def from_features(cls, xi: Any, y: Any, heads: Sequence[int], *, test: Any, class_names: Sequence[str] | None = None,
                      regression: bool = False) -> Dataset:
        """Data set of path features that were computed elsewhere: xi [P, N0, paths], h_1 the slowest index of paths.

        heads: (H_1, ..., H_L) whose product is the number of paths; test: (xi, y), or a dict of several.
        """
        paths = math.prod(heads)
        build = Build(named_sets(Examples(xi, y), test), "average", class_names, regression)
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
