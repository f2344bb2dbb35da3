"""A data set of what a torch model's attention layers do on its data."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError
from .arrays import as_array
from .examples import Examples
from .spooled_maps import SpooledMaps

if TYPE_CHECKING:
    from ..typing import Array, StrPath
    from .dataset import Dataset


def _chosen_layers(available: Iterable[str], layers: Any) -> list[str]:
    """Names of adjacent attention layers, in the order of the model. layers: names or indices, or None for all."""
    names = list(available)
    if not names:
        raise DataError("model: has no torch.nn.MultiheadAttention; take its attention by its own means, for "
                        "Dataset.from_attention")
    chosen = []
    for layer in range(len(names)) if layers is None else layers:
        if layer not in names and not (isinstance(layer, int) and -len(names) <= layer < len(names)):
            raise DataError(f"layers: {layer!r} is not among the attention layers 0 to {len(names) - 1}: {', '.join(names)}")
        chosen.append(names.index(layer) if isinstance(layer, str) else layer % len(names))
    if chosen != list(range(chosen[0], chosen[0] + len(chosen)) if chosen else [None]):
        raise DataError(f"layers: {layers!r} are not adjacent layers in their order; the theory is of layers that follow one "
                        "another")
    return [names[index] for index in chosen]


def _short_names(names: Iterable[str]) -> dict[str, str]:
    """What tells layers apart: 3 and 4 of layers.3.self_attn and layers.4.self_attn."""
    names = list(names)
    parts = [name.split(".") for name in names]
    while len(parts) > 1 and min(map(len, parts)) > 1 and len({own[0] for own in parts}) == 1:
        parts = [own[1:] for own in parts]
    while len(parts) > 1 and min(map(len, parts)) > 1 and len({own[-1] for own in parts}) == 1:
        parts = [own[:-1] for own in parts]
    return dict(zip(names, map(".".join, parts)))


def _parts(batch: Any) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
    """Arguments, keyword arguments and labels of a loader's batch (inputs, ..., labels), or a dict with "labels"."""
    if isinstance(batch, dict):
        if "labels" not in batch:
            raise DataError(f"loader: a batch has {', '.join(map(str, batch))}, but no labels")
        return (), {name: value for name, value in batch.items() if name != "labels"}, batch["labels"]
    if not isinstance(batch, (list, tuple)) or len(batch) < 2:
        raise DataError(f"loader: a batch is a {type(batch).__name__}, not (inputs, ..., labels) or a dict with labels")
    return tuple(batch[:-1]), {}, batch[-1]


def _on(device: Any, value: Any) -> Any:
    return value.to(device) if device is not None and hasattr(value, "to") else value


def _joined(pieces: list[Array], axes: tuple[int, ...]) -> Array:
    """Batches of examples one after another, with zeros behind in these axes where batches have fewer tokens."""
    longest = max(piece.shape[axis] for piece in pieces for axis in axes) if axes else 0

    def padded(piece: Array) -> Array:
        gaps = [(0, longest - size if axis in axes else 0) for axis, size in enumerate(piece.shape)]
        return np.pad(piece, gaps)
    return np.concatenate([padded(piece) for piece in pieces])


def _examples_of(model: Any, loader: Iterable[Any], names: list[str], forward: Any, device: Any,
                 folder: StrPath | None) -> Examples:
    """Examples of all batches of a loader, as the chosen layers see them. folder: where maps are kept."""
    import torch

    from .torch_attention import caught_attention

    tokens: list[Array] = []
    masks: list[Array] = []
    labels: list[Array] = []
    maps = [SpooledMaps(folder) for _ in names]
    with torch.no_grad(), caught_attention(model, names) as calls:
        for batch in loader:
            arguments, keywords, y = _parts(batch)
            calls.clear()
            forward(model, *(_on(device, value) for value in arguments),
                    **{name: _on(device, value) for name, value in keywords.items()})
            if [call.layer for call in calls] != names:
                raise DataError(f"model: a batch went through the attention layers {', '.join(call.layer for call in calls) or 'none'}; "
                                f"expected each of {', '.join(names)} once, in this order")
            tokens.append(as_array(calls[0].tokens, "tokens"))
            padding = calls[0].padding
            masks.append(np.ones(tokens[-1].shape[:2], bool) if padding is None else ~as_array(padding, "padding"))
            labels.append(as_array(y, "labels"))
            for own, call in zip(maps, calls):
                own.append(as_array(call.attention, "attention"))
    if not tokens:
        raise DataError("loader: has no batch")
    mask = _joined(masks, (1,))
    return Examples(_joined(tokens, (1,)), np.concatenate([np.atleast_1d(y) for y in labels]), maps,
                    None if mask.all() else mask)


def dataset_from_module(cls: type[Dataset], model: Any, loader: Iterable[Any], *, test: Any, layers: Any = None,
                        forward: Any = None, folder: StrPath | None = None, **options: Any) -> Dataset:
    """Data set of the attention that a torch model has on its data, by running it over a loader of batches.

    loader, test: iterables of batches (inputs, ..., labels), or dicts with "labels"; test may be a dict of several by
    name, one of them "test". The model is called with all but the labels, or as forward(model, *inputs) does.
    layers: adjacent attention layers (torch.nn.MultiheadAttention, also those inside TransformerEncoderLayer) by index
    in the model (from 0; -1 is the last) or name; by default all. The tokens x are what the first of them reads (where norms
    come first: after its norm), so the last layers of a deeper model are studied given what lies below them.
    Heads are named 3[0] for head 0 of the layer whose name differs from the others' by 3. Padding is what the layers get
    as key_padding_mask. The model runs without gradients and dropout, in evaluation mode, and is left as it was; a model
    in training mode is warned about. Maps are not held in memory: they wait in a file without a name in `folder` (by default the
    system's for temporary files) until the data set is saved, and go with it. options: readout and what else from_attention takes.
    """
    from .torch_attention import attention_layers, evaluation_mode

    available = attention_layers(model)
    names, short = _chosen_layers(available, layers), _short_names(available)
    if model.training:
        warnings.warn("the model is in training mode: its attention is taken in evaluation mode, without dropout", stacklevel=3)
    options.setdefault("head_names", [[f"{short[name]}[{head}]" for head in range(available[name].num_heads)]
                                      for name in names])
    forward = forward or (lambda model, *arguments, **keywords: model(*arguments, **keywords))
    device = next((parameter.device for parameter in model.parameters()), None)
    tests = test if isinstance(test, dict) else {"test": test}
    with evaluation_mode(model):
        train = _examples_of(model, loader, names, forward, device, folder)
        tests = {name: _examples_of(model, own, names, forward, device, folder) for name, own in tests.items()}
    return cls.from_attention(train.x, train.y, train.attention, mask=train.mask, test=tests, **options)
