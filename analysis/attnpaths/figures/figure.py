"""What a figure is to the command line; see the registry in __init__.py."""

from collections.abc import Callable
from dataclasses import dataclass


def option(*names, **keywords):
    """An option of a figure's command, as argparse's add_argument takes it."""
    return names, keywords


@dataclass(frozen=True)
class Figure:
    name: str
    summary: str
    draw: Callable  # (store, options) -> matplotlib figure
    options: tuple = ()
    further_stores: tuple = ()  # names of options that are paths of stores; `draw` finds them opened, or None
