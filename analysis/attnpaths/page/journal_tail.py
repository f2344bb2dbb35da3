"""Reads a journal while a sweep writes it: every entry once, as it comes. The format is that of src/store/log and src/base/record."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import Any, Union

import numpy as np

from ..errors import StoreError
from ..unread import HEADER_BYTES, JOURNAL_MAGIC, JOURNAL_VERSION, PREFIX_BYTES, entry_at, next_entry

Value = Union[float, int, str, np.ndarray[Any, Any]]
MISSING_INTEGER = -(1 << 63)
RECORD, STARTED, LOST, RELEASED, PLAN, CARRIED, CHECKPOINT, REOPENED = range(8)


class Fields:
    """Fields of a payload, one after the other; struct.error at its end."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def number(self, form: str) -> Any:
        value = struct.unpack_from("<" + form, self._content, self._at)[0]
        self._at += struct.calcsize("<" + form)
        return value

    def text(self) -> str:
        return self.bytes(self.number("I")).decode("utf-8", "replace")

    def bytes(self, count: int) -> bytes:
        if count > len(self._content) - self._at:
            raise struct.error("the payload is too short")
        self._at += count
        return self._content[self._at - count:self._at]


def decode_record(content: bytes) -> dict[str, Value]:
    """A finished point: dict from column to value."""
    fields = Fields(content)
    if fields.number("B") != 1:
        raise StoreError("the journal holds records of another version; use the package that came with the program that wrote it")
    record: dict[str, Value] = {}
    for _ in range(fields.number("I")):
        column, kind = fields.text(), fields.number("B")
        value: Value
        if kind == 3:
            shape = [fields.number("Q") for _ in range(fields.number("B"))]
            value = np.frombuffer(fields.bytes(8 * int(np.prod(shape, dtype=object))), "<f8").reshape(shape)
        else:
            value = fields.text() if kind == 2 else fields.number("dq"[kind])
        record[column] = value
    return record


class JournalTail:
    """Follows a journal that is appended to, and now and then replaced by a new one."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file: tuple[int, int] | None = None  # device and inode
        self._at = 0

    def poll(self) -> tuple[bool, list[tuple[int, bytes]]]:
        """Whether this is another file than before, and the payloads of entries that are new, with where they begin.

        What is not whole yet comes another time; damaged bytes before a whole entry are passed over. Raises StoreError for a
        journal of another version.
        """
        try:
            with open(self.path, "rb") as file:
                status = os.fstat(file.fileno())
                is_other = self._file != (status.st_dev, status.st_ino) or status.st_size < self._at
                if is_other:
                    head = file.read(HEADER_BYTES)
                    if len(head) < HEADER_BYTES:
                        return False, []
                    if head != JOURNAL_MAGIC + JOURNAL_VERSION.to_bytes(4, "little"):
                        raise StoreError(f"{self.path}: is no journal of version {JOURNAL_VERSION}; use the package that came with the "
                                         "program that wrote it")
                    self._file, self._at = (status.st_dev, status.st_ino), HEADER_BYTES
                file.seek(self._at)
                content = file.read()
        except FileNotFoundError:
            is_other, self._file, self._at = self._file is not None, None, 0
            return is_other, []
        return is_other, list(self._entries(content))

    def _entries(self, content: bytes) -> Iterator[tuple[int, bytes]]:
        begin, at = self._at, 0
        while at < len(content):
            payload = entry_at(content, at)
            if payload is None:
                following = next_entry(content, at + 1)
                if following is None:
                    return
                at = following
                continue
            yield begin + at, payload
            at += PREFIX_BYTES + len(payload)
            self._at = begin + at

    def read_at(self, offset: int) -> bytes | None:
        """Payload of the entry at an offset that poll() gave; None if the journal is another by now."""
        try:
            with open(self.path, "rb") as file:
                status = os.fstat(file.fileno())
                if self._file != (status.st_dev, status.st_ino):
                    return None
                file.seek(offset + 4)
                length = int.from_bytes(file.read(4), "little")
                file.seek(offset)
                return entry_at(file.read(PREFIX_BYTES + length), 0)
        except FileNotFoundError:
            return None
