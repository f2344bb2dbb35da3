"""The checksum of the program's files, XXH3 with 64 bits (xxhash.com), for an environment that has only numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .typing import Array

_SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221"
    "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb"
    "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
)
_MASK = (1 << 64) - 1
_PRIME32 = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)
_PRIME64 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)
_STRIPE = 64
_STRIPES_PER_BLOCK = (len(_SECRET) - _STRIPE) // 8
_BLOCK = _STRIPE * _STRIPES_PER_BLOCK
_LOW = np.uint64(0xFFFFFFFF)
_BLOCKS_AT_ONCE = 4096


def xxh3_64(data: bytes) -> int:
    """XXH3 of bytes, as an integer below 2**64."""
    length = len(data)
    if length > 240:
        return _long(data)
    if length > 128:
        return _up_to_240(data)
    if length > 16:
        return _up_to_128(data)
    if length > 8:
        low = _number(data, 0) ^ _number(_SECRET, 24) ^ _number(_SECRET, 32)
        high = _number(data, length - 8) ^ _number(_SECRET, 40) ^ _number(_SECRET, 48)
        swapped = int.from_bytes(low.to_bytes(8, "little"), "big")
        return _avalanche(length + swapped + high + _fold(low, high))
    if length > 3:
        value = _number(data, length - 4, 4) + (_number(data, 0, 4) << 32)
        value ^= _number(_SECRET, 8) ^ _number(_SECRET, 16)
        value ^= _rotate(value, 49) ^ _rotate(value, 24)
        value = value * 0x9FB21C651E98DF25 & _MASK
        value ^= (value >> 35) + length
        value = value * 0x9FB21C651E98DF25 & _MASK
        return value ^ value >> 28
    if length > 0:
        value = data[0] << 16 | data[length >> 1] << 24 | data[-1] | length << 8
        return _avalanche_short(value ^ _number(_SECRET, 0, 4) ^ _number(_SECRET, 4, 4))
    return _avalanche_short(_number(_SECRET, 56) ^ _number(_SECRET, 64))


def _number(data: bytes, offset: int, size: int = 8) -> int:
    return int.from_bytes(data[offset:offset + size], "little")


def _rotate(value: int, bits: int) -> int:
    return (value << bits | value >> 64 - bits) & _MASK


def _fold(a: int, b: int) -> int:
    product = a * b
    return product & _MASK ^ product >> 64


def _avalanche(value: int) -> int:
    value &= _MASK
    value ^= value >> 37
    value = value * 0x165667919E3779F9 & _MASK
    return value ^ value >> 32


def _avalanche_short(value: int) -> int:
    value ^= value >> 33
    value = value * _PRIME64[1] & _MASK
    value ^= value >> 29
    value = value * _PRIME64[2] & _MASK
    return value ^ value >> 32


def _mix(data: bytes, offset: int, secret: int) -> int:
    return _fold(_number(data, offset) ^ _number(_SECRET, secret), _number(data, offset + 8) ^ _number(_SECRET, secret + 8))


def _up_to_128(data: bytes) -> int:
    length = len(data)
    total = length * _PRIME64[0]
    for i in range((length - 1) // 32 + 1):
        total += _mix(data, 16 * i, 32 * i) + _mix(data, length - 16 * (i + 1), 32 * i + 16)
    return _avalanche(total)


def _up_to_240(data: bytes) -> int:
    length = len(data)
    total = _avalanche(length * _PRIME64[0] + sum(_mix(data, 16 * i, 16 * i) for i in range(8)))
    total += sum(_mix(data, 16 * i, 16 * (i - 8) + 3) for i in range(8, length // 16))
    return _avalanche(total + _mix(data, length - 16, 136 - 17))


def _secret_lanes(offset: int, stripes: int = 1) -> Array:
    """Secret of consecutive stripes, which begin 8 bytes apart: [stripes, 8]."""
    return np.array([np.frombuffer(_SECRET, "<u8", 8, offset + 8 * i) for i in range(stripes)])


def _contributions(stripes: Array, secret: Array) -> Array:
    """What stripes [..., 8] add to the eight sums, each with its secret."""
    key = stripes ^ secret
    return stripes[..., [1, 0, 3, 2, 5, 4, 7, 6]] + (key & _LOW) * (key >> np.uint64(32))


def _long(data: bytes) -> int:
    length = len(data)
    sums = np.array([_PRIME32[2], *_PRIME64[:4], _PRIME32[1], _PRIME64[4], _PRIME32[0]], dtype=np.uint64)
    secret = _secret_lanes(0, _STRIPES_PER_BLOCK)
    scramble = _secret_lanes(len(_SECRET) - _STRIPE)[0]
    blocks = (length - 1) // _BLOCK
    for first in range(0, blocks, _BLOCKS_AT_ONCE):
        count = min(_BLOCKS_AT_ONCE, blocks - first)
        stripes = np.frombuffer(data, "<u8", count * _BLOCK // 8, first * _BLOCK).reshape(count, _STRIPES_PER_BLOCK, 8)
        for block in _contributions(stripes, secret).sum(axis=1, dtype=np.uint64):
            sums = sums + block
            sums = (sums ^ sums >> np.uint64(47) ^ scramble) * np.uint64(_PRIME32[0])
    rest = (length - 1 - blocks * _BLOCK) // _STRIPE
    if rest > 0:
        stripes = np.frombuffer(data, "<u8", 8 * rest, blocks * _BLOCK).reshape(rest, 8)
        sums = sums + _contributions(stripes, secret[:rest]).sum(axis=0, dtype=np.uint64)
    last = np.frombuffer(data, "<u8", 8, length - _STRIPE)
    sums = sums + _contributions(last, _secret_lanes(len(_SECRET) - _STRIPE - 7)[0])
    lanes = [int(lane) for lane in sums]
    total = length * _PRIME64[0]
    for i in range(4):
        total += _fold(lanes[2 * i] ^ _number(_SECRET, 11 + 16 * i), lanes[2 * i + 1] ^ _number(_SECRET, 19 + 16 * i))
    return _avalanche(total)
