"""Digits of many records at once, eight bytes of each in one 64-bit word (SWAR)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from logclass.columns import NO_MINUTE
from logclass.formats.blocks import Ints, Mask

Words = NDArray[np.uint64]  # eight bytes of each record, the first one lowest

_ZEROS = np.uint64(0x3030303030303030)
_ABOVE_NINE = np.uint64(0x7676767676767676)  # carries into the high bit of every byte above nine
_HIGH_BITS = np.uint64(0x8080808080808080)


def epoch_minutes(first: Words, last: Words) -> Ints:
    """Return minutes from the words at offsets 0 and 2 of a number of at least ten digits.

    The first ten digits are whole seconds whatever the unit, because 10, 13, 16 and 19 digits
    are s, ms, µs and ns in this century. NO_MINUTE where one of the ten is no digit.
    """
    head, head_ok = _numbers(first)
    tail, tail_ok = _numbers(last)
    seconds = head * 100 + tail % 100
    return np.where(head_ok & tail_ok, seconds // 60, NO_MINUTE)


def are_at(data: bytes, at: Ints) -> Mask:
    """Return where a digit stands; an offset before the data has none."""
    array = np.frombuffer(data, dtype=np.uint8)
    byte = array[np.maximum(at, 0)]
    found: Mask = (at >= 0) & (byte >= ord("0")) & (byte <= ord("9"))
    return found


def leading(word: Words) -> Ints:
    """Return how many of the eight characters of a word are digits, counted up to the first other.

    Borrows and carries between the bytes only run towards later characters.
    """
    others = _others(word - _ZEROS)
    lowest = others & (~others + np.uint64(1))
    below = np.bitwise_count(lowest - np.uint64(1))  # all 64 where there is none
    return below.astype(np.int64) // 8


def _numbers(word: Words) -> tuple[Ints, Mask]:
    """Return the numbers that eight ASCII digits spell, and where all eight are digits.

    Adds neighbours pairwise inside the 64-bit word: 8 digits, 4 pairs, 2 fours, 1 number.
    """
    digits = word - _ZEROS
    pairs = (digits * np.uint64(10) + (digits >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    fours = (pairs * np.uint64(100) + (pairs >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    number = (fours * np.uint64(10000) + (fours >> np.uint64(32))) & np.uint64(0xFFFFFFFF)
    return number.astype(np.int64), _others(digits) == 0


def _others(digits: Words) -> Words:
    """Return the high bit of every byte that is above nine, once "0" was taken from each."""
    return (digits | (digits + _ABOVE_NINE)) & _HIGH_BITS
