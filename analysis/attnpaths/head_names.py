"""What heads are called: the data set or the task of a point may say it."""

from __future__ import annotations



def head_names(text: str, heads: int) -> list[str]:
    """Names in a text of column point/head_names, layer by layer [sum H_l]; "" for those without a name.

    heads: how many there are, of all layers.
    """
    names = [name.lstrip(" ") for name in text.split(";")]
    return names if text and len(names) == heads else [""] * heads
