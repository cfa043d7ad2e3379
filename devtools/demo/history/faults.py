"""Which faults places have, and how often: drawn for a home or for a building's common areas."""

from __future__ import annotations

from itertools import accumulate
from random import Random

from heka_portal.vocabulary import DefectArea

_HOME = """
kitchen tap 9|kitchen drain 7|kitchen appliance 12|kitchen furniture 5|kitchen water_leak 4|kitchen electricity 2
kitchen ventilation 3|bathroom drain 8|bathroom tap 7|bathroom moisture 5|bathroom ventilation 4|bathroom surface 3
bathroom water_leak 5|bathroom heating 2|living_room heating 5|living_room window 4|living_room electricity 3
living_room network 3|living_room surface 2|bedroom heating 5|bedroom window 4|bedroom furniture 3|bedroom moisture 2
hall door 6|hall safety 4|hall electricity 3|balcony_or_yard door 3|balcony_or_yard window 2|balcony_or_yard surface 2
home_sauna sauna_stove 3|storage door 2|storage pests 1|kitchen pests 2|bedroom other 2|hall other 1
"""
_COMMON = """
stairwell cleaning 7|stairwell door 8|stairwell electricity 6|stairwell vandalism 3|lift lift 12|laundry other 3
laundry water_leak 3|laundry drain 3|laundry electricity 2|shared_sauna sauna_stove 5|shared_sauna drain 2
club_room heating 1|bike_storage door 4|shelter moisture 1|waste_point waste 9|yard snow 6|yard playground 4
yard vandalism 2|yard safety 2|parking electricity 4|parking snow 3|facade moisture 2|facade surface 1
waste_point pests 2
"""


def _read(written: str) -> tuple[tuple[tuple[str, str], ...], list[int]]:
    entries = [entry.split() for entry in written.replace("\n", "|").split("|") if entry]
    return tuple((place, fault) for place, fault, _ in entries), list(accumulate(int(share) for *_, share in entries))


_SHARES = {DefectArea.HOME: _read(_HOME), DefectArea.COMMON: _read(_COMMON)}


def draw_fault(dice: Random, area: DefectArea) -> tuple[str, str]:
    """A place of the area and a fault it can have."""
    pairs, shares = _SHARES[area]
    return dice.choices(pairs, cum_weights=shares)[0]
