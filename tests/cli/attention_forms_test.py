"""The same attention as scores, as queries and keys, as maps of several precisions, as biases: one action.

The reference task, hidden-Markov sequences, and the image task, one-shot episodes of glyphs (with ATTNPATHS_ONE_SHOT, those
of a data set file of its own), are rewritten in every form of data set file; `--print` as first word prints what the forms
differ by.
"""

import os

import sys
import unittest

from sweep_case import OK, SweepCase

try:
    import h5py
    import numpy
except ImportError:
    numpy = None

LAYERS = (1, 2)


def softmax(scores):
    """Over the last axis."""
    weights = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def attention(x, weights, mask=None):
    """[P, H, queries, keys] of tokens [P, N0, tokens] and W [H, N0, N0]; mask [queries, keys] or [P, 1, 1, keys]."""
    scores = (x.transpose(0, 2, 1)[:, None] @ weights @ x[:, None]).swapaxes(2, 3)
    return softmax(scores if mask is None else numpy.where(mask, scores, -numpy.inf))


class AttentionFormsCase(SweepCase):
    """A data set with heads by their scores in scores.h5, and its action in whatever form."""

    readout = "last"
    grid = ()

    def read_scores(self):
        with h5py.File(self.path("scores.h5")) as file:
            self.sets = {name: (file[name + "/x"][...].astype(float), file[name + "/y"][...]) for name in ("train", "test")}
            layers = [file[f"heads/layer{layer}"] for layer in LAYERS]
            self.weights = {layer: self.weights_of(group) for layer, group in zip(LAYERS, layers)}
        self.tokens = self.sets["train"][0].shape[2]

    @staticmethod
    def weights_of(group):
        """W [H, N0, N0], which queries and keys have as product."""
        if "W" in group:
            return group["W"][...].astype(float)
        queries, keys = (group[letter][...].astype(float) for letter in "QK")
        return keys.swapaxes(1, 2) @ queries / numpy.sqrt(queries.shape[1])

    def action(self, name, change):
        """S of a point on a version 2 file with tokens and labels, to which `change` adds the attention."""
        with h5py.File(self.path(name + ".h5"), "w") as file:
            file.attrs.update({"format": "attnpaths-dataset", "version": 2, "readout": self.readout})
            for group, (x, y) in self.sets.items():
                file[group + "/x"], file[group + "/y"] = x, y
            change(file)
        return self.action_of(name)

    def action_of(self, name):
        store = self.path(name + "-store.h5")
        self.assert_code(self.run_program("sweep", "--store", store, "--task.name", "dataset", "--task.file",
                                          self.path(name + ".h5"), "--grid.width", 10, "--grid.temperature", 0.1, "--analyses.run", "saddle-point",
                                          *self.grid), OK)
        with h5py.File(store) as file:
            return file["theory/action"][0]

    def give_weights(self, file, **attributes):
        for layer in LAYERS:
            file[f"heads/layer{layer}/W"] = self.weights[layer]
            file[f"heads/layer{layer}"].attrs.update(attributes)

    def give_maps(self, file, kind="f8", mask=None):
        for group, (x, _) in self.sets.items():
            own = mask.get(group) if isinstance(mask, dict) else mask
            for layer in LAYERS:
                file.create_dataset(f"{group}/attention/layer{layer}", chunks=(7, 1, self.tokens, self.tokens),
                                    compression="gzip", compression_opts=1,
                                    data=attention(x, self.weights[layer], own).astype(kind))

    def assert_equal(self, action, expected, name, most=1e-10):
        if "--print" in sys.argv:
            print(f"{name:<34} S = {action:.15f}  difference {action - expected:.1e}")
        self.assertLess(abs(action - expected), most, name)

    def assert_maps_of_all_precisions(self, expected):
        for kind, most in (("f8", 1e-10), ("f4", 1e-6), ("f2", 1e-2)):
            self.assert_equal(self.action(kind, lambda file: self.give_maps(file, kind)), expected, f"maps, {kind}", most)


@unittest.skipIf(numpy is None, "rewriting data set files needs python3-h5py and python3-numpy")
class ReferenceTask(AttentionFormsCase):
    def setUp(self):
        super().setUp()
        self.assert_code(self.run_program("dataset", "hidden-markov", "--test-examples", 20, "-o",
                                          self.path("scores.h5")), OK)
        self.read_scores()

    def test_of_the_reference_task(self):
        expected = self.action_of("scores")

        def give_queries_and_keys(file):
            for layer in LAYERS:
                width = self.weights[layer].shape[1]
                file[f"heads/layer{layer}/Q"] = self.weights[layer] * width ** 0.25
                file[f"heads/layer{layer}/K"] = numpy.stack([numpy.eye(width) * width ** 0.25] * len(self.weights[layer]))

        def give_tokens_first(file):
            for group, (x, _) in self.sets.items():
                del file[group + "/x"]
                file[group + "/x"] = x.transpose(0, 2, 1)
                file[group + "/readout"] = [self.tokens - 1] * len(x)
            file.attrs["layout"] = "tokens-first"
            del file.attrs["readout"]
            self.give_weights(file)

        for name, change in (("queries and keys", give_queries_and_keys), ("tokens first, readout by index", give_tokens_first)):
            self.assert_equal(self.action(name.replace(" ", "-"), change), expected, name)
        self.assert_maps_of_all_precisions(expected)

    def test_of_causal_heads(self):
        causal = numpy.tri(self.tokens, dtype=bool)
        expected = self.action("causal", lambda file: self.give_weights(file, causal=True))
        self.assert_equal(self.action("maps", lambda file: self.give_maps(file, mask=causal)), expected,
                          "causal against maps with zeros")

        def give_masks(file):
            self.give_weights(file)
            for layer in LAYERS:
                file[f"heads/layer{layer}/bias"] = numpy.where(causal, 0, -numpy.inf)[None]
        self.assertEqual(self.action("masks", give_masks), expected)

    def test_of_heads_that_see_positions_alone(self):
        bias = numpy.random.default_rng(1).standard_normal((2, self.tokens, self.tokens))

        def give_biases(file):
            for layer in LAYERS:
                file[f"heads/layer{layer}/W"] = numpy.zeros_like(self.weights[layer])
                file[f"heads/layer{layer}/bias"] = bias
        expected = self.action("biases", give_biases)

        def give_shared(file):
            for layer in LAYERS:
                file[f"heads/layer{layer}/attention"] = softmax(bias)
        self.assert_equal(self.action("shared", give_shared), expected, "shared biases against attention")

        def give_maps(file):
            for group, (x, _) in self.sets.items():
                for layer in LAYERS:
                    file[f"{group}/attention/layer{layer}"] = numpy.stack([softmax(bias)] * len(x))
        self.assert_equal(self.action("maps", give_maps), expected, "shared biases against maps")

    def test_of_padding(self):
        lengths = {group: 5 + numpy.arange(len(x)) % (self.tokens - 4) for group, (x, _) in self.sets.items()}
        masks = {group: numpy.arange(self.tokens) < lengths[group][:, None] for group in lengths}

        def give(how, outside):
            def change(file):
                for group, (x, _) in self.sets.items():
                    file[group + "/x"][...] = numpy.where(masks[group][:, None, :], x, outside)
                    file[f"{group}/{how}"] = lengths[group] if how == "lengths" else masks[group]
                self.give_weights(file)
            return change

        expected = self.action("lengths", give("lengths", 0))
        self.assertEqual(self.action("mask", give("mask", 0)), expected)
        self.assertEqual(self.action("nan", give("mask", numpy.nan)), expected)
        self.assertEqual(self.action("large", give("lengths", -1e30)), expected)

        def give_maps(file):
            self.give_maps(file, mask={group: mask[:, None, None, :] for group, mask in masks.items()})
            for group in self.sets:
                file[group + "/mask"] = masks[group]
        self.assert_equal(self.action("maps", give_maps), expected, "padding: scores against maps")

    def test_a_padded_batch_is_its_unpadded_examples(self):
        """Examples of 9 tokens, of which 22 others are padding, to the last bit."""
        short = 9

        def give(tokens, padded):
            def change(file):
                for group, (x, _) in self.sets.items():
                    del file[group + "/x"]
                    file[group + "/x"] = x[:, :, :tokens]
                    if padded:
                        file[group + "/lengths"] = [short] * len(x)
                self.give_weights(file)
            return change
        unpadded = self.action("unpadded", give(short, False))
        self.assert_equal(self.action("padded", give(self.tokens, True)), unpadded, "padded against unpadded", 1e-300)


@unittest.skipIf(numpy is None, "rewriting data set files needs python3-h5py and python3-numpy")
class ImageTask(AttentionFormsCase):
    readout = "average"
    grid = ("--grid.examples", 60)

    def test_of_the_image_task(self):
        given = os.environ.get("ATTNPATHS_ONE_SHOT")
        if given:
            os.symlink(given, self.path("scores.h5"))
        else:
            self.assert_code(self.run_program("dataset", "one-shot", "--images", "glyphs", "--image-size", 16, "--random-heads", "2:2",
                                              "--head-width", 16, "--examples", 60, "--test-examples", 10, "-o",
                                              self.path("scores.h5")), OK)
        self.read_scores()
        expected = self.action_of("scores")
        self.assert_equal(self.action("weights", self.give_weights), expected, "images: W against queries and keys")
        self.assert_maps_of_all_precisions(expected)


if __name__ == "__main__":
    if "--print" in sys.argv:
        unittest.main(argv=[sys.argv[0]])
    unittest.main()
