"""A store while a sweep writes it, as the live page sees it: rows that stay in their places, numbered changes, and the sweep's state."""

from __future__ import annotations

import json
import math
import os
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import InputError
from ..store import VARIANCE_COLUMNS, VARIANCES, Store
from .contents import is_shown, shown_arrays
from .journal_tail import CARRIED, LOST, MISSING_INTEGER, PLAN, RECORD, RELEASED, STARTED, Fields, JournalTail, Value, decode_record
from .packing import Packer
from .payload import pack_store
from .sweep_status import SweepStatus

if TYPE_CHECKING:
    from ..typing import StrPath

SHORTEST = 0.3    # seconds between two looks
GLANCES = 60      # looks over which the use of workers is averaged
LOSSES = 20       # lost attempts that are shown


class LiveStore:
    """Store file and journal as one list of points. Safe to call from several threads."""

    def __init__(self, path: StrPath) -> None:
        self.path = os.path.realpath(path)
        self._lock = threading.Lock()
        self._tail = JournalTail(self.path + ".journal")
        self._keys: dict[str, int] = {}             # point key -> row
        self._order: list[str] = []                 # point keys by row
        self._changed: list[int] = []               # rows as they came after the first look; change c is _changed[c - 1]
        self._records: dict[int, dict[str, Any]] = {}   # scalars of rows that came by the journal
        self._offsets: dict[str, int] = {}          # of records in the present journal
        self._file: tuple[int, int, int] | None = None  # the store file that was read last
        self._in_work: dict[str, None] = {}
        self._glances: deque[int] = deque(maxlen=GLANCES)
        self._losses: deque[str] = deque(maxlen=LOSSES)
        self._plan: dict[str, Any] = {}
        self._planned = 0
        self._looked = -math.inf
        self._statuses: dict[int, str] = {}         # row -> done or failed
        if not os.path.exists(self.path) and not os.path.exists(self._tail.path):
            raise InputError(f"{path}: no such store, and no journal of one; start the sweep first")
        self._read_store()  # what has been there for long, in its order; what came since follows
        self._look()
        self._sweep = SweepStatus(self.path)

    def close(self) -> None:
        self._sweep.close()

    def _open(self) -> Store | None:
        """The store file as it is now; every reader opens its own, since a sweep replaces it."""
        return Store(self.path, sealed=False) if os.path.exists(self.path) else None

    def _look(self) -> None:
        """Takes what is new. The journal first and the store file second, so that nothing is lost between them."""
        if time.monotonic() - self._looked < SHORTEST:
            return
        is_other, entries = self._tail.poll()
        if is_other:
            self._offsets.clear()
            self._in_work.clear()
        for offset, payload in entries:
            self._take(offset, payload)
        self._read_store()
        self._glances.append(len(self._in_work))
        self._looked = time.monotonic()

    def _take(self, offset: int, payload: bytes) -> None:
        kind, fields = payload[0], Fields(payload[1:])
        if kind == RECORD:
            record = decode_record(payload[1:])
            key = str(record["point/key"])
            self._offsets[key] = offset
            self._in_work.pop(key, None)
            if isinstance(variances := record.get(VARIANCES), np.ndarray):
                record |= {name: own.of(variances) for name, own in VARIANCE_COLUMNS.items()}
            self._put(key, {name: _plain(value) for name, value in record.items() if is_shown(name) and not isinstance(value, np.ndarray)})
        elif kind == STARTED:
            self._in_work[fields.text()] = None
        elif kind in (LOST, RELEASED):
            self._in_work.pop(fields.text(), None)
            if kind == LOST:
                self._losses.append(fields.text())
        elif kind == PLAN:
            self._plan = json.loads(fields.text())
            self._planned = int(self._plan["planned"])
        elif kind == CARRIED:
            key, _, lost, in_flight, _, last_loss = (fields.text(), fields.number("I"), fields.number("I"), fields.number("B"),
                                                     fields.number("B"), fields.text())
            if in_flight:
                self._in_work[key] = None
            if lost and last_loss and last_loss not in self._losses:
                self._losses.append(last_loss)

    def _put(self, key: str, values: dict[str, Any]) -> None:
        row = self._keys.setdefault(key, len(self._keys))
        if row == len(self._order):
            self._order.append(key)
        self._records[row] = values
        self._statuses[row] = values.get("point/status", "done")
        self._changed.append(row)

    def _read_store(self) -> None:
        """Takes points of a store file that was replaced since; most of them came by the journal before."""
        try:
            status = os.stat(self.path)
        except FileNotFoundError:
            return
        file = (status.st_dev, status.st_ino, status.st_mtime_ns)
        if file == self._file:
            return
        store = self._open()
        if store is None:
            return
        with store:
            keys = store.column("point/key").tolist()
            new = [row for row, key in enumerate(keys) if key not in self._keys]
            self._planned = self._planned or store.planned
            if self._file is None and not self._keys:  # pack() gives them all
                self._keys = {key: row for row, key in enumerate(keys)}
                self._order = list(keys)
                self._statuses = dict(enumerate(store.column("point/status").tolist()))
            elif new:
                names = [name for name, kind in store.columns.items() if kind != "array" and is_shown(name)]
                for row, values in store.read_frame(names, new).iterrows():
                    self._put(keys[row], {name: _plain(None if value is pd.NA else value) for name, value in values.items()})
        self._file = file

    def pack(self) -> bytes:
        """All points for a page that is opened: scalars alone, in the order of rows, as far as the store file has them."""
        with self._lock:
            self._look()
            about = {"title": os.path.basename(self.path), "planned": self._planned, "version": self._plan.get("program_version", ""),
                     "commit": self._plan.get("git_hash", ""), "configuration": self._plan.get("configuration", ""), "change": 0}
            store = self._open()
            if store is None:
                return Packer(0, True).bytes({**about, "store_rows": None, "left_out": []})
            with store:
                where = {key: row for row, key in enumerate(store.column("point/key").tolist())}
                rows = []
                for key in self._order:
                    if key not in where:
                        break
                    rows.append(where[key])
                return pack_store(store, np.array(rows, dtype=int), None,
                                  {**({} if store.configuration else about), "planned": self._planned or store.planned, "change": 0, "store_rows": None})

    def changes(self, after: int) -> dict[str, Any]:
        """Rows that came after a change, and how the sweep gets on."""
        with self._lock:
            self._look()
            rows = sorted(set(self._changed[max(after, 0):]))
            return {"change": len(self._changed), "rows": [{"row": row, "values": self._records[row]} for row in rows],
                    "state": self._state()}

    def _state(self) -> dict[str, Any]:
        status = self._sweep.latest()
        failed = sum(text == "failed" for text in self._statuses.values())
        ranks = int(self._plan.get("ranks", 0))
        workers = max(ranks - 1, 1) if ranks else 0
        busy = [min(count, workers) for count in self._glances]
        rate = status.get("points_per_hour")
        # A plan is of its run's grid; rows of others may stand beside it.
        planned = max(self._planned, len(self._statuses), int(status.get("points", 0)))
        left = int(status.get("left", planned - len(self._statuses)))
        return {"planned": planned, "done": len(self._statuses) - failed, "failed": failed, "in_work": len(self._in_work),
                "running": status.get("running", "unknown"), "workers": workers,
                "use": sum(busy) / len(busy) / workers if workers and busy else None, "points_per_hour": rate,
                "seconds_left": 3600 * left / rate if rate else None, "cpu_hours_left": status.get("remaining_cpu_hours"),
                "checkpointed_seconds": status.get("checkpointed_seconds", 0), "chains": status.get("chains", []), "messages": status.get("messages", []),
                "losses": list(self._losses), "warnings": status.get("warnings", [])}

    def point(self, row: int) -> dict[str, Any] | None:
        """Arrays of a row that details draw, as plain lists; None if there is no such row."""
        with self._lock:
            if not 0 <= row < len(self._order):
                return None
            key = self._order[row]
            payload = self._tail.read_at(self._offsets[key]) if key in self._offsets else None
            if payload is not None:
                record = decode_record(payload[1:])
                return {name: _array(record[name]) for name in shown_arrays(name for name, value in record.items() if isinstance(value, np.ndarray))}
            store = self._open()
            if store is None:
                return None
            with store:
                found = np.flatnonzero((store.column("point/key") == key).to_numpy(dtype=bool))
                if found.size == 0:
                    return None
                names = shown_arrays(name for name, kind in store.columns.items() if kind == "array")
                arrays = {name: store.array(name, int(found[0])) for name in names}
                return {name: _array(array) for name, array in arrays.items() if array.size}


def _plain(value: Value | None) -> Any:
    """A scalar for JSON, which knows no NaN; missing: None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    number = int(value)
    return None if number == MISSING_INTEGER else number


def _array(values: Any) -> dict[str, Any]:
    numbers = [number if math.isfinite(number) else str(number) for number in np.ravel(values).tolist()]
    return {"shape": list(np.shape(values)), "values": numbers}
