"""Catching the attention of torch.nn.MultiheadAttention while a model runs."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import torch

from ..errors import DataError


# What lets encoders take their fast path, in one version of torch or another: packing padded sequences, and an
# activation function of a kind that the fast path knows.
FAST_PATHS: tuple[tuple[type[torch.nn.Module], str], ...] = (
    (torch.nn.TransformerEncoder, "enable_nested_tensor"), (torch.nn.TransformerEncoder, "use_nested_tensor"),
    (torch.nn.TransformerEncoderLayer, "activation_relu_or_gelu"))


class Call(NamedTuple):
    """One pass through an attention layer, batch first and detached."""

    layer: str
    tokens: torch.Tensor  # values that it reads [P, tokens, N0]
    attention: torch.Tensor  # [P, H, queries, keys]
    padding: object  # [P, tokens], true = padding; or None


def attention_layers(model: Any) -> dict[str, torch.nn.MultiheadAttention]:
    """All multi-head attention of a model, by the names that the model has for it."""
    return {name: module for name, module in model.named_modules() if isinstance(module, torch.nn.MultiheadAttention)}


def _padding(mask: torch.Tensor | None) -> Any:
    return mask if mask is None or mask.dtype == torch.bool else torch.isneginf(mask)


def _check(name: str, module: torch.nn.MultiheadAttention, query: Any, key: Any, value: Any) -> None:
    if not query.shape == key.shape == value.shape:
        raise DataError(f"{name}: attends from tokens {list(query.shape)} to others {list(key.shape)}; the theory is of self-attention")
    if module.bias_k is not None or module.add_zero_attn:
        raise DataError(f"{name}: has keys that are no tokens (add_bias_kv or add_zero_attn), which the theory does not know")


def _tapped(name: str, module: torch.nn.MultiheadAttention, original: Callable[..., Any], calls: list[Call]) -> Callable[...,
            Any]:
    """forward of an attention layer that notes what it attends to and answers as before."""
    @functools.wraps(original)
    def forward(query: Any, key: Any, value: Any, key_padding_mask: Any = None, need_weights: bool = True,
                attn_mask: Any = None, average_attn_weights: bool = True, **more: Any) -> Any:
        _check(name, module, query, key, value)
        output, attention = original(query, key, value, key_padding_mask=key_padding_mask, need_weights=True, attn_mask=attn_mask,
                                     average_attn_weights=False, **more)
        tokens, maps, padding = value.detach(), attention.detach(), _padding(key_padding_mask)
        if tokens.dim() == 2:  # a single example
            tokens, maps = tokens[None], maps[None]
            padding = padding if padding is None else padding[None]
        elif not module.batch_first:
            tokens = tokens.transpose(0, 1)
        calls.append(Call(name, tokens, maps, padding))
        if not need_weights:
            return output, None
        return output, attention.mean(dim=-3) if average_attn_weights else attention

    return forward


@contextlib.contextmanager
def _instance_attribute(module: torch.nn.Module, name: str, value: Any) -> Iterator[None]:
    """Within it, a module has an attribute of its own in place of its class's or its earlier one."""
    had, before = name in module.__dict__, module.__dict__.get(name)
    object.__setattr__(module, name, value)
    try:
        yield
    finally:
        if had:
            object.__setattr__(module, name, before)
        else:
            object.__delattr__(module, name)


@contextlib.contextmanager
def evaluation_mode(model: Any) -> Iterator[None]:
    """Within it, no module of a model is in training mode: none drops anything out."""
    training = [module for module in model.modules() if module.training]
    for module in training:
        module.training = False
    try:
        yield
    finally:
        for module in training:
            module.training = True


@contextlib.contextmanager
def caught_attention(model: Any, names: Sequence[str]) -> Iterator[list[Call]]:
    """Within it, every pass through one of these attention layers leaves a Call in the list that is its value.

    Encoders and their layers do not take their fast path, which goes around the attention layers.
    """
    calls: list[Call] = []
    layers = attention_layers(model)
    with contextlib.ExitStack() as changes:
        for module in model.modules():
            for kind, attribute in FAST_PATHS:
                if isinstance(module, kind) and hasattr(module, attribute):
                    changes.enter_context(_instance_attribute(module, attribute, 0))
        for name in names:
            layer = layers[name]
            changes.enter_context(_instance_attribute(layer, "forward", _tapped(name, layer, layer.forward, calls)))
        yield calls
