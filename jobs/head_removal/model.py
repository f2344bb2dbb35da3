"""A small GPT-like classifier, and its heads: trained, removed, measured."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

import torch

from .tasks import Sequences

BATCH = 64
Head = tuple[int, int]  # layer and number there, from 0


class Classifier(torch.nn.Module):
    """Causal transformer whose last token is read out: learned positions, norms first, residuals, MLPs."""

    def __init__(self, width_in: int, tokens: int, layers: int, heads: int, width: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Linear(width_in, width)
        self.positions = torch.nn.Parameter(0.1 * torch.randn(tokens, width))
        layer = torch.nn.TransformerEncoderLayer(width, heads, 2 * width, dropout=0.0, activation="gelu", batch_first=True,
                                                 norm_first=True)
        self.encoder = torch.nn.TransformerEncoder(layer, layers, torch.nn.LayerNorm(width))
        self.readout = torch.nn.Linear(width, 2)
        for parameter in self.encoder.parameters():  # the encoder's layers start as copies of one
            if parameter.dim() > 1:
                torch.nn.init.xavier_uniform_(parameter)

    def forward(self, x: torch.Tensor, padding: torch.Tensor) -> torch.Tensor:
        tokens = x.shape[1]
        causal = torch.ones(tokens, tokens, dtype=torch.bool).triu(1)
        states = self.encoder(self.embedding(x) + self.positions[:tokens], causal, padding)
        last = (~padding).sum(1) - 1
        return self.readout(states[torch.arange(len(x)), last])

    def attention_layers(self) -> list[torch.nn.MultiheadAttention]:
        return [layer.self_attn for layer in self.encoder.layers]

    def heads(self) -> list[Head]:
        """All heads, layer by layer."""
        return [(layer, head) for layer, own in enumerate(self.attention_layers()) for head in range(own.num_heads)]


def columns(attention: torch.nn.MultiheadAttention, head: int) -> slice:
    """Columns of the output projection that read this head."""
    return slice(head * attention.head_dim, (head + 1) * attention.head_dim)


@contextlib.contextmanager
def without_heads(model: Classifier, removed: Sequence[Head]) -> Iterator[None]:
    """Within it, nothing that these heads answer reaches the model; no weight is trained again."""
    layers = model.attention_layers()
    before = [layer.out_proj.weight.detach().clone() for layer in layers]
    with torch.no_grad():
        for layer, head in removed:
            layers[layer].out_proj.weight[:, columns(layers[layer], head)] = 0
    try:
        yield
    finally:
        with torch.no_grad():
            for layer, weight in zip(layers, before):
                layer.out_proj.weight.copy_(weight)


@torch.no_grad()
def accuracy(model: Classifier, data: Sequences, removed: Sequence[Head] = ()) -> float:
    with without_heads(model, removed):
        return float((model(data.x, data.padding).argmax(1) == data.y).float().mean())


def train(model: Classifier, data: Sequences, steps: int, rate: float = 2e-3) -> None:
    """Adam on random batches, its rate falling to zero along a cosine."""
    optimiser = torch.optim.Adam(model.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.1)
    model.train()
    for _ in range(steps):
        batch = torch.randint(len(data), (BATCH,))
        loss = torch.nn.functional.cross_entropy(model(data.x[batch], data.padding[batch]), data.y[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    model.eval()
