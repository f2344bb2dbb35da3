"""Opening HDF5 files of the program, with one line about what is wrong with them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from h5py._objects import phil

from .errors import InputError, StoreError

if TYPE_CHECKING:
    from .typing import Array, StrPath

hdf5_lock = phil  # h5py's own, of all of HDF5: the compiled part may share the library with it


def hdf5_text(value: Any) -> str:
    """Text of a string attribute, which h5py returns as bytes or str."""
    return value.decode() if isinstance(value, bytes) else str(value)


def open_hdf5(path: StrPath) -> h5py.File:
    """Open a file for reading, without locks.

    Raises InputError if it is not there or cannot be read, StoreError if it is damaged or no HDF5 file.
    """
    if not os.path.exists(path):
        raise InputError(f"{path}: no such file")
    try:
        return h5py.File(path, "r", locking=False)
    except OSError as error:
        reason = str(error)
        if "truncated" in reason:
            raise StoreError(f"{path}: the file is truncated (an incomplete copy?)") from None
        if "signature not found" in reason:
            raise StoreError(f"{path}: not an HDF5 file") from None
        raise InputError(f"{path}: cannot be read ({reason})") from None


def first_bytes(file: h5py.File) -> bytes:
    """What an open file has before its HDF5 part; empty if nothing."""
    size = file.userblock_size
    if size == 0:
        return b""
    descriptor = file.id.get_vfd_handle()
    return os.pread(descriptor, size, 0)


def read_numbers(file: h5py.File, name: str) -> Array:
    """A numerical data set of an open file as float64; StoreError if the file lacks it or it is damaged."""
    item = file.get(name)
    if not isinstance(item, h5py.Dataset) or item.dtype.kind not in "fiu":
        raise StoreError(f"{file.filename}: has no numbers /{name}")
    try:
        return np.asarray(item[()], dtype=float)
    except OSError as error:
        raise StoreError(f"{file.filename}: /{name} is damaged ({error})") from None
