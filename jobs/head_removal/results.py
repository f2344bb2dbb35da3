"""Table and figure of all models that are in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from matplotlib.ticker import MaxNLocator

from attnpaths.style import COLOURS, MARKERS, draw_curve, figure_style, legend_right, new_figure, save_figure

METHODS = {  # file -> name in table and figure, whether it is drawn
    "random": ("random", True),
    "entropy": ("attention entropy", True),
    "gradient": ("gradient by mask", True),
    "scores": ("theory: scores", True),
    "bayes": ("theory: Bayes factors", True),
    "evidence": ("theory: greedy by evidence", True),
    "evidence-logits": ("  ... of the model's answers", False),
    "evidence-residual": ("  ... residual as a head", False),
    "evidence-residual-stays": ("  ... residual that stays", False),
    "evidence-values": ("  ... trained values", True),
    "evidence-values-stay": ("  ... and residual that stays", False),
    "evidence-one-readout": ("  ... values, one readout", False),
    "greedy": ("greedy on the model", True),
}


def collect(folder: Path) -> dict[str, dict[str, dict[int, np.ndarray]]]:
    """Accuracy after 0, 1, ... removals, the mean over a method's orders, by kind of model, method and seed."""
    curves: dict[str, dict[str, dict[int, np.ndarray]]] = {}
    for case in sorted(folder.glob("*-*x*-*")):
        kind, _, seed = case.name.rpartition("-")
        for method in METHODS:
            path = case / f"{method}.json"
            if path.exists():
                accuracy = np.mean(json.loads(path.read_text())["accuracy"], axis=0)
                curves.setdefault(kind, {}).setdefault(method, {})[int(seed)] = accuracy
    return curves


def _mean_and_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over the first axis, seeds, and its standard error; NaN of a single seed."""
    error = values.std(0, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.full(values.shape[1:], np.nan)
    return values.mean(0), error


def table(folder: Path) -> str:
    """Accuracy averaged over 1, 2, ... removals; how much more than in random order (same models), and which part of what greedy
    removal on the model itself gains over it. Only seeds that have every method.
    """
    lines = []
    for kind, methods in collect(folder).items():
        seeds = sorted(set.intersection(*(set(own) for own in methods.values())))
        areas = {method: np.array([own[seed][1:].mean() for seed in seeds]) for method, own in methods.items()}
        whole = np.mean([methods["random"][seed][0] for seed in seeds])
        removals = len(methods["random"][seeds[0]]) - 1
        lines.append(f"{kind}: {len(seeds)} models of accuracy {whole:.3f}, averaged over 1 to {removals} heads removed")
        room = (areas["greedy"] - areas["random"]).mean()
        for method in filter(areas.__contains__, METHODS):
            mean, error = _mean_and_error(areas[method])
            more, more_error = _mean_and_error(areas[method] - areas["random"])
            part = f"  {more / room:6.0%} of the way" if method != "random" and room > 0 else ""
            lines.append(f"  {METHODS[method][0]:30} {mean:.3f} +- {error:.3f}   {more:+.3f} +- {more_error:.3f}{part}")
    return "\n".join(lines) + "\n"


def draw(folder: Path) -> Path:
    """transformer.png: accuracy against heads removed, mean over seeds with standard errors, a panel for each kind of model."""
    path = folder / "transformer.png"
    curves = collect(folder)
    drawn = [method for method, (_, is_drawn) in METHODS.items() if is_drawn]
    with figure_style():
        columns = min(2, len(curves))
        rows = -(-len(curves) // columns)
        figure = new_figure(3.6 * columns + 2.2, 3 * rows)
        panels = figure.subplots(rows, columns, squeeze=False, sharey=True)
        for axes, (kind, methods) in zip(panels.flat, curves.items()):
            for index, method in enumerate(filter(methods.__contains__, drawn)):
                mean, error = _mean_and_error(np.array(list(methods[method].values())))
                removed = np.arange(len(mean)) + 0.05 * (index - len(drawn) / 2)  # bars side by side
                look = {"random": {"color": "0.5", "linestyle": ":"}, "greedy": {"color": "black"}}.get(
                    method, {"color": COLOURS[drawn.index(method) - 1], "marker": MARKERS[drawn.index(method) - 1], "markersize": 3})
                draw_curve(axes, removed, mean, error, label=METHODS[method][0].replace("  ...", "theory: greedy,"), linewidth=1.2, **look)
            axes.set(title=kind, xlabel="heads removed")
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        for axes in panels[:, 0]:
            axes.set_ylabel("accuracy of the model")
        legend_right(panels[0, -1], panels[0, 0].get_legend_handles_labels()[0])
        save_figure(figure, path)
    return path
