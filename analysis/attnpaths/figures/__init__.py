"""Figures, one file each: a new one is its file, which defines FIGURE, and its line here."""

import importlib

MODULES = (
    "figure2",
    "figure3",
    "accuracy",
    "chain",
    "compressibility",
    "depth",
    "induction",
    "learning_curve",
    "order_parameter",
    "sampled_order_parameter",
    "self_training",
    "trace",
)
FIGURES = {figure.name: figure for figure in (importlib.import_module(f".{name}", __name__).FIGURE for name in MODULES)}
