"""Path features of a trained transformer with its own values: what each path of attention and residuals carries to the readout."""

from __future__ import annotations

import numpy as np
import torch

from .model import Classifier, columns
from .tasks import Sequences


class _Layer:
    """What a layer's attention does to states [P, tokens, width] where its norm divides as in the model's own pass."""

    def __init__(self, layer: torch.nn.TransformerEncoderLayer, states: torch.Tensor, mask: torch.Tensor,
                 padding: torch.Tensor) -> None:
        norm, attention = layer.norm1, layer.self_attn
        self.gain = norm.weight / (states.var(2, unbiased=False, keepdim=True) + norm.eps).sqrt()
        read = norm(states)
        _, maps = torch.nn.MultiheadAttention.forward(attention, read, read, read, attn_mask=mask, key_padding_mask=padding,
                                                      average_attn_weights=False)
        self.maps = maps.transpose(0, 1)  # [heads, P, queries, keys]
        values = attention.in_proj_weight[-attention.embed_dim:]
        self.weights = [attention.out_proj.weight[:, columns(attention, head)] @ values[columns(attention, head)]
                        for head in range(attention.num_heads)]

    def through(self, head: int, states: torch.Tensor) -> torch.Tensor:
        """States behind a head; behind the last of them, the residual, what they were."""
        if head == len(self.weights):
            return states
        centred = (states - states.mean(2, keepdim=True)) * self.gain
        return self.maps[head] @ (centred @ self.weights[head].T)


@torch.no_grad()
def value_path_features(model: Classifier, data: Sequences) -> np.ndarray:
    """xi [P, width, paths] at the last token, over (heads + 1)^layers paths: number `heads` of a layer is its residual.

    Norms are linear maps with the deviation that the whole model has at each token; MLPs, biases and the last norm are left out.
    """
    mask = torch.ones(data.x.shape[1], data.x.shape[1], dtype=torch.bool).triu(1)
    embedded = states = model.embedding(data.x) + model.positions[:data.x.shape[1]]
    layers = []
    for layer in model.encoder.layers:
        layers.append(_Layer(layer, states, mask, data.padding))
        states = layer(states, mask, data.padding)
    last = (~data.padding).sum(1) - 1
    rows = torch.arange(len(data))
    features: list[torch.Tensor] = []

    def follow(depth: int, states: torch.Tensor) -> None:
        if depth == len(layers):
            features.append(states[rows, last])
            return
        for head in range(len(layers[depth].weights) + 1):
            follow(depth + 1, layers[depth].through(head, states))

    follow(0, embedded)
    return torch.stack(features, 2).numpy()
