"""How all figures look, and how they are written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator

from .errors import UsageError
from .output_file import whole_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from .typing import StrPath

SUFFIXES = ("png", "pdf", "svg")
# Okabe and Ito's colours, told apart with every kind of colour vision; yellow left out, it is pale on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = "osD^vP*"  # one per colour
GREY = "0.75"
SETTINGS = {
    "font.family": "DejaVu Sans", "font.size": 9.5, "axes.titlesize": 10, "axes.labelsize": 10, "legend.fontsize": 9,
    "axes.spines.top": False, "axes.spines.right": False, "axes.prop_cycle": matplotlib.cycler(color=COLOURS),
    "lines.linewidth": 1.6, "lines.markersize": 5, "errorbar.capsize": 2.5, "legend.frameon": False,
    "axes.titlelocation": "left", "pdf.fonttype": 42, "svg.hashsalt": "attnpaths",
}
QUANTITIES = {
    "accuracy": "test accuracy", "determination": "test $R^2$", "mse": "test mean squared error", "bias": "bias", "variance": "variance",
    "train_accuracy": "training accuracy", "train_mse": "training mean squared error",
}
SUMMED = ("mse", "bias", "variance")  # over outputs
SETTING_NAMES = {
    "width": "width $N$", "examples": "training examples $P$", "temperature": "temperature $T$",
    "heads": "heads $H$", "depth": "depth $L$", "seed": "seed", "variance_input": r"input variance $\sigma_0^2$",
    "variance_layers": r"layer variances $\sigma_l^2$", "variance_readout": r"readout variance $\sigma_a^2$",
}

LEAST_SPAN = 0.05  # of an axis of accuracies
MOST_LINEAR = 30   # largest ratio of positive values on a linear axis


@contextmanager
def figure_style() -> Iterator[None]:
    """Within it, figures take on SETTINGS."""
    with matplotlib.rc_context(SETTINGS):
        yield


def new_figure(width: float, height: float) -> MplFigure:
    """An empty figure of width x height inches whose parts are laid out without overlap."""
    return Figure(figsize=(width, height), layout="constrained")


def quantity_label(quantity: str, outputs: int = 1) -> str:
    """Axis label of a predictor quantity, "accuracy-mnist" -> "test accuracy (mnist)"; outputs: of the networks, which errors sum over."""
    base, _, test_set = quantity.partition("-")
    return (QUANTITIES.get(base, base.replace("_", " ")) + (f" ({test_set})" if test_set else "")
            + (", sum over outputs" if outputs > 1 and base.removeprefix("train_") in SUMMED else ""))


def group_label(group: str) -> str:
    """What the predictor of a column group is, for legends."""
    base, _, network = group.partition("-")
    if base == "gp":
        return f"GP of {network.replace('+', ' + ')}" if network else "GP (infinite width)"
    if base == "reference":
        return f"reference: {network}"
    known = {"theory": "theory", "next_order": "theory, next order in $1/N$", "theory-diagonal": "theory, diagonal of $U$ only",
             "sampling/order-parameter": "exact posterior, sampled", "sampling/weights": "all weights, NUTS"}
    return known.get(group, group)


def value_label(value: Any) -> str:
    """A setting's value: 0.01, 100, "2:2"."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def tick_label(value: float) -> str:
    """A number on an axis: 0.01, 200, 10^6 as it is set."""
    mantissa, _, exponent = f"{value:g}".partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return f"${power}$" if mantissa == "1" else rf"${mantissa} \cdot {power}$"


def scale_axis(axis: Axes, values: Any) -> None:
    """Logarithmic x axis with plain numbers where positive values span a decade, else ticks at the values."""
    low, high = min(values), max(values)
    if low > 0 and high / low >= 10:
        axis.set_xscale("log")
        room = np.log(high / low) / 7  # ticks closer than this would touch
        if len(values) > 1 and np.diff(np.log(values)).min() > room:
            axis.set_xticks(values)
        elif high / low < 100:
            axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.xaxis.set_major_formatter(FuncFormatter(lambda x, _: tick_label(x)))
        axis.xaxis.set_minor_formatter(NullFormatter())
    elif len(values) <= 7:
        axis.set_xticks(values, [tick_label(x) for x in values])
        axis.xaxis.set_minor_locator(NullLocator())
    if low == high:
        axis.set_xlim(*((low / 2, low * 2) if low > 0 else (low - 1, low + 1)))


def scale_quantity(axis: Axes, quantity: str) -> None:
    """The y axis of a predictor quantity, after it is drawn: a fraction's ends at 1 and spans 0.05 at least, so that one test example more
    is no mountain; errors are logarithmic where they differ thirtyfold, or all but the largest would lie on the axis.
    """
    values = np.concatenate([np.ravel(np.asarray(line.get_ydata(), dtype=float)) for line in axis.lines] or [np.empty(0)])
    values = values[np.isfinite(values)]
    if values.size == 0:
        return
    if "accuracy" in quantity:
        low, high = axis.get_ylim()
        spare = max(LEAST_SPAN - (high - low), 0) / 2
        low, high = low - spare, high + spare
        axis.set_ylim(low, min(high, 1 + 0.03 * (1 - low)) if values.max() <= 1 else high)
    elif quantity.partition("-")[0].removeprefix("train_") in SUMMED and values.min() > 0 and values.max() / values.min() >= MOST_LINEAR:
        axis.set_yscale("log")


def draw_curve(axis: Axes, x: Any, mean: Any, error: Any, **options: Any) -> Any:
    """A line through mean with error bars where there are errors; returns its handle for a legend."""
    x, mean, error = (np.asarray(values, dtype=float) for values in (x, mean, error))
    shown = np.isfinite(error)
    return axis.errorbar(x, mean, np.where(shown, error, 0) if np.any(shown) else None, **options)


def legend_right(axis: Axes, handles: list[Any], **options: Any) -> None:
    """Legend outside the data, to the right of the axes, in the order of the handles."""
    axis.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.02), borderaxespad=0, handlelength=2.2,
                **options)


def panel(axis: Axes, letter: str, title: str) -> None:
    axis.set_title(f"$\\bf{{({letter})}}$ {title}")


def check_output(path: StrPath) -> str:
    """Suffix of a figure file ("png", "pdf" or "svg"); UsageError if it is another."""
    suffix = os.path.splitext(path)[1].lstrip(".").lower()
    if suffix not in SUFFIXES:
        raise UsageError(f"{path}: the suffix must be one of {', '.join(SUFFIXES)}")
    return suffix


def save_figure(figure: MplFigure, path: StrPath) -> None:
    """Write a figure in the format of the file's suffix."""
    suffix = check_output(path)
    date = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}.get(suffix)
    with whole_file(path) as temporary, figure_style():
        figure.savefig(temporary, format=suffix, dpi=200, metadata=date)
