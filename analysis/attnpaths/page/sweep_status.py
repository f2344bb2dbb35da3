"""What the program itself says of a running sweep: attnpaths status, asked now and then in a thread of its own."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from typing import Any

from ..errors import AnalysisError
from ..program import find_program, launch_environment

PERIOD = 2.0   # seconds between two questions
SHARE = 10     # a question that takes long is asked less often: every ten times its duration
LONGEST = 120  # seconds, after which an answer is given up


class SweepStatus:
    """Latest answer of `attnpaths status STORE --json`; an empty one where the program is not to be found."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._latest: dict[str, Any] = {}
        self._closed = threading.Event()
        try:
            self._program = find_program()
        except AnalysisError as error:
            self._latest = {"warnings": [f"Rate and remaining time are not known: {error}"]}
            return
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def latest(self) -> dict[str, Any]:
        return self._latest

    def close(self) -> None:
        self._closed.set()

    def _run(self) -> None:
        wait = 0.0
        while not self._closed.wait(wait):
            begin = time.monotonic()
            try:
                answer = subprocess.run([self._program, "status", self._path, "--json"], stdin=subprocess.DEVNULL, capture_output=True,
                                        timeout=LONGEST, env=launch_environment(), start_new_session=True, check=False)
                self._latest = json.loads(answer.stdout)
            except (OSError, ValueError, subprocess.TimeoutExpired):
                pass  # what was known before stays: a store that is just being made has no status yet
            wait = max(PERIOD, SHARE * (time.monotonic() - begin))
