"""Regions, buildings and homes: streets of Helsinki, stairs A to F, `2h+k`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from heka_portal.integrations.register_files.rows import ApartmentRow, BuildingRow, RegionRow
from heka_portal.vocabulary import BuildingKind, Facility, WaterBilling

PREFIX = "DEMO-"

#: Finnish, Swedish, English name, and the office
REGIONS = (
    ("Itä", "Öst", "East", "Kontulankaari 1, 00940 Helsinki"),
    ("Kaakko", "Sydost", "South-East", "Hitsaajankatu 3, 00810 Helsinki"),
    ("Koillinen", "Nordost", "North-East", "Kirkonkyläntie 20, 00700 Helsinki"),
    ("Länsi", "Väst", "West", "Kaupintie 8, 00440 Helsinki"),
)
#: street, postal code, region
STREETS = (
    ("Kontulankaari", "00940", 0),
    ("Jakomäentie", "00770", 2),
    ("Siltasaarenkatu", "00530", 1),
    ("Myllypurontie", "00920", 0),
    ("Kaupintie", "00440", 3),
    ("Vuosaarentie", "00980", 0),
    ("Hermannin rantatie", "00580", 1),
    ("Maunulanmäki", "00630", 3),
    ("Pihlajamäentie", "00710", 2),
    ("Malminkaari", "00700", 2),
    ("Herttoniemen puistotie", "00880", 1),
    ("Kannelmäentie", "00420", 3),
    ("Puotilantie", "00910", 0),
    ("Arabiankatu", "00560", 1),
    ("Pitäjänmäentie", "00370", 3),
    ("Laajasalontie", "00840", 1),
    ("Mellunmäenraitio", "00970", 0),
    ("Suutarilantie", "00740", 2),
    ("Haagan pappilantie", "00320", 3),
    ("Tapulikaupungintie", "00750", 2),
)
#: homes of a building, one after the other
SIZES = (48, 96, 72, 150, 110, 60, 130, 84, 180, 120)
#: rooms and the least and most square metres
ROOMS = (
    ("1h+kk", 22, 33),
    ("1h+k", 28, 38),
    ("2h+kk", 38, 50),
    ("2h+k", 45, 60),
    ("2h+k+s", 50, 62),
    ("3h+k", 62, 78),
    ("3h+k+s", 66, 82),
    ("4h+k", 80, 96),
    ("4h+k+s", 84, 100),
    ("5h+k+s", 98, 120),
)
ROOM_SHARES = (10, 16, 10, 24, 6, 18, 5, 7, 3, 1)
HOMES_OF_A_STAIRCASE = 30
HOMES_OF_A_FLOOR = 6
MANAGERS = ("Eeva Jokinen", "Markku Salmi", "Tove Lindholm", "Riitta Aalto", "Jari Peltola", "Anu Hakala")
COMPANIES = ("Itä-Helsingin Kiinteistöhuolto Oy", "Kaupunkihuolto Aalto Oy", "Pohjoisen Talonmiehet Oy")


@dataclass(frozen=True)
class Home:
    """One apartment."""

    index: int
    building: int
    staircase: str
    number: int
    floor: int
    rooms: str
    area_m2: Decimal

    @property
    def register_id(self) -> str:
        """The apartment's id in the register."""
        return f"{PREFIX}A{self.index:05d}"


def building_id(number: int) -> str:
    """A building's id in the register."""
    return f"{PREFIX}B{number:04d}"


def size_of(building: int) -> int:
    """How many homes a building has."""
    return SIZES[building % len(SIZES)]


def draw_homes(count: int) -> Iterator[Home]:
    """So many homes, building after building; the last one may be unfinished."""
    index = building = 0
    while index < count:
        for place in range(min(size_of(building), count - index)):
            yield _home(index, building, place)
            index += 1
        building += 1


def _home(index: int, building: int, place: int) -> Home:
    dice = Random(index)
    rooms, least, most = dice.choices(ROOMS, ROOM_SHARES)[0]
    return Home(
        index=index,
        building=building,
        staircase="ABCDEF"[place // HOMES_OF_A_STAIRCASE],
        number=place + 1,
        floor=place % HOMES_OF_A_STAIRCASE // HOMES_OF_A_FLOOR + 1,
        rooms=rooms,
        area_m2=Decimal(dice.randint(least * 2, most * 2)) / 2,
    )


def draw_regions() -> Iterator[RegionRow]:
    """The regional offices."""
    for line, (name_fi, name_sv, name_en, office) in enumerate(REGIONS, 2):
        yield RegionRow(
            line=line,
            register_id=f"{PREFIX}R{line - 1}",
            name_fi=name_fi,
            name_sv=name_sv,
            name_en=name_en,
            office_address=office,
            phone="09 5767 3000",
            email=f"{name_en.lower().replace('-', '')}@heka.example",
            opening_hours="ma-pe 9-15",
        )


def manager_email(name: str) -> str:
    """The address of a building manager in the register."""
    return f"{name.lower().replace(' ', '.')}@heka.example"


def draw_buildings(count: int) -> Iterator[BuildingRow]:
    """The buildings of so many homes."""
    number = homes = 0
    while homes < count:
        yield _building(number)
        homes += size_of(number)
        number += 1


def _building(number: int) -> BuildingRow:
    dice = Random(f"building {number}")
    street, postal_code, region = STREETS[number % len(STREETS)]
    address = f"{street} {2 + number // len(STREETS) * 2 + number * 7 % 40}"
    manager = MANAGERS[number % len(MANAGERS)]
    facilities = [Facility.LAUNDRY, *sorted(dice.sample(list(Facility)[1:], dice.randint(2, 4)))]
    return BuildingRow(
        line=number + 2,
        register_id=building_id(number),
        region=f"{PREFIX}R{region + 1}",
        name=address,
        street_address=address,
        postal_code=postal_code,
        city="Helsinki",
        built_year=dice.randint(1955, 2024),
        kind=BuildingKind.HOUSING_COMPANY if dice.random() < 0.03 else BuildingKind.RENTAL,
        apartment_count=size_of(number),
        manager_name=manager,
        manager_email=manager_email(manager),
        manager_phone="09 5767 3000",
        smoke_free_from=date(2018, 6, 1) if dice.random() < 0.7 else None,
        water_billing=WaterBilling.CONSUMPTION if dice.random() < 0.4 else WaterBilling.RENT,
        heating="kaukolämpö",
        facilities="|".join(facilities),
        maintenance_company=COMPANIES[region % len(COMPANIES)],
        maintenance_phone="09 5767 3100",
    )


def draw_apartments(count: int) -> Iterator[ApartmentRow]:
    """So many apartments."""
    for home in draw_homes(count):
        yield ApartmentRow(
            line=home.index + 2,
            register_id=home.register_id,
            building=building_id(home.building),
            staircase=home.staircase,
            number=str(home.number),
            floor=home.floor,
            rooms=home.rooms,
            area_m2=home.area_m2,
        )
