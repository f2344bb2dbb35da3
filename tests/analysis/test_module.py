"""Attention that is caught in a torch model equals attention computed by hand from its weights."""

import os
import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="python3-torch is not installed")

from attnpaths import DataError, Dataset  # noqa: E402

PROGRAM = os.environ.get("ATTNPATHS_BINARY")
WIDTH, HEADS, TOKENS, P, BATCH = 8, 2, 6, 10, 4


def encoder(layers=2, norm_first=False, batch_first=True, dropout=0.0, activation="relu"):
    torch.manual_seed(0)
    layer = torch.nn.TransformerEncoderLayer(WIDTH, HEADS, 16, dropout, activation, batch_first=batch_first, norm_first=norm_first)
    model = torch.nn.TransformerEncoder(layer, layers)
    for parameter in model.parameters():  # layers are copies, and norms and biases trivial, until they are trained
        parameter.data += 0.2 * torch.randn(parameter.shape)
    return model.eval()


def batches(batch_first=True, padded=False, seed=1, kind=torch.float32):
    random = torch.Generator().manual_seed(seed)
    x = torch.randn(P, TOKENS, WIDTH, generator=random).to(kind)
    lengths = torch.arange(P) % (TOKENS - 1) + 2
    padding = torch.arange(TOKENS) >= lengths[:, None]
    y = torch.arange(P) % 2
    for first in range(0, P, BATCH):
        part = slice(first, first + BATCH)
        own = x[part] if batch_first else x[part].transpose(0, 1)
        yield (own, padding[part], y[part]) if padded else (own, y[part])


def with_padding(model, x, padding):
    return model(x, src_key_padding_mask=padding)


def by_hand(model, x, padding=None, causal=False):
    """Inputs [P, tokens, N0] and attention [P, H, queries, keys] of every layer of an encoder, from its weights in float64."""
    def norm(layer, x):
        x = x - x.mean(axis=-1, keepdims=True)
        return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + layer.eps) * number(layer.weight) + number(layer.bias)

    def number(tensor):
        return tensor.detach().double().numpy()

    def attend(layer, x):
        q, k, v = np.split(x @ number(layer.in_proj_weight).T + number(layer.in_proj_bias), 3, axis=-1)
        q, k, v = (part.reshape(*part.shape[:2], HEADS, -1).transpose(0, 2, 1, 3) for part in (q, k, v))
        scores = q @ k.swapaxes(2, 3) / np.sqrt(q.shape[-1])
        if padding is not None:
            scores = np.where(padding[:, None, None, :], -np.inf, scores)
        if causal:
            scores = np.where(np.tril(np.ones(scores.shape[2:], bool)), scores, -np.inf)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        out = (weights @ v).transpose(0, 2, 1, 3).reshape(x.shape)
        return out @ number(layer.out_proj.weight).T + number(layer.out_proj.bias), weights

    def feed(layer, x):
        hidden = np.maximum(x @ number(layer.linear1.weight).T + number(layer.linear1.bias), 0)
        return hidden @ number(layer.linear2.weight).T + number(layer.linear2.bias)

    found = []
    for layer in model.layers:
        read = norm(layer.norm1, x) if layer.norm_first else x
        out, attention = attend(layer.self_attn, read)
        found.append((read, attention))
        if layer.norm_first:
            x = x + out
            x = x + feed(layer, norm(layer.norm2, x))
        else:
            x = norm(layer.norm1, x + out)
            x = norm(layer.norm2, x + feed(layer, x))
    return found


def joined(loader, batch_first=True):
    parts = [(part[0] if batch_first else part[0].transpose(0, 1), part[1]) for part in loader]
    return tuple(torch.cat([part[place] for part in parts]).numpy() for place in range(2))


def stored(data, place):
    return np.asarray(data.arrays[place])


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("padded", [False, True])
def test_caught_attention_is_that_of_the_weights(norm_first, batch_first, padded):
    model = encoder(norm_first=norm_first, batch_first=batch_first)
    forward = with_padding if padded else None
    with torch.no_grad():  # the fast path would be taken
        data = Dataset.from_module(model, batches(batch_first, padded), test=batches(batch_first, padded, seed=2), readout="last",
                                   forward=forward)
    for name, seed in (("train", 1), ("test", 2)):
        x, padding = joined(batches(batch_first, padded=True, seed=seed), batch_first)
        layers = by_hand(model, x, padding if padded else None)
        valid = ~padding if padded else np.ones(padding.shape, bool)
        assert np.abs(stored(data, f"{name}/x") - layers[0][0])[valid].max() < 1e-6
        pairs = np.broadcast_to((valid[:, :, None] & valid[:, None, :])[:, None], (P, HEADS, TOKENS, TOKENS))
        for layer, (_, attention) in enumerate(layers, start=1):
            assert np.abs(stored(data, f"{name}/attention/layer{layer}") - attention)[pairs].max() < 1e-6
    assert ("train/mask" in data.arrays) == padded
    assert data.heads == (HEADS, HEADS)


def test_the_fast_path_is_real():
    """What the tests above must not depend on: an encoder in evaluation mode goes around its attention layers."""
    model = encoder()
    calls = []
    layer = model.layers[0].self_attn
    layer.forward = lambda *arguments, **keywords: calls.append(1) or type(layer).forward(layer, *arguments, **keywords)
    with torch.no_grad():
        model(torch.randn(2, TOKENS, WIDTH))
    assert not calls


def test_the_last_layers_of_a_deeper_model():
    model = encoder(layers=5)
    data = Dataset.from_module(model, batches(), test=batches(seed=2), layers=(-2, -1), readout="last", residual=True)
    layers = by_hand(model, joined(batches(padded=True))[0])
    assert np.abs(stored(data, "train/x") - layers[3][0]).max() < 1e-5
    assert np.abs(stored(data, "train/attention/layer2")[:, :HEADS] - layers[4][1]).max() < 1e-5
    assert data.heads == (3, 3)
    assert [name.decode() for name in stored(data, "heads/layer1/names")] == ["3[0]", "3[1]", "residual"]


def test_causal_masks_are_in_the_attention():
    model = encoder()
    mask = torch.triu(torch.ones(TOKENS, TOKENS, dtype=torch.bool), 1)
    data = Dataset.from_module(model, batches(), test=batches(), readout="last", forward=lambda model, x: model(x, mask))
    expected = by_hand(model, joined(batches(padded=True))[0], causal=True)[1][1]
    assert np.abs(stored(data, "train/attention/layer2") - expected).max() < 1e-6


def test_batches_of_different_lengths_are_padded():
    model = encoder()
    short = [(x[:, :TOKENS - 2] if number else x, padding[:, :TOKENS - 2] if number else padding, y)
             for number, (x, padding, y) in enumerate(batches(padded=True))]
    short = [(x, torch.zeros(x.shape[:2], dtype=torch.bool), y) for x, _, y in short]
    data = Dataset.from_module(model, short, test=short, readout="last", forward=with_padding)
    assert stored(data, "train/x").shape == (P, TOKENS, WIDTH)
    assert stored(data, "train/mask").sum() == BATCH * TOKENS + (P - BATCH) * (TOKENS - 2)


@pytest.mark.skipif(not PROGRAM, reason="ATTNPATHS_BINARY does not name the program; ctest does")
def test_bfloat16(tmp_path):
    model = encoder().to(torch.bfloat16)
    data = Dataset.from_module(model, batches(kind=torch.bfloat16), test=batches(kind=torch.bfloat16, seed=2), readout="last")
    expected = by_hand(model, joined(batches(padded=True))[0].astype(float))[0][1]
    assert np.abs(stored(data, "train/attention/layer1") - expected).max() < 0.02
    run = subprocess.run([PROGRAM, "dataset", "check", data.save(tmp_path / "d.h5")], capture_output=True, text=True)
    assert run.returncode == 0 and "the rounding of numbers of 8 bits" in run.stdout, run


def test_dropout_is_switched_off_and_said():
    model = encoder(dropout=0.5).train()
    model.layers[1].eval()
    with pytest.warns(UserWarning, match="in training mode: its attention is taken in evaluation mode, without dropout"):
        data = Dataset.from_module(model, batches(), test=batches(), readout="last")
    assert model.training and model.layers[0].dropout.training and not model.layers[1].training
    attention = by_hand(model, joined(batches(padded=True))[0])[1][1]
    assert np.abs(stored(data, "train/attention/layer2") - attention).max() < 1e-6


def test_the_model_is_left_as_it_was():
    model = encoder()
    x = torch.randn(3, TOKENS, WIDTH)
    state = {name: dict(vars(module)) for name, module in model.named_modules()}
    before = model(x)

    def broken(model, x):
        model(x)
        raise RuntimeError("in the middle")
    with pytest.raises(RuntimeError):
        Dataset.from_module(model, batches(), test=batches(), readout="last", forward=broken)
    assert {name: dict(vars(module)) for name, module in model.named_modules()} == state
    assert torch.equal(model(x), before)


class Cross(torch.nn.Module):
    def __init__(self, **options):
        super().__init__()
        self.attention = torch.nn.MultiheadAttention(WIDTH, HEADS, batch_first=True, **options)

    def forward(self, x):
        return self.attention(x, x[:, :3], x[:, :3])[0]


class Twice(Cross):
    def forward(self, x):
        return self.attention(self.attention(x, x, x)[0], x, x)[0]


@pytest.mark.parametrize("model, options, message", [
    (torch.nn.Linear(WIDTH, 2), {}, "has no torch.nn.MultiheadAttention"),
    (encoder(3), {"layers": (0, 2)}, "are not adjacent layers"),
    (encoder(3), {"layers": ("layers.7.self_attn",)}, "'layers.7.self_attn' is not among the attention layers 0 to 2: layers.0.self_attn"),
    (encoder(3), {"layers": ()}, "are not adjacent layers"),
    (Cross(), {}, "the theory is of self-attention"),
    (Cross(add_zero_attn=True), {}, "self-attention"),
    (Twice(), {}, "went through the attention layers attention, attention; expected each of attention once"),
])
def test_models_that_the_theory_does_not_hold(model, options, message):
    with pytest.raises(DataError, match=message):
        Dataset.from_module(model.eval(), batches(), test=batches(), readout="last", **options)


def test_tensors_of_every_kind_are_arrays():
    torch.manual_seed(0)
    x = torch.randn(P, TOKENS, 3, requires_grad=True)
    maps = torch.softmax(torch.randn(P, HEADS, TOKENS, TOKENS), 3)
    own = (x, torch.arange(P) % 2, [maps.to(torch.bfloat16), maps.half()])
    data = Dataset.from_attention(*own, test=own, readout="average", mask=torch.ones(P, TOKENS, dtype=torch.bool))
    assert [stored(data, f"train/attention/layer{layer}").dtype.name for layer in (1, 2)] == ["float32", "float16"]
    assert stored(data, "train/y").dtype == np.int64


def test_torch_is_not_imported_for_arrays():
    code = "import sys, numpy, attnpaths; x = numpy.ones((2, 3, 1)); m = [numpy.full((2, 1, 3, 3), 1 / 3)]; " \
           "attnpaths.Dataset.from_attention(x, [0, 1], m, test=(x, [0, 1], m), readout='last'); sys.exit('torch' in sys.modules)"
    folder = os.path.join(os.path.dirname(__file__), "..", "..", "analysis")
    assert subprocess.run(["/usr/bin/env", f"PYTHONPATH={folder}", __import__("sys").executable, "-c", code]).returncode == 0


def test_maps_are_on_disk_while_the_model_runs(tmp_path):
    """Peak memory of a data set whose maps take 200 MB: what a process needs beyond a first, small one."""
    code = f"""
import resource, sys, torch
from attnpaths import Dataset

def batches(count):
    for first in range(count):
        yield torch.randn(8, 128, 16), torch.arange(8) % 2

def save(count, path):
    model = torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(16, 2, 16, batch_first=True), 2).eval()
    data = Dataset.from_module(model, batches(count), test=batches(1), readout="last", folder={str(tmp_path)!r})
    data.save(path)
    return sum(data.arrays[f"train/attention/layer{{layer}}"].nbytes for layer in (1, 2))

save(1, {str(tmp_path / "small.h5")!r})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
size = save(100, {str(tmp_path / "large.h5")!r})
print(size, 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before))
"""
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"})
    assert run.returncode == 0, run.stderr
    size, more = map(int, run.stdout.split())
    assert size == 2 * 100 * 8 * 2 * 128 * 128 * 4
    # A block of 64 MiB in double precision, as it was given and where it is checked; the maps themselves would be 200 MB.
    assert more < 0.9 * size, (size, more)
    assert {path.name for path in tmp_path.iterdir()} == {"small.h5", "large.h5"}
