"""The order parameter of a network trained by gradient descent, and how it compares with the theory's."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from .errors import StoreError, UsageError
from .hdf5_file import open_hdf5, read_numbers
from .scores import head_scores, path_scores
from .temperature import GP_WIDTH, select_temperatures

if TYPE_CHECKING:
    from .store import Store
    from .typing import Array, StrPath, Where

MOST_RELABELLINGS = 10_000
MEASURES = {"cosine": "off-diagonal cosine", "heads": "rank corr. of head scores",
            "paths": "rank corr. of path scores"}
KINDS = {"theory": "theory/order_parameter", "exact posterior": "sampling/order-parameter/order_parameter",
         "all weights": "sampling/weights/order_parameter"}


class Learned(NamedTuple):
    """What a trained network has learnt, path by path."""

    order_parameter: Array  # w w' / N, w the effective weights above V^0 along each path [n, n]
    head_counts: tuple[int, ...]  # H_1..H_L


def learned_order_parameter(path: StrPath) -> Learned:
    """Order parameter of the trained network in a file of attnpaths train, from its value weights and readout.

    With w_pi = a' V^L ... V^1 along path pi, U_pi,pi' = w_pi . w_pi' / N: U_1 of theory section 4, up to an overall
    factor, for weights that carry the factors 1/sqrt(N) in themselves (arXiv:2405.15926, figure 3c). V^0 has no part.
    Raises InputError if there is no such file, StoreError if it holds no network.
    """
    with open_hdf5(path) as file:
        depth = 0
        while f"network/layer{depth + 1}" in file:
            depth += 1
        if depth == 0:
            raise StoreError(f"{path}: holds no network (no /network/layer1/V); give a file of attnpaths train")
        values = [read_numbers(file, f"network/layer{layer}/V") for layer in range(1, depth + 1)]  # [H, out, in]
        readout = read_numbers(file, "network/a").ravel()
    if any(V.ndim != 3 or V.shape[1:] != (readout.size, readout.size) for V in values):
        raise StoreError(f"{path}: /network/layerL/V are not all [H, {readout.size}, {readout.size}]")
    effective = readout[None]  # paths above the layer [n_l, N], h_l slowest
    for V in reversed(values):
        effective = np.einsum("po,hoi->hpi", effective, V, optimize=True).reshape(-1, readout.size)
    return Learned(effective @ effective.T / readout.size, tuple(len(V) for V in values))


class Agreement(NamedTuple):
    """One measure of agreement between two order parameters."""

    value: float
    chance: float  # its mean over relabellings of the heads
    p: float  # fraction of relabellings that agree at least as well, the identity included


def cosine_similarity(U: Array, V: Array) -> float:
    """Cosine of the angle between the off-diagonal parts of two symmetric matrices [n, n]; NaN if one has none."""
    u, v = (M[np.tril_indices(len(M), -1)] for M in (U, V))
    norm = np.linalg.norm(u) * np.linalg.norm(v)
    return float(u @ v / norm) if norm > 0 else math.nan


def rank_correlation(x: Array, y: Array) -> float:
    """Spearman's correlation of two vectors; ties have their mean rank; NaN if one is constant."""
    x, y = (pd.Series(values).rank().to_numpy() for values in (x, y))
    x, y = x - x.mean(), y - y.mean()
    norm = np.linalg.norm(x) * np.linalg.norm(y)
    return float(x @ y / norm) if norm > 0 else math.nan


def head_relabellings(head_counts: Sequence[int], most: int = MOST_RELABELLINGS, seed: int = 1) -> list[Array]:
    """Permutations of the paths that come from renaming the heads within each layer: list of int arrays [n].

    All prod H_l! of them, the identity first, or where there are more than `most` the identity and random ones.
    """
    counts = [int(count) for count in head_counts]
    grid = np.arange(math.prod(counts)).reshape(counts)
    if math.prod(math.factorial(count) for count in counts) <= most:
        choices: Iterable[Any] = itertools.product(*[itertools.permutations(range(count)) for count in counts])
    else:
        random = np.random.default_rng(seed)
        choices = itertools.chain([[range(count) for count in counts]],
                                  ([random.permutation(count) for count in counts] for _ in range(most - 1)))
    return [grid[np.ix_(*choice)].ravel() for choice in choices]


def compare_order_parameters(U: Array, learned: Array, head_counts: Sequence[int]) -> dict[str, Agreement]:
    """Agreement of two order parameters [n, n]: dict from measure to Agreement.

    "cosine": of the off-diagonal parts; "heads", "paths": rank correlations of the head and path scores. Before
    training the heads of a layer are exchangeable, so chance is what agreement would be with the heads of `learned`
    renamed within their layers at random; what distinguishes one layer from another stays in it.
    """
    scores, paths = head_scores(U, head_counts), path_scores(U)
    found = np.array([(cosine_similarity(U, V), rank_correlation(scores, head_scores(V, head_counts)),
                       rank_correlation(paths, path_scores(V)))
                      for order in head_relabellings(head_counts) for V in [learned[np.ix_(order, order)]]])
    found = found.round(12)  # relabellings that agree equally well are counted as such
    return {name: Agreement(own[0], own.mean(), np.mean(own >= own[0]) if np.isfinite(own[0]) else np.nan)
            for name, own in zip(MEASURES, found.T)}


def learned_table(store: Store, path: StrPath, where: Where = (), protocol: str = "validation") -> pd.DataFrame:
    """Agreement of the trained network with the theory and the samples, at each width and its selected temperature.

    DataFrame with columns width, temperature, order parameter (theory, exact posterior, all weights), and for each
    measure of MEASURES its value, NAME_chance and NAME_p.
    Raises UsageError if the network's heads are not the store's.
    """
    learned = learned_order_parameter(path)
    selected = select_temperatures(store, where, protocol)
    rows = []
    for choice in selected[selected["width"] != GP_WIDTH].itertuples():
        check_heads(store, choice.row, learned, path)
        for kind, column in KINDS.items():
            U = store.array(column, choice.row) if column in store.columns else np.empty(0)
            if U.size == 0:
                continue
            row = {"width": choice.width, "temperature": choice.temperature, "order parameter": kind}
            for name, agreement in compare_order_parameters(U, learned.order_parameter, learned.head_counts).items():
                row.update({name: agreement.value, f"{name}_chance": agreement.chance, f"{name}_p": agreement.p})
            rows.append(row)
    return pd.DataFrame(rows)


def check_heads(store: Store, row: int, learned: Learned, path: StrPath) -> None:
    """Raise UsageError unless the point has the head counts of the trained network."""
    counts = tuple(store.array("point/head_counts", row).ravel().astype(int))
    if counts != learned.head_counts:
        theirs, ours = (":".join(map(str, counts)) for counts in (learned.head_counts, counts))
        raise UsageError(f"{path}: its heads are {theirs}, those of {store.path} {ours}; give the network whose heads "
                         "the data set has")


def learned_text(table: pd.DataFrame, path: StrPath) -> str:
    """The comparison as a table for people."""
    shown = table[["width", "temperature", "order parameter"]].copy()
    for name in ("width", "temperature"):
        shown[name] = shown[name].map("{:g}".format)
    for name, title in MEASURES.items():
        shown[title] = [f"{value:.3f} ({chance + 0.0:.2f}; {p:.4f})" for value, chance, p
                        in table[[name, f"{name}_chance", f"{name}_p"]].round(4).itertuples(index=False)]
    return (f"order parameter of the network in {path} against the theory's and the sampled ones\n"
            + str(shown.to_string(index=False))
            + "\nin brackets: mean, and fraction at least as high, over renamings of the heads within their layers")
