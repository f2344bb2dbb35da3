"""Orders of removal that ask the trained model alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
import torch

from .model import Classifier, Head, accuracy, columns
from .tasks import Sequences


def removable(wish: Sequence[Head]) -> list[Head]:
    """An order of all heads without the last one that is left of each layer, which stays as in the theory."""
    left = {layer: sum(head[0] == layer for head in wish) for layer, _ in wish}
    order = []
    for head in wish:
        if left[head[0]] > 1:
            left[head[0]] -= 1
            order.append(head)
    return order


def ascending(heads: Sequence[Head], scores: Sequence[float]) -> list[Head]:
    return removable([heads[index] for index in np.argsort(scores, kind="stable")])


def by_gradient(model: Classifier, data: Sequences) -> list[Head]:
    """Mean over examples of |d loss / d mask of the head|, each layer's scores brought to length 1 (Michel et al. 2019)."""
    layers = model.attention_layers()
    scores = np.zeros((len(layers), layers[0].num_heads))
    for example in range(len(data)):
        own = data.part(example, example + 1)
        model.zero_grad()
        torch.nn.functional.cross_entropy(model(own.x, own.padding), own.y).backward()
        for layer, attention in enumerate(layers):
            weight = attention.out_proj.weight
            for head in range(attention.num_heads):
                part = columns(attention, head)
                scores[layer, head] += abs(float((weight.grad[:, part] * weight[:, part]).sum()))
    model.zero_grad()
    return ascending(model.heads(), (scores / np.linalg.norm(scores, axis=1, keepdims=True)).ravel())


@torch.no_grad()
def by_entropy(model: Classifier, data: Sequences) -> list[Head]:
    """Heads of the widest attention first: mean entropy of a token's attention, over all tokens."""
    scores = []
    hooks = []

    def measure(module: torch.nn.Module, arguments: tuple, keywords: dict) -> None:
        mask, padding = keywords["attn_mask"], keywords["key_padding_mask"]
        _, maps = torch.nn.MultiheadAttention.forward(module, *arguments, attn_mask=mask, key_padding_mask=padding,
                                                      average_attn_weights=False)
        entropy = -torch.special.xlogy(maps, maps).sum(3).transpose(0, 1)  # [heads, P, queries]
        scores.extend(float(-own[~data.padding].mean()) for own in entropy)

    for layer in model.encoder.layers:
        before = layer._sa_block

        def tapped(x: torch.Tensor, mask: torch.Tensor, padding: torch.Tensor, *rest: object, layer=layer, before=before,
                   **more: object) -> torch.Tensor:
            measure(layer.self_attn, (x, x, x), {"attn_mask": mask, "key_padding_mask": padding})
            return before(x, mask, padding, *rest, **more)
        layer._sa_block = tapped
        hooks.append(layer)
    model.train()  # no fast path, which goes around the blocks; there is no dropout
    try:
        model(data.x, data.padding)
    finally:
        model.eval()
        for layer in hooks:
            del layer._sa_block
    return ascending(model.heads(), scores)


def at_random(model: Classifier, shuffle: int) -> list[Head]:
    heads = model.heads()
    random.Random(shuffle).shuffle(heads)
    return removable(heads)


def greedy(heads: Sequence[Head], worth: Callable[[list[Head]], float]) -> list[Head]:
    """Each time the head without which the model is worth most."""
    order: list[Head] = []
    while True:
        best = None
        for head in heads:
            if head not in order and removable([*order, head, *(h for h in heads if h not in (*order, head))])[:len(order) + 1] \
                    == [*order, head]:
                value = worth([*order, head])
                best = max(best or (value, head), (value, head), key=lambda pair: pair[0])
        if best is None:
            return order
        order.append(best[1])


@torch.no_grad()
def by_model(model: Classifier, data: Sequences) -> list[Head]:
    """Greedy on the model itself: the head whose loss hurts its accuracy on these examples least goes next."""
    return greedy(model.heads(), lambda removed: accuracy(model, data, removed))
