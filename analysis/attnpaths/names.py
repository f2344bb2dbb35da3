"""What heads and classes are called: the data set or the task of a point may say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .store import Store

LONGEST = 14  # of a name on a figure


def names_of_text(text: str, count: int) -> list[str]:
    """Names in a text of column point/head_names (layer by layer) or point/class_names; "" for those without a name.

    count: how many there are.
    """
    names = [name.lstrip(" ") for name in text.split(";")]
    return names if text and len(names) == count else [""] * count


def class_names(store: Store, row: int) -> list[str]:
    """Names of the classes of a point, -1 and +1 or one for each output; empty if nobody said them."""
    text = str(store.column("point/class_names", [row]).iloc[0]) if "point/class_names" in store.columns else ""
    outputs = int(store.column("point/outputs", [row]).iloc[0])
    names = names_of_text(text, 2 if outputs == 1 else outputs)
    return names if any(names) else []


def head_names(store: Store, row: int) -> list[str]:
    """Names of the heads of a point, layer by layer; "" for those without a name."""
    text = str(store.column("point/head_names", [row]).iloc[0]) if "point/head_names" in store.columns else ""
    return names_of_text(text, int(store.array("point/head_counts", row).sum()))


def shown_name(name: str) -> str:
    """A name as figures have room for it."""
    return name if len(name) <= LONGEST else name[:LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"


def classes_text(store: Store, row: int, most: int = 6) -> str:
    """"cat, dog, owl": the classes of a point, the first `most` of them; "" if they have no names."""
    names = [shown_name(name) for name in class_names(store, row)]
    return ", ".join(names if len(names) <= most else [*names[:most - 1], f"... ({len(names)} classes)"])
