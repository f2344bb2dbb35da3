"""Figures of one pair of axes: drawn into the user's own, or as a figure of their own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..selection import conditions
from ..style import figure_style, legend_right, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Where


def axes_figure(draw: Callable[..., Any], width: float, height: float, *arguments: Any, **options: Any) -> MplFigure:
    """A new figure of width x height inches in which draw(axis, ...) draws; what it returns is put into a legend."""
    with figure_style():
        figure = new_figure(width, height)
        axis = figure.subplots()
        legend = draw(axis, *arguments, **options)
        if legend:
            legend_right(axis, **legend)
    return figure


def on_axes(draw: Callable[..., Any]) -> Callable[..., Axes]:
    """The public form of draw(axis, store, where=(), ...): (store, ax=None, where=(), **selection) -> Axes.

    ax: axes to draw into, by default pyplot's current ones; selection: options of `draw`, and settings that choose
    points, width=10.
    """
    known = set(list(inspect.signature(draw).parameters)[3:])

    @functools.wraps(draw)
    def plot(store: Store, ax: Axes | None = None, where: Where = (), **selection: Any) -> Axes:
        if ax is None:
            from matplotlib import pyplot

            ax = pyplot.gca()
        options = {name: value for name, value in selection.items() if name in known}
        chosen = conditions({name: value for name, value in selection.items() if name not in known})
        with figure_style():
            legend = draw(ax, store, [*([where] if isinstance(where, str) else where), *chosen], **options)
            if legend:
                ax.legend(**legend)
        return ax

    del plot.__dict__["__wrapped__"]  # whose signature is another
    return plot
