"""Parts of a sweep: what a store's points are where several grids or tasks are in one configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .selection import require_unambiguous, select_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from .store import Store
    from .typing import Where


def parts_in_order(store: Store, names: Sequence[str]) -> list[str]:
    """The names in the order of the configuration; after them, by the alphabet, those that it does not know (a merged store's)."""
    known = re.findall(r"^\[part (.+)\]", store.configuration, re.MULTILINE)
    return sorted(names, key=lambda name: (known.index(name) if name in known else len(known), name))


def points_by_part(store: Store, where: Where, columns: Sequence[str], free: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Finished points of every part, in the order of the configuration; one part "" of a sweep without any.

    Raises UsageError if anything but `free` and the seed varies within a part.
    """
    has_parts = "point/part" in store.columns
    points = select_points(store, where, [*columns, *(["point/part"] if has_parts else [])])
    names = points["point/part"].fillna("") if has_parts else points["point/task"].map(lambda _: "")
    parts = {name: points[names == name] for name in parts_in_order(store, [str(name) for name in names.unique()])}
    for part in parts.values():
        require_unambiguous(part, free)
    return parts


def part_label(name: str) -> str:
    """"2-steps-1-shown" as "2 steps 1 shown"."""
    return name.replace("-", " ")
