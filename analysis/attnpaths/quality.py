"""What tells a good predictor from a bad one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Store


def default_quantity(store: Store) -> str:
    """What tells a good predictor: accuracy where the store has one, else the coefficient of determination."""
    has_accuracy = any(name.endswith("/accuracy") and store.column(name).notna().any() for name in store.columns)
    return "accuracy" if has_accuracy else "determination"
