"""What of a store this package does not or cannot read: it uses the store file alone, not the journal beside it."""

from __future__ import annotations

import os
import re

from .errors import StoreError
from .xxh3 import xxh3_64

SEAL_BYTES = 512
# Larger store files are not read a second time; attnpaths verify checks all.
LARGEST_CHECKED = 1 << 28
JOURNAL_MAGIC = b"attnpaths-journal\n"
JOURNAL_VERSION = 2  # src/store/format_version.hpp
HEADER_BYTES = len(JOURNAL_MAGIC) + 4  # the version
MARK = b"\xa7JRN"
PREFIX_BYTES = 16  # mark, length of the payload (4 bytes), its checksum (8 bytes)
RECORD = 0  # first byte of a payload that is a result


def check_seal(path: str) -> None:
    """Raises StoreError if a store file is not as it was written: its first bytes hold a checksum of the others.

    Files without a seal (not written by attnpaths) are left to the checks of their content.
    """
    if os.path.getsize(path) > LARGEST_CHECKED:
        return
    try:
        with open(path, "rb") as file:
            seal = file.read(SEAL_BYTES)
            content = file.read()
    except OSError:
        return  # opening it says why
    if not seal.startswith(b"attnpaths-store "):
        return
    said = re.match(rb"attnpaths-store \d+\nchecksum xxh3-64 ([0-9a-f]{16}) of the (\d+) bytes after", seal)
    if said is None or int(said[2]) != len(content) or int(said[1], 16) != xxh3_64(content):
        raise StoreError(f"{path}: is damaged: its checksum is not the one that was written; restore a copy")


class JournalReport:
    """What the journal of a store holds: results (their number), damage (bytes that cannot be read)."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.results = 0
        self.damage = 0
        try:
            with open(path, "rb") as file:
                content = file.read()
        except FileNotFoundError:
            return
        if content[:len(JOURNAL_MAGIC)] != JOURNAL_MAGIC[:len(content)]:
            self.damage = len(content)
            return
        version = int.from_bytes(content[len(JOURNAL_MAGIC):HEADER_BYTES], "little")
        if len(content) >= HEADER_BYTES and version != JOURNAL_VERSION:
            raise StoreError(f"{path}: is a journal of version {version}, but this package reads version {JOURNAL_VERSION}; "
                             "use the package that came with the program that wrote it")
        self._walk(content)

    def _walk(self, content: bytes) -> None:
        at = HEADER_BYTES
        while at < len(content):
            payload = entry_at(content, at)
            if payload is not None:
                self.results += payload[:1] == bytes([RECORD])
                at += PREFIX_BYTES + len(payload)
                continue
            following = next_entry(content, at + 1)
            if following is None:
                # A crash leaves the beginning of an entry, which counts for nothing.
                self.damage += 0 if _is_torn(content, at) else len(content) - at
                return
            self.damage += following - at
            at = following


def _prefix(content: bytes, at: int) -> tuple[int, int]:
    return int.from_bytes(content[at + 4:at + 8], "little"), int.from_bytes(content[at + 8:at + PREFIX_BYTES], "little")


def entry_at(content: bytes, at: int) -> bytes | None:
    """Payload of the whole entry at an offset, or None."""
    if content[at:at + 4] != MARK:
        return None
    length, checksum = _prefix(content, at)
    payload = content[at + PREFIX_BYTES:at + PREFIX_BYTES + length]
    return payload if length > 0 and len(payload) == length and xxh3_64(payload) == checksum else None


def next_entry(content: bytes, at: int) -> int | None:
    """Offset of the next whole entry, or None."""
    at = content.find(MARK, at)
    while at >= 0 and entry_at(content, at) is None:
        at = content.find(MARK, at + 1)
    return at if at >= 0 else None


def _is_torn(content: bytes, at: int) -> bool:
    rest = content[at:]
    if rest[:4] != MARK[:len(rest)]:
        return not any(rest)  # zeros: the file grew before its content reached the disk
    if len(rest) <= PREFIX_BYTES:
        return True
    length, checksum = _prefix(content, at)
    return length > len(rest) - PREFIX_BYTES and xxh3_64(rest[PREFIX_BYTES:]) != checksum
