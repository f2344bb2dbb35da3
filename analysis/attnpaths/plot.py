"""Figures in axes of one's own: (store, ax=None, where=(), **selection) -> Axes; see figures/axes.py."""

from .figures.accuracy import draw_accuracy
from .figures.axes import on_axes
from .figures.learning_curve import draw_learning_curve
from .figures.order_parameter import draw_order_parameter_of

accuracy = on_axes(draw_accuracy)
learning_curve = on_axes(draw_learning_curve)
order_parameter = on_axes(draw_order_parameter_of)

__all__ = ["accuracy", "learning_curve", "order_parameter"]
