"""Figures of one pair of axes: drawn into the user's own, or as a figure of their own."""

import functools
import inspect

from ..selection import conditions
from ..style import figure_style, legend_right, new_figure


def axes_figure(draw, width, height, *arguments, **options):
    """A new figure of width x height inches in which draw(axis, ...) draws; what it returns is put into a legend."""
    with figure_style():
        figure = new_figure(width, height)
        axis = figure.subplots()
        legend = draw(axis, *arguments, **options)
        if legend:
            legend_right(axis, **legend)
    return figure


def on_axes(draw):
    """The public form of draw(axis, store, where=(), ...): (store, ax=None, where=(), **selection) -> Axes.

    ax: axes to draw into, by default pyplot's current ones; selection: options of `draw`, and settings that choose points, width=10.
    """
    known = set(list(inspect.signature(draw).parameters)[3:])

    @functools.wraps(draw)
    def plot(store, ax=None, where=(), **selection):
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

    del plot.__wrapped__  # whose signature is another
    return plot
