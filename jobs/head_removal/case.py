"""One trained model of the experiment and what is known of it, in a folder; what is there is not done again."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from . import orders
from .model import Classifier, Head, accuracy, train
from .tasks import Sequences, mnist_rows, recall


@dataclass(frozen=True)
class Size:
    """How large an experiment is."""

    training: int = 8000   # examples of a model
    test: int = 300        # on which heads are removed
    judged: int = 300      # training examples that the orders look at, P of the theory
    shuffles: int = 50
    steps: int = 1200
    width: int = 36        # of the model


FULL = Size()
QUICK = Size(training=500, test=100, judged=60, shuffles=3, steps=30, width=24)


@dataclass(frozen=True)
class Case:
    """A task, an architecture and a seed."""

    task: str
    layers: int
    heads: int
    seed: int
    output: Path
    size: Size = FULL
    mnist: Path | None = None

    @property
    def kind(self) -> str:
        return f"{self.task}-{self.layers}x{self.heads}"

    @property
    def folder(self) -> Path:
        return self.output / f"{self.kind}-{self.seed}"

    def data(self) -> Sequences:
        """Training examples, then test examples."""
        count = self.size.training + self.size.test
        return recall(count, self.seed) if self.task == "recall" else mnist_rows(self.mnist, count, self.seed)

    def write(self, name: str, content: dict) -> None:
        """A file of the folder, as a whole."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / f"{name}.new"
        new.write_text(json.dumps(content))
        os.replace(new, self.folder / f"{name}.json")

    def read(self, name: str) -> dict | None:
        path = self.folder / f"{name}.json"
        return json.loads(path.read_text()) if path.exists() else None


class Trained:
    """A case with its model, trained unless it is there."""

    def __init__(self, case: Case) -> None:
        self.case = case
        data, size = case.data(), case.size
        self.training = data.part(0, size.training)
        self.judged = data.part(0, size.judged)
        self.test = data.part(size.training, len(data))
        torch.manual_seed(case.seed)
        self.model = Classifier(data.x.shape[2], data.x.shape[1], case.layers, case.heads, size.width)
        path = case.folder / "model.npz"
        if not path.exists():
            began = time.monotonic()
            train(self.model, self.training, size.steps)
            case.folder.mkdir(parents=True, exist_ok=True)
            np.savez(path.with_suffix(".new.npz"), **{name: value.numpy() for name, value in self.model.state_dict().items()})
            os.replace(path.with_suffix(".new.npz"), path)
            case.write("training", {"seconds": time.monotonic() - began, "accuracy": accuracy(self.model, self.test)})
        with np.load(path) as weights:
            self.model.load_state_dict({name: torch.from_numpy(weights[name]) for name in weights})
        self.model.eval()

    def curve(self, order: list[Head]) -> list[float]:
        """Accuracy on the test set after 0, 1, ... removals."""
        return [accuracy(self.model, self.test, order[:count]) for count in range(len(order) + 1)]

    def study(self, method: str, make: Callable[[], list[list[Head]]]) -> None:
        """Writes the orders of a method and their curves, unless they are there."""
        if self.case.read(method) is None:
            began = time.monotonic()
            made = make()
            seconds = time.monotonic() - began
            self.case.write(method, {"orders": made, "accuracy": [self.curve(order) for order in made], "seconds": seconds})

    def study_orders_of_the_model(self) -> None:
        model, judged = self.model, self.judged
        self.study("gradient", lambda: [orders.by_gradient(model, judged)])
        self.study("entropy", lambda: [orders.by_entropy(model, judged)])
        self.study("greedy", lambda: [orders.by_model(model, judged)])
        self.study("random", lambda: [orders.at_random(model, shuffle) for shuffle in range(self.case.size.shuffles)])
