"""What a figure is to the command line; see the registry in __init__.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def option(*names: str, **keywords: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """An option of a figure's command, as argparse's add_argument takes it."""
    return names, keywords


@dataclass(frozen=True)
class Figure:
    name: str
    summary: str
    draw: Callable[..., Any]  # (store, options) -> matplotlib figure
    options: tuple[Any, ...] = ()
    further_stores: tuple[str, ...] = ()  # names of options that are paths of stores, one or a list; `draw` finds them opened
