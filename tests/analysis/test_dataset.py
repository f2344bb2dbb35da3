"""Data sets made of arrays: the program reads what was meant, and what is wrong with arrays is said."""

import os
import subprocess

import h5py
import numpy as np
import pytest
from attnpaths import DataError, Dataset, Examples
from attnpaths.data.spooled_maps import SpooledMaps

PROGRAM = os.environ.get("ATTNPATHS_BINARY")
needs_program = pytest.mark.skipif(not PROGRAM, reason="ATTNPATHS_BINARY does not name the program; ctest does")
P, P_TEST, T, N0, H = 12, 6, 5, 3, 2


def softmax(scores):
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def arrays(count, seed=0, tokens=T):
    """(x, y, [maps of layer 1, maps of layer 2])"""
    random = np.random.default_rng(seed)
    maps = [softmax(random.normal(size=(count, H, tokens, tokens))) for _ in range(2)]
    return random.normal(size=(count, tokens, N0)), np.arange(count) % 2, maps


def dataset(**options):
    x, y, maps = arrays(P)
    return Dataset.from_attention(x, y, maps, **{"test": arrays(P_TEST, 1), "readout": "last", **options})


def check(data, path):
    """What `dataset check` says."""
    run = subprocess.run([PROGRAM, "dataset", "check", data.save(path)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


@needs_program
def test_the_program_reads_maps(tmp_path):
    mask = np.arange(T) < np.arange(P)[:, None] % T + 1
    x, y, maps = arrays(P)
    valid = mask[:, None, :, None] & mask[:, None, None, :]
    for own in maps:
        own[...] = np.where(valid, own, 0)
        own /= np.maximum(own.sum(axis=3, keepdims=True), 1e-300)
    x[~mask] = np.nan
    more = Examples(*arrays(4, 2, tokens=7), lengths=None)
    data = Dataset.from_attention(x, y, maps, mask=mask, test={"test": arrays(P_TEST, 1), "longer": more}, readout="first",
                                  class_names=["no", "yes"], residual=True)
    assert data.heads == (3, 3) and data.sizes == {"train": 12, "test": 6, "test-longer": 4}
    text = check(data, tmp_path / "d.h5")
    for part in ("12 examples, 5 tokens of width 3 (45.0 % padding)", "longer        4 examples, 7 tokens", "of class no", "of class yes",
                 "3 heads (head 1, head 2, residual), attention of each example", "paths         9; N0 n = 27", "first token"):
        assert part in text, text


@needs_program
@pytest.mark.parametrize("y, words", [
    (np.arange(P) % 2 == 1, "classes"),
    (np.array(["b", "a", "ü"])[np.arange(P) % 3], "of class ü"),
    (np.where(np.arange(P) % 2, 1.0, -1.0), "with y = 1"),
    (np.eye(3)[np.arange(P) % 3], "3 outputs"),
    (np.linspace(0, 1, P), "regression targets"),
])
def test_labels_of_every_kind(tmp_path, y, words):
    x, _, maps = arrays(P)
    xt, _, maps_test = arrays(P_TEST, 1)
    data = Dataset.from_attention(x, y, maps, test=(xt, y[:P_TEST], maps_test), readout=-1, regression=words.startswith("regression"))
    text = check(data, tmp_path / "d.h5")
    assert words in text and "the token that each example names" in text, text


@needs_program
def test_precisions_are_kept(tmp_path):
    x, y, maps = arrays(P)
    for kind in ("f2", "f4", "f8"):
        own = [layer.astype(kind) for layer in maps]
        xt, yt, _ = arrays(P, 1)
        data = Dataset.from_attention(x.astype(kind), y, own, test=(xt, yt, own), readout="average")
        check(data, tmp_path / "d.h5")
        with h5py.File(tmp_path / "d.h5") as file:
            assert file["train/attention/layer2"].dtype == kind and file["train/x"].dtype == kind


@needs_program
def test_a_residual_of_queries_and_keys_is_the_identity(tmp_path):
    """U of queries and keys with a residual equals that of their maps with a residual."""
    random = np.random.default_rng(3)
    queries, keys = (random.normal(size=(2, H, 4, N0)) for _ in range(2))
    (x, y, _), (xt, yt, _) = arrays(P), arrays(P_TEST, 1)

    def maps(x, layer):
        scores = np.einsum("hgi,pti,hgj,psj->phts", queries[layer], x, keys[layer], x) / 2
        return softmax(np.where(np.tril(np.ones((T, T), bool)), scores, -np.inf))

    by_scores = Dataset.from_queries_keys(x, y, list(queries), list(keys), test=(xt, yt), readout="last", causal=True, residual=True)
    by_maps = Dataset.from_attention(x, y, [maps(x, layer) for layer in range(2)], readout="last", residual=True,
                                     test=(xt, yt, [maps(xt, layer) for layer in range(2)]))
    assert "causal" in check(by_scores, tmp_path / "scores.h5")
    actions = [action(data, tmp_path / name) for data, name in ((by_scores, "s.h5"), (by_maps, "m.h5"))]
    assert actions[0] == pytest.approx(actions[1], abs=1e-10)


def action(data, path):
    environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    store = f"{path}-store.h5"
    subprocess.run([PROGRAM, "sweep", "--task.name", "dataset", "--task.file", data.save(path), "--grid.width", "10",
                    "--grid.temperature", "0.1", "--store", store], check=True, capture_output=True, env=environment)
    with h5py.File(store) as file:
        return file["theory/action"][0]


@needs_program
def test_features(tmp_path):
    random = np.random.default_rng(0)
    xi, test = random.normal(size=(P, N0, 4)), random.normal(size=(P_TEST, N0, 4))
    data = Dataset.from_features(xi, np.arange(P) % 2, (2, 2), test=(test, np.arange(P_TEST) % 2))
    assert "path features of width 3" in check(data, tmp_path / "d.h5")
    with pytest.raises(DataError, match=r"train xi: has shape \[12, 3, 4\], expected \[P, N0, paths\] = \[12, 3, 6\]"):
        Dataset.from_features(xi, np.arange(P) % 2, (2, 3), test=(test, np.arange(P_TEST) % 2))


def test_equal_data_have_equal_digests():
    assert dataset().digest() == dataset().digest() != dataset(readout="first").digest()


def changed(layer, place, value):
    x, y, maps = arrays(P)
    maps[layer][place] = value
    return {"x": x, "y": y, "attention": maps}


def given(**options):
    x, y, maps = arrays(P)
    return {"x": x, "y": y, "attention": maps, **options}


X, Y, MAPS = arrays(P)
WRONG = [
    (changed(0, (2, 1, 3), 0.5), "train attention of layer 1: example 2, head 1, query 3 .*sums to 2.5; rows"),
    (changed(1, (0, 0, 0, 1), np.nan), "layer 2: example 0, head 0, query 0 .*the attention to key 1 is nan"),
    (changed(1, (0, 0, 4, 1), -0.1), "query 4 .*the attention to key 1 is -0.1; it must be a number from 0 to 1"),
    (given(attention=[m.swapaxes(2, 3) for m in MAPS]), "its columns do: swap the last two axes"),
    (given(attention=[m[:, :, :4] for m in MAPS]), r"has shape \[12, 2, 4, 5\], expected \[P, H, queries, keys\] = \[12, 2, 5, 5\]"),
    (given(attention=[MAPS[0][:, 0]]), r"has shape \[12, 5, 5\], expected \[P, H, queries, keys\]"),
    (given(attention=[]), "attention: is empty"),
    (given(test=(X, Y, [m[:, :1] for m in MAPS])), r"test attention of layer 1: has shape \[12, 1, 5, 5\], expected .*\[12, 2, 5, 5\]"),
    (given(test=(X, Y, MAPS[:1])), "test: has the attention of 1 layers, the training set of 2"),
    (given(test=(X, Y, MAPS, 1, 2, 3, 4)), r"test set test: is not \(x, y\) or"),
    (given(test={"other": (X, Y, MAPS)}), "none of the sets other is named \"test\""),
    (given(test=None), "test: is missing"),
    (given(mask=np.zeros((P, T), bool)), "train mask: example 0 .*has no token.*key_padding_mask is the opposite"),
    (given(mask=np.ones((P, T - 1))), r"train mask: has shape \[12, 4\], expected \[P, tokens\] = \[12, 5\]"),
    (given(mask=np.ones((P, T)), lengths=[T] * P), "mask and lengths are both given"),
    (given(lengths=[T + 1] + [T] * (P - 1)), "example 0 .*has length 6; x has 5 tokens"),
    (given(lengths=[T - 1] * P), "query . .*the attention to its tokens sums to 0"),
    (given(x=X[:, :, :2]), r"test x: has shape \[6, 5, 3\], expected .*N0 = 2"),
    (given(x=np.where(np.arange(N0) == 1, np.inf, X)), r"train x\[0, 0, 1\] is inf"),
    (given(x=X[0]), r"train x: has shape \[5, 3\], expected \[P, tokens, N0\]"),
    (given(x=[[1, 2], [1]]), "train x: is no array"),
    (given(x=X.astype(complex)), "train x: holds complex128, not real numbers"),
    (given(y=Y[:4]), r"train y: has shape \[4\], expected \[P\] or \[P, D\] with P = 12"),
    (given(y=Y + 1, class_names=["a", "b"]), "example 1 .*is of class 2; class_names has 2"),
    (given(readout="middle"), "readout: 'middle' is not known; choose average, first or last"),
    (given(readout=7), "train readout: example 0 .*has no token 7"),
    (given(readout=[1] * P), "test readout: is missing"),
    (given(readout=1.5), "train readout: holds float64"),
    (given(head_names=[["a"], ["b"]]), r"head_names: \[1, 1\] names for layers of \[2, 2\] heads"),
]


@pytest.mark.parametrize("arguments, message", WRONG)
def test_what_is_wrong_is_said(arguments, message):
    with pytest.raises(DataError, match=message):
        Dataset.from_attention(**{"test": arrays(P_TEST, 1), "readout": "last", **arguments})


@pytest.mark.parametrize("options, message", [
    ({"keys": [np.ones((H, 4, N0))]}, "of 2 and 1 layers"),
    ({"keys": [np.ones((H, 4, 2))] * 2}, r"keys of layer 1: has shape \[2, 4, 2\], expected \[H, G, N0\] = \[2, 4, 3\]"),
    ({"causal": [True]}, "causal: has 1 entries for 2 layers"),
    ({"bias": np.zeros((H, T, T))}, "bias: is not a list with an entry for each of 2 layers"),
])
def test_wrong_queries_and_keys(options, message):
    x, y, _ = arrays(P)
    weights = [np.ones((H, 4, N0))] * 2
    with pytest.raises(DataError, match=message):
        Dataset.from_queries_keys(x, y, **{"queries": weights, "keys": weights, "test": arrays(P_TEST)[:2], "readout": "last", **options})


@needs_program
def test_weights_are_products_of_queries_and_keys(tmp_path):
    random = np.random.default_rng(4)
    queries, keys = (random.normal(size=(2, H, 4, N0)) for _ in range(2))
    (x, y, _), (xt, yt, _) = arrays(P), arrays(P_TEST, 1)
    weights = [np.einsum("hgi,hgj->hij", keys[layer], queries[layer]) / 2 for layer in range(2)]
    options = {"test": (xt, yt), "readout": "last", "causal": True, "residual": True}
    by_weights = Dataset.from_weights(x, y, weights, **options)
    by_queries = Dataset.from_queries_keys(x, y, list(queries), list(keys), **options)
    assert "3 heads (head 1, head 2, residual), W, bias of scores, causal" in check(by_weights, tmp_path / "w.h5")
    assert action(by_weights, tmp_path / "w.h5") == pytest.approx(action(by_queries, tmp_path / "q.h5"), abs=1e-10)
    with pytest.raises(DataError, match=r"weights of layer 1: has shape \[2, 4, 3\], expected \[H, N0, N0\] = \[2, 3, 3\]"):
        Dataset.from_weights(x, y, [queries[0]], test=(xt, yt), readout="last")


@needs_program
def test_shared_attention_is_that_of_every_example(tmp_path):
    shared = [softmax(np.random.default_rng(layer).normal(size=(H, T, T))) for layer in range(2)]
    (x, y, _), (xt, yt, _) = arrays(P), arrays(P_TEST, 1)
    every = [[np.broadcast_to(maps, (count, H, T, T)) for maps in shared] for count in (P, P_TEST)]
    by_layer = Dataset.from_shared_attention(x, y, shared, test=(xt, yt), readout="first", residual=True)
    by_example = Dataset.from_attention(x, y, every[0], test=(xt, yt, every[1]), readout="first", residual=True)
    assert "attention, the same for all examples" in check(by_layer, tmp_path / "s.h5")
    assert action(by_layer, tmp_path / "s.h5") == pytest.approx(action(by_example, tmp_path / "e.h5"), abs=1e-10)


@pytest.mark.parametrize("options, message", [
    ({"attention": []}, "attention: is empty"),
    ({"attention": [np.eye(T)]}, r"attention of layer 1: has shape \[5, 5\], expected \[H, queries, keys\]"),
    ({"attention": [np.ones((H, T, T - 1))]}, r"has shape \[2, 5, 4\], expected \[H, queries, keys\] = \[2, 5, 5\]"),
    ({"attention": [np.ones((H, T, T))]}, r"attention of layer 1: head 0, query 0 \(counted from 0\): .*sums to 5"),
    ({"test": arrays(P_TEST, tokens=4)[:2]}, "test x: has 4 tokens, the training set 5"),
    ({"test": Examples(*arrays(P_TEST)[:2], lengths=[2] * P_TEST)}, "test: has padding"),
])
def test_wrong_shared_attention(options, message):
    x, y, _ = arrays(P)
    with pytest.raises(DataError, match=message):
        Dataset.from_shared_attention(x, y, **{"attention": [np.eye(T)[None]] * 2, "test": arrays(P_TEST)[:2], "readout": "last",
                                               **options})


def test_spooled_maps_are_those_of_their_batches_with_zeros_behind(tmp_path):
    random = np.random.default_rng(5)
    batches = [random.normal(size=(count, H, tokens, tokens)).astype("f4") for count, tokens in ((3, 2), (1, 4), (4, 3))]
    maps = SpooledMaps(tmp_path)
    expected = np.zeros((8, H, 4, 4), "f4")
    first = 0
    for batch in batches:
        maps.append(batch)
        expected[first:first + len(batch), :, :batch.shape[2], :batch.shape[3]] = batch
        first += len(batch)
    assert (maps.shape, maps.dtype, len(maps)) == (expected.shape, expected.dtype, 8)
    for rows in (slice(None), slice(0, 3), slice(2, 5), slice(3, 4), slice(7, 20), slice(5, 5)):
        assert np.array_equal(maps[rows], expected[rows])
    assert not list(tmp_path.iterdir()), "the file has no name"
