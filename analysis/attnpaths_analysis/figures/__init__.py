"""Figures, one file each: a new one is its file, which defines FIGURE, and its line here."""

from . import accuracy, figure2, figure3, order_parameter, sampled_order_parameter, trace

FIGURES = {module.FIGURE.name: module.FIGURE for module in (
    figure2,
    figure3,
    accuracy,
    order_parameter,
    sampled_order_parameter,
    trace,
)}
