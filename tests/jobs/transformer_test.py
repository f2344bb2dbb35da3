"""Heads removed from trained transformers: the recipe as a new user tries it out, and what its parts compute."""

import importlib.util
import os
import subprocess
import sys
import unittest
from pathlib import Path

from sweep_case import SweepCase

ROOT = Path(__file__).resolve().parents[2]
PYTHON = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
NEEDS = ("torch", "h5py", "pandas", "xarray", "matplotlib")


def has_packages():
    found = subprocess.run([PYTHON, "-c", f"import {', '.join(NEEDS)}"], capture_output=True)
    return found.returncode == 0


@unittest.skipUnless(has_packages(), f"the experiment needs {', '.join(NEEDS)}")
class Transformer(SweepCase):
    def run_job(self, *options):
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        return subprocess.run([PYTHON, str(ROOT / "jobs/transformer.py"), "--quick", "--seeds", "1", *options, self.path("out")],
                              capture_output=True, text=True, env=environment, cwd=self.folder)

    def test_it_compares_all_orders_and_goes_on_where_it_was_stopped(self):
        result = self.run_job()
        self.assertEqual(result.returncode, 0, result.stderr)
        for words in ("recall-2x4: 1 models", "random", "gradient by mask", "theory: scores", "theory: Bayes factors",
                      "theory: greedy by evidence", "greedy on the model", "transformer.png"):
            self.assertIn(words, result.stdout)
        folder = Path(self.path("out"))
        self.assertGreater((folder / "transformer.png").stat().st_size, 10000)
        case = folder / "recall-2x4-1"
        kept = {path: path.stat().st_mtime_ns for path in case.glob("*.json")}
        (case / "evidence.json").unlink()
        again = self.run_job()
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(again.stdout, result.stdout)
        for path, time in kept.items():
            if path.name not in ("evidence.json", "found-attention.json"):
                self.assertEqual(path.stat().st_mtime_ns, time, path.name)


@unittest.skipUnless(importlib.util.find_spec("torch"), "needs python3-torch")
class Parts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(ROOT / "jobs"))

    def model(self):
        import torch
        from head_removal.model import Classifier
        from head_removal.tasks import recall
        torch.manual_seed(1)
        data = recall(12, 1)
        return Classifier(data.x.shape[2], data.x.shape[1], 2, 2, 8).eval(), data

    def test_padding_changes_nothing_and_removed_heads_come_back(self):
        import torch
        from head_removal.model import without_heads
        model, data = self.model()
        with torch.no_grad():
            whole = model(data.x, data.padding)
            for row in range(3):
                tokens = int((~data.padding[row]).sum())
                own = model(data.x[row:row + 1, :tokens], data.padding[row:row + 1, :tokens])
                self.assertLess(float((own - whole[row]).abs().max()), 1e-5)
            with without_heads(model, [(0, 1)]):
                self.assertGreater(float((model(data.x, data.padding) - whole).abs().max()), 1e-4)
            self.assertTrue(torch.equal(model(data.x, data.padding), whole))

    def test_labels_are_the_bits_behind_the_keys(self):
        from head_removal.tasks import KEYS, recall
        data = recall(50, 2)
        symbols = data.x.argmax(2)
        for row in range(len(data)):
            own = symbols[row][~data.padding[row]]
            places = [place for place in range(0, len(own) - 1, 2) if own[place] == own[-1]]
            self.assertTrue(places)
            self.assertEqual({int(own[place + 1]) - KEYS for place in places}, {int(data.y[row])})

    def test_one_head_of_a_layer_stays(self):
        from head_removal.orders import removable
        self.assertEqual(removable([(0, 1), (1, 0), (0, 0), (1, 1)]), [(0, 1), (1, 0)])

    def test_value_paths_are_the_model_where_it_is_linear(self):
        """Without MLPs, biases and positions the paths add up to what the last token's state is before the last norm."""
        import torch
        from head_removal.value_paths import value_path_features
        model, data = self.model()
        with torch.no_grad():
            for layer in model.encoder.layers:
                for parameter in (*layer.linear2.parameters(), layer.norm1.bias, layer.self_attn.in_proj_bias,
                                  layer.self_attn.out_proj.bias):
                    parameter.zero_()
            features = torch.from_numpy(value_path_features(model, data))
            states = model.embedding(data.x) + model.positions[:data.x.shape[1]]
            causal = torch.ones(data.x.shape[1], data.x.shape[1], dtype=torch.bool).triu(1)
            for layer in model.encoder.layers:
                states = layer(states, causal, data.padding)
            last = states[torch.arange(len(data)), (~data.padding).sum(1) - 1]
        self.assertEqual(features.shape[2], 9)
        self.assertLess(float((features.sum(2) - last).abs().max()), 1e-4)


if __name__ == "__main__":
    unittest.main()
