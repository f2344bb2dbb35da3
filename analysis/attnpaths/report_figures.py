"""The figures of a report: one line of panels for each question, at the settings of the most accurate point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from .errors import AnalysisError
from .figures import figure2
from .figures.accuracy import draw_accuracy
from .quality import default_quantity
from .selection import SETTINGS, conditions, select_points, varying
from .style import SETTING_NAMES, figure_style, legend_right, new_figure, panel, value_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure

    from .store import Store
    from .typing import Where

AXES = ("width", "examples", "temperature", "depth")  # whose effect on the predictor is shown


class Line(NamedTuple):
    """A line of panels: the question, what it is drawn of, and the figure, or why there is none."""

    question: str
    caption: str
    figure: MplFigure | None
    reason: str = ""


class Best(NamedTuple):
    """The point at which the theory's predictor is best, mean over seeds."""

    quantity: str
    value: float
    point: pd.Series  # of the settings, by column
    several: dict[str, list[Any]]  # settings that take several values


def best_point(store: Store, where: Where = ()) -> Best:
    """Raises UsageError if no point is finished."""
    quantity = default_quantity(store)
    points = select_points(store, where, [f"theory/{quantity}"])
    settings = [column for name, column in SETTINGS.items() if name != "seed" and column in points]
    means = points.groupby(settings)[f"theory/{quantity}"].transform("mean").astype(float)
    row = means.idxmax() if means.notna().any() else points.index[0]
    return Best(quantity, float(means[row]), points.loc[row], varying(points))


def settings_text(best: Best, free: tuple[str, ...] = ()) -> str:
    """"width 10, temperature 0.01": those of the best point that vary in the store."""
    return ", ".join(f"{name} {value_label(best.point[SETTINGS[name]])}" for name in best.several if name not in free)


def _fixed(best: Best, where: Where, free: str) -> list[str]:
    chosen = {name: best.point[SETTINGS[name]] for name in best.several if name != free}
    return [*([where] if isinstance(where, str) else where), *conditions(chosen)]


def _quality(store: Store, where: Where, best: Best) -> MplFigure:
    axes = [name for name in AXES if name in best.several] or ["width"]
    figure = new_figure(2.2 + 2.9 * len(axes), 3.2)
    for name, axis, letter in zip(axes, figure.subplots(1, len(axes), squeeze=False)[0], "abcd"):
        legend = draw_accuracy(axis, store, _fixed(best, where, name), name)
        panel(axis, letter, f"against the {SETTING_NAMES[name]}")
    legend_right(axis, **legend)
    return figure


def _cells(*draw: Callable[..., None]) -> Callable[[Store, Where, Best], MplFigure]:
    """A figure of panels of figure 2."""
    def drawn(store: Store, where: Where, best: Best) -> MplFigure:
        network, = figure2.networks_of(store, _fixed(best, where, "width"))
        figure = new_figure(11, 3.4)
        for cell, function, letter in zip(figure.subfigures(1, len(draw)), draw, "abcd"):
            function(cell, network, letter)
        return figure

    return drawn


QUESTIONS: tuple[tuple[str, Callable[[Store, Where, Best], MplFigure], tuple[str, ...]], ...] = (
    ("How good are the predictors?", _quality, AXES),
    ("Which paths does the network use?", _cells(figure2.draw_maps, figure2.draw_diagonal), ("width",)),
    ("How are its kernels aligned with the task?", _cells(figure2.draw_overlaps, figure2.draw_power), ("width",)),
)


def report_lines(store: Store, where: Where = ()) -> Iterator[Line]:
    """A line of panels for every question. Raises UsageError if no point is finished."""
    best = best_point(store, where)
    for question, draw, free in QUESTIONS:
        fixed = settings_text(best, free if draw is not _quality or len(set(best.several) & set(AXES)) < 2 else ())
        caption = f"At {fixed}, where the theory is best." if fixed else ""
        try:
            with figure_style():
                yield Line(question, caption, draw(store, where, best))
        except AnalysisError as error:
            yield Line(question, caption, None, str(error))
