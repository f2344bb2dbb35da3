"""Orders of removal that the theory gives for a trained model."""

from __future__ import annotations

import math
import subprocess

import h5py
import numpy as np
import torch

import attnpaths
from attnpaths.program import find_program

from .case import Trained
from .model import Head
from .one_readout import OneReadout
from .orders import ascending, greedy, removable
from .tasks import Sequences
from .value_paths import value_path_features

WIDTHS = (30, 100, 300)
TEMPERATURES = "0.01..1..log5"
DENSE_PATHS = 50  # beyond, the evidence at finite width, which needs a Hessian, is out of reach
MANY_PATHS_WIDTH = 300


def attention_data(trained: Trained, residual: bool = False, logits: bool = False) -> attnpaths.Dataset:
    """The attention of the model on the examples that it is judged by. logits: its own answers are the targets, not the labels."""
    def batch(data: Sequences) -> list[tuple[torch.Tensor, ...]]:
        with torch.no_grad():
            answers = trained.model(data.x, data.padding)
        return [(data.x, data.padding, answers[:, 1] - answers[:, 0] if logits else data.y)]
    return attnpaths.Dataset.from_module(trained.model, batch(trained.judged), test=batch(trained.test.part(0, 50)),
                                         readout="last", residual=residual, regression=logits)


def value_data(trained: Trained) -> attnpaths.Dataset:
    """Path features with the trained values in them, residuals included as an identity head of every layer."""
    heads = [trained.case.heads + 1] * trained.case.layers
    test = trained.test.part(0, 50)
    return attnpaths.Dataset.from_features(value_path_features(trained.model, trained.judged), trained.judged.y, heads,
                                           test=(value_path_features(trained.model, test), test.y))


def _store(trained: Trained, name: str, data: attnpaths.Dataset, analyses: str, **grid: object) -> attnpaths.Store:
    folder = trained.case.folder
    if data.path is None:
        data.save(folder / f"{name}-data.h5")
    return attnpaths.sweep(data, folder / f"{name}.h5", ranks=1, settings={"analyses.run": analyses}, progress=False, **grid)


def eliminate(trained: Trained, name: str, data: attnpaths.Dataset, residuals_stay: bool = False) -> dict:
    """attnpaths prune --by evidence: heads (numbers of all layers) in their order, Bayes factors, T and variance of all heads."""
    with _store(trained, f"{name}-elimination", data, "gaussian-process", width=1000, temperature=0.1) as store:
        path = store.path
    results = trained.case.folder / f"{name}-pruning.h5"
    kept = [f"{layer}.{count}" for layer, count in enumerate(data.heads, start=1)] if residuals_stay else []
    words = ["prune", path, "--dataset", data.path, "--by", "evidence", *(["--keep", *kept] if kept else []), "--force", "-o", results]
    subprocess.run([find_program(), *words], check=True, stdout=subprocess.DEVNULL)  # what goes wrong is said on standard error
    with h5py.File(results) as file:
        found = {member: values[:] for member, values in file["evidence"].items()}
    heads = np.cumsum([0, *data.heads])
    gone = [int(heads[int(layer) - 1] + head - 1) for layer, head in zip(found["layer"], found["head"])]
    stay = [head for head in range(heads[-1]) if head not in gone]
    return {"order": gone + stay, "bayes": found["log_bayes_factor"].tolist(),
            "temperature": found["temperature"].tolist(), "variance": found["variance"].tolist()}


def heads_of_model(trained: Trained, data: attnpaths.Dataset, numbers: list[int]) -> list[Head]:
    """Heads by their numbers in the data set, without identity heads, which stand last in their layer."""
    places = [(layer, head) for layer, count in enumerate(data.heads) for head in range(count)]
    return [places[number] for number in numbers if places[number][1] < trained.case.heads]


def scores_of_greatest_evidence(trained: Trained, name: str, data: attnpaths.Dataset, found: dict) -> np.ndarray:
    """The theory's head scores at the width and temperature of greatest evidence.

    With many paths, at the ratio T / variance of greatest evidence at infinite width, at a width beyond their number.
    """
    if math.prod(data.heads) > DENSE_PATHS:
        ratio = found["temperature"][0] / found["variance"][0]
        store = _store(trained, f"{name}-scores", data, "scores", width=MANY_PATHS_WIDTH, temperature=float(f"{ratio:.3g}"))
        evidence = None
    else:
        store = _store(trained, f"{name}-scores", data, "scores evidence", width=list(WIDTHS), temperature=TEMPERATURES)
        evidence = "evidence/ratio"
    with store:
        return store.array("theory/head_scores", store.column(evidence).idxmax() if evidence else 0)


def study_orders_of_the_theory(trained: Trained) -> None:
    """Scores, Bayes factors and greedy elimination by evidence; the last also with what might bring it nearer to the model."""
    case, model_heads = trained.case, trained.model.heads()

    def elimination(name: str, data: attnpaths.Dataset, residuals_stay: bool = False) -> list[Head]:
        found = eliminate(trained, name, data, residuals_stay)
        case.write(f"found-{name}", found)
        return removable(heads_of_model(trained, data, found["order"]))

    attention = attention_data(trained)
    trained.study("evidence", lambda: [elimination("attention", attention)])
    found = case.read("found-attention")
    trained.study("bayes", lambda: [ascending(model_heads, found["bayes"])])
    trained.study("scores", lambda: [ascending(model_heads, scores_of_greatest_evidence(trained, "attention", attention, found))])
    trained.study("evidence-residual", lambda: [elimination("residual", attention_data(trained, residual=True))])
    trained.study("evidence-logits", lambda: [elimination("logits", attention_data(trained, logits=True))])
    trained.study("evidence-residual-stays", lambda: [elimination("residual-stays", attention_data(trained, residual=True), True)])
    trained.study("evidence-values", lambda: [elimination("values", value_data(trained))])
    trained.study("evidence-values-stay", lambda: [elimination("values-stay", value_data(trained), True)])

    def with_one_readout() -> list[list[Head]]:
        paths = OneReadout(value_path_features(trained.model, trained.judged), trained.judged.y, case.layers, case.heads)
        return [greedy(model_heads, paths.log_evidence)]
    trained.study("evidence-one-readout", with_one_readout)
