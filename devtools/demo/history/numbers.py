"""Case numbers: a permutation of the nine-digit numbers, so that each index has its own and no two look alike."""

from __future__ import annotations

from heka_portal.domain.cases.rules import FIRST_NUMBER, LAST_NUMBER

SIZE = LAST_NUMBER - FIRST_NUMBER + 1
#: two halves of 15 bits hold all of them
HALF_BITS = 15
HALF = (1 << HALF_BITS) - 1
ROUND_KEYS = (0x5BD1, 0x1E35, 0x7A3D, 0x2C9F)


def number_of(index: int) -> int:
    """The number of a case: a Feistel network, walked on until it falls among the nine-digit numbers."""
    if not 0 <= index < SIZE:
        raise ValueError("there are no more case numbers")
    place = _permute(index)
    while place >= SIZE:
        place = _permute(place)
    return FIRST_NUMBER + place


def _permute(value: int) -> int:
    left, right = value >> HALF_BITS, value & HALF
    for key in ROUND_KEYS:
        mixed = (right + key) * 0x9E3779B1
        left, right = right, left ^ ((mixed ^ mixed >> 17) >> 7 & HALF)
    return left << HALF_BITS | right
