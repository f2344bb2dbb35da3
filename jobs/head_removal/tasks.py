"""What the transformers learn: sequences of tokens [P, tokens, width] with padding, and a label of 0 or 1 each."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

KEYS = 4  # of the sequence task; its symbols are the keys and as many for each value
LONGEST = 16


@dataclass(frozen=True)
class Sequences:
    """Examples of a task: x [P, tokens, width]; padding [P, tokens], true where there is none; y [P]."""

    x: torch.Tensor
    padding: torch.Tensor
    y: torch.Tensor

    def __len__(self) -> int:
        return len(self.y)

    def part(self, first: int, last: int) -> Sequences:
        return Sequences(self.x[first:last], self.padding[first:last], self.y[first:last])


def recall(examples: int, seed: int) -> Sequences:
    """Associative recall: pairs of a key and a bit, each a token; the last token is a key, and the label the bit after it.

    8 to 16 tokens, the rest is padding. One-hot symbols: KEYS keys, then the two bits.
    """
    random = np.random.default_rng(seed)
    symbols = np.zeros((examples, LONGEST), dtype=int)
    lengths = 2 * random.integers(3, LONGEST // 2, examples) + 1
    labels = np.zeros(examples, dtype=int)
    for row, length in enumerate(lengths):
        bits = random.integers(2, size=KEYS)
        keys = random.integers(KEYS, size=length // 2)
        symbols[row, 0:length - 1:2] = keys
        symbols[row, 1:length - 1:2] = KEYS + bits[keys]
        symbols[row, length - 1] = asked = random.choice(keys)
        labels[row] = bits[asked]
    x = torch.nn.functional.one_hot(torch.from_numpy(symbols), KEYS + 2).float()
    padding = torch.from_numpy(np.arange(LONGEST) >= lengths[:, None])
    return Sequences(x * ~padding[:, :, None], padding, torch.from_numpy(labels))


def _idx(path: Path) -> np.ndarray:
    """An idx file of bytes, compressed or not."""
    packed = path.with_name(path.name + ".gz")
    content = gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes()
    axes = content[3]
    shape = np.frombuffer(content, ">i4", axes, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def mnist_rows(folder: Path, examples: int, seed: int) -> Sequences:
    """Handwritten digits, halved in size, read row by row; the label says whether the digit is odd.

    14 tokens of width 14; blank rows at the end are padding.
    """
    images, digits = _idx(folder / "train-images-idx3-ubyte"), _idx(folder / "train-labels-idx1-ubyte")
    chosen = np.random.default_rng(seed).permutation(len(digits))[:examples]
    x = torch.nn.functional.avg_pool2d(torch.from_numpy(images[chosen].astype(np.float32) / 255), 2)
    inked = x.amax(2) > 0
    padding = inked.flip(1).cumsum(1).flip(1) == 0
    return Sequences(x, padding, torch.from_numpy(digits[chosen].astype(np.int64) % 2))
