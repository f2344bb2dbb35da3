"""The paper's figure on the hidden-Markov task (arXiv:2405.15926, figure 2) from a sweep over widths."""

import numpy as np

from .accuracy import draw_against_width
from .order_parameter import draw_order_parameter, order_parameter_labels
from .selection import arrays_over_seeds, require_unambiguous, select_points
from .style import (COLOURS, GREY, MARKERS, SETTING_NAMES, draw_curve, figure_style, legend_right, new_figure, panel,
                    scale_axis)

COMPONENTS = 10  # principal components shown by their overlaps


def figure2(store, where=()):
    """Figure with six panels; means over seeds with standard errors.

    (a) accuracy against N of every predictor, (b) order parameter U_1 at the smallest, middle and largest N, (c) its
    diagonal and (d) off-diagonal elements against N, (e) overlaps |v_k . y| / sqrt(P) of the leading principal
    components of the training kernel at the smallest N and of the GP, (f) their cumulative power.
    Raises UsageError if anything but width and seed varies between the points chosen by `where`.
    """
    points = select_points(store, where)
    require_unambiguous(points, free=["width"])
    widths, elements, errors = arrays_over_seeds(store, points, "point/width", "theory/order_parameter")
    labels = order_parameter_labels(store, points.index[0])
    with figure_style():
        figure = new_figure(11, 9.2)
        rows = figure.subfigures(3, 1, height_ratios=(0.9, 1, 1))
        _accuracy_and_maps(rows[0], store, where, widths, elements, labels)
        _elements(rows[1], widths, elements, errors, labels)
        _alignment(rows[2], store, points)
    return figure


def _accuracy_and_maps(row, store, where, widths, elements, labels):
    left, right = row.subfigures(1, 2, width_ratios=(1, 1))
    axis = left.subplots()
    axis.set_label("accuracy")
    handles = draw_against_width(axis, store, where)
    panel(axis, "a", "accuracy")
    legend_right(axis, handles)
    chosen = sorted({0, len(widths) // 2, len(widths) - 1})
    maps = right.subplots(1, len(chosen), squeeze=False)[0]
    for axis, index in zip(maps, chosen):
        axis.set_label(f"order parameter {widths[index]:g}")
        image = draw_order_parameter(axis, elements[index], labels, f"$N$ = {widths[index]:g}", most_labels=12)
        axis.set_anchor("N")
        if axis is not maps[0]:
            axis.set_yticklabels([])
    panel(maps[0], "b", "order parameter $U_1$ between paths")
    scale = maps[-1].inset_axes([1.07, 0, 0.07, 1])
    right.colorbar(image, cax=scale, label=r"$U\,/\,\max|U|$", ticks=[-1, 0, 1])


def _elements(row, widths, elements, errors, labels):
    """Elements of U_1 against N; those of many paths that stay small are drawn in grey without a name."""
    n = len(labels)
    diagonal = [(i, i) for i in range(n)]
    off_diagonal = [(i, j) for i in range(n) for j in range(i + 1, n)]
    for axis, pairs, letter, title in zip(row.subplots(1, 2), (diagonal, off_diagonal), "cd",
                                          ("diagonal of $U_1$", "off-diagonal elements of $U_1$")):
        axis.set_label(title)
        ranked = sorted(pairs, key=lambda pair: -np.abs(elements[:, pair[0], pair[1]]).max())
        names = pairs if len(pairs) <= len(COLOURS) else ranked[:len(COLOURS)]
        handles = []
        for number, (i, j) in enumerate(names):
            handles.append(draw_curve(axis, widths, elements[:, i, j], errors[:, i, j], color=COLOURS[number],
                                      marker=MARKERS[number], zorder=2,
                                      label=labels[i] if i == j else f"{labels[i]}, {labels[j]}"))
        for i, j in ranked[len(names):]:
            grey, = axis.plot(widths, elements[:, i, j], color=GREY, linewidth=0.8, zorder=1)
        if len(pairs) > len(names):
            grey.set_label(f"{len(pairs) - len(names)} smaller")
            handles.append(grey)
        axis.axhline(0, color="0.6", linewidth=0.8, zorder=0)
        scale_axis(axis, list(widths))
        axis.set_xlabel(SETTING_NAMES["width"])
        axis.set_ylabel(r"$U^{\pi\pi}$" if letter == "c" else r"$U^{\pi\pi'}$")
        panel(axis, letter, title)
        if pairs:
            legend_right(axis, handles, title="path" if letter == "c" else "paths")


def _alignment(row, store, points):
    overlaps, power = row.subplots(1, 2)
    handles = {overlaps: [], power: []}
    smallest = points[points["point/width"] == points["point/width"].min()]
    for offset, group, name in ((-0.12, "theory", f"$N$ = {points['point/width'].min():g}"), (0.12, "gp", "GP")):
        colour, marker = (COLOURS[0], "o") if group == "theory" else (COLOURS[1], "s")
        _, (values,), (errors,) = arrays_over_seeds(store, smallest, "point/width", f"{group}/overlaps")
        k = np.arange(1, len(values) + 1)
        first = slice(COMPONENTS)
        overlaps.vlines(k[first] + offset, 0, values[first], color=colour, linewidth=2.2)
        handles[overlaps].append(draw_curve(overlaps, k[first] + offset, values[first], errors[first], color=colour,
                                            marker=marker, linestyle="", label=name))
        _, (values,), (errors,) = arrays_over_seeds(store, smallest, "point/width", f"{group}/cumulative_power")
        k = np.arange(1, len(values) + 1)
        handles[power] += power.plot(k, values, color=colour, marker=marker, markersize=3.5, label=name)
        power.fill_between(k, values - np.nan_to_num(errors), values + np.nan_to_num(errors), color=colour, alpha=0.15,
                           linewidth=0)
    overlaps.set_label("overlaps")
    overlaps.set_xticks(range(1, min(COMPONENTS, len(k)) + 1))
    overlaps.set_ylabel(r"$|v_k \cdot y|\,/\,\sqrt{P}$")
    overlaps.set_ylim(bottom=0)
    power.set_label("cumulative power")
    power.set_ylim(0, 1.05)
    scale_axis(power, range(1, len(k) + 1))
    power.set_ylabel("cumulative power $C(k)$")
    for axis, letter, title in ((overlaps, "e", "alignment of principal components with the task"),
                                (power, "f", "power in the leading components")):
        axis.set_xlabel("principal component $k$")
        panel(axis, letter, title)
        legend_right(axis, handles[axis])
