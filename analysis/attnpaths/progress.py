"""Progress of a sweep, in a terminal or a notebook: a bar where tqdm is installed, else the program's own lines."""

from __future__ import annotations

import re
from typing import Any

from .program import plain_line

COUNT = re.compile(r"(\d+)/(\d+) points(?:, (.+))?")


class Progress:
    """Shows the lines of a run; lines holds all of them but those of progress."""

    def __init__(self, shown: bool = True) -> None:
        self.lines: list[str] = []
        self._shown = shown
        self._bar: Any = None
        self._tqdm: Any = None
        if shown:
            try:
                from tqdm.auto import tqdm
            except ImportError:
                return
            self._tqdm = tqdm

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: Any) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, line: str) -> None:
        count = COUNT.match(line)
        if not count:
            self.lines.append(line)
        if not self._shown:
            return
        if not count or self._tqdm is None:
            plain_line(line)
            return
        if self._bar is None:
            self._bar = self._tqdm(total=int(count[2]), unit="point")
        self._bar.total = int(count[2])
        self._bar.update(int(count[1]) - self._bar.n)
        if count[3]:
            self._bar.set_postfix_str(count[3])
