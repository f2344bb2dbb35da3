"""Trace and rank plots of stored draws: do the chains agree, and have they forgotten where they began?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..draws import METHOD, make_draws
from .order_parameter import order_parameter_labels
from ..selection import point_caption, select_row
from ..style import COLOURS, figure_style, group_label, new_figure
from .figure import Figure, option

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

    from ..store import Store
    from ..typing import Array, Where

MOST_ELEMENTS = 8
MOST_DIAGONAL = 6  # of them, where there are more paths than that
DRAWS_PER_BIN = 10  # of each chain, at least


def informative_elements(mean: Array) -> list[tuple[int, int]]:
    """Elements (i, j), i >= j, of a mean order parameter [n, n] worth looking at: at most 8.

    The diagonal (its 6 largest elements if there are more) and then the largest |off-diagonal| elements.
    """
    n = len(mean)
    diagonal = sorted(range(n), key=lambda i: -float(mean[i, i]))[:MOST_DIAGONAL]
    off_diagonal = sorted(((i, j) for i in range(n) for j in range(i)), key=lambda pair: -abs(float(mean[pair])))
    return [(i, i) for i in sorted(diagonal)] + off_diagonal[:MOST_ELEMENTS - len(diagonal)]


def rank_counts(draws: Array, bins: int) -> Array:
    """Histogram of the ranks of each chain's draws among those of all chains: counts [chains, bins].

    Ties have their mean rank. Chains of one distribution have counts near draws / bins (Vehtari, Gelman, Simpson,
    Carpenter and Bürkner 2021, Bayesian Analysis 16, 667).
    draws: one quantity [chains, draws].
    """
    ranks = pd.Series(np.ravel(draws)).rank().to_numpy().reshape(draws.shape)
    edges = np.linspace(0.5, draws.size + 0.5, bins + 1)
    return np.array([np.histogram(chain, edges)[0] for chain in ranks])


def trace_figure(store: Store, where: Where = (), method: str = "order-parameter") -> MplFigure:
    """Figure of the stored draws of one grid point, a row per element of U_1 and one for the log density.

    Left: the draws of each chain in their order. Right: rank histogram of each chain, with the 95% range of independent
    draws from one distribution. The heading has the store's diagnostics: worst R-hat and least effective sample sizes.
    Raises UsageError if `where` leaves several points, or the point has no stored draws.
    """
    row = select_row(store, where)
    draws = make_draws(store, row, method)
    chains, count = draws.sizes["chain"], draws.sizes["draw"]
    labels = order_parameter_labels(store, row)
    U = draws["order_parameter"].values.reshape(chains, count, len(labels), len(labels))
    quantities = [(f"$U$ {labels[i]}" if i == j else f"$U$ {labels[j]}, {labels[i]}", U[:, :, i, j])
                  for i, j in informative_elements(U.mean(axis=(0, 1)))]
    if "log_density" in draws:
        quantities.append(("log density", draws["log_density"].values))
    with figure_style():
        figure = new_figure(11, 1.2 + 1.15 * len(quantities))
        figure.suptitle(_heading(store, row, draws), fontsize=10, x=0.01, ha="left", linespacing=1.4)
        axes = figure.subplots(len(quantities), 2, squeeze=False, sharex="col", width_ratios=(1.6, 1))
        for (trace, ranks), (name, values) in zip(axes, quantities):
            _draw_trace(trace, draws["draw"].values, values)
            trace.set_ylabel(name)
            trace.set_label(f"trace {name}")
            _draw_ranks(ranks, values)
            ranks.set_label(f"ranks {name}")
        figure.align_ylabels(axes[:, 0])
        axes[-1, 0].set_xlabel("draw")
        axes[-1, 1].set_xlabel(f"rank among {chains * count} stored draws")
        axes[0, 0].set_title("traces")
        axes[0, 1].set_title("ranks (dashed: expected, grey: 95% range)")
    return figure


def _heading(store: Store, row: int, draws: Any) -> str:
    group = f"sampling/{draws.attrs['method']}"

    def value(name: str, form: str) -> str:
        column = f"{group}/{name}"
        return form.format(store.column(column, [row]).iloc[0]) if column in store.columns else "?"

    verdict = value("verdict", "{}").replace("-", " ")
    if value("method", "{}") == "independent":
        return (f"{group_label(group)}: {point_caption(store, row)}{'' if verdict == 'sampled' else '; ' + verdict}\n"
                f"{value('draws', '{}')} independent draws, worth {value('ess', '{:.0f}')}; {value('reason', '{}')}. "
                f"{draws.sizes['draw']} of equal weight are shown")
    shown = "all" if draws.attrs["thin"] == 1 else f"one in {draws.attrs['thin']}"
    return (f"{group_label(group)}: {point_caption(store, row)}{'' if verdict == 'sampled' else '; ' + verdict}\n"
            f"{value('draws', '{}')} draws of each of {draws.sizes['chain']} chains, {shown} shown. "
            rf"Of all draws: $\hat{{R}}$ $\leq$ {value('rhat', '{:.3f}')}, bulk ESS $\geq$ {value('ess', '{:.0f}')}, "
            rf"tail ESS $\geq$ {value('tail_ess', '{:.0f}')}, E-BFMI $\geq$ {value('ebfmi', '{:.2f}')}, "
            f"{value('divergences', '{}')} divergences")


def _colour(chain: int) -> str:
    return COLOURS[chain % len(COLOURS)]


def _draw_trace(axis: Axes, numbers: Any, values: Array) -> None:
    for chain, own in enumerate(values):
        axis.plot(numbers, own, color=_colour(chain), linewidth=0.7, alpha=0.85)
    axis.margins(x=0.01)


def _draw_ranks(axis: Axes, values: Any) -> None:
    """Histograms one above the other, chain 1 at the bottom; counts in units of what is expected."""
    chains, count = values.shape
    bins = int(np.clip(count // DRAWS_PER_BIN, 2, 20))
    counts = rank_counts(values, bins)
    total, expected = chains * count, count / bins
    # Which ranks are a chain's own is a draw without replacement: hypergeometric counts.
    spread = np.sqrt(expected * (1 - 1 / bins) * (total - count) / max(total - 1, 1)) / expected
    width = total / bins
    step = 1.3 + 2 * spread
    for chain, own in enumerate(counts):
        base = chain * step
        axis.fill_between([0.5, total + 0.5], base + 1 - 1.96 * spread, base + 1 + 1.96 * spread, color="0.88",
                          linewidth=0, zorder=0)
        axis.bar(0.5 + width * (np.arange(bins) + 0.5), own / expected, 0.86 * width, base, color=_colour(chain),
                 zorder=1)
        axis.plot([0.5, total + 0.5], [base + 1] * 2, color="0.2", linewidth=0.8, linestyle="--", zorder=2)
    axis.set_yticks(step * np.arange(chains) + 0.5, [str(chain + 1) for chain in range(chains)], fontsize=7)
    axis.tick_params(axis="y", length=0)
    axis.set_xlim(0.5, total + 0.5)
    axis.set_ylim(0, chains * step)
    axis.set_ylabel("chain", fontsize=8)


FIGURE = Figure(
    "trace", "traces and rank histograms of the stored draws of one point",
    lambda store, options: trace_figure(store, options.where, options.method),
    (option("--method", **METHOD),))
