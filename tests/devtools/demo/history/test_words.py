import re
from random import Random

import pytest

from devtools.demo.history.faults import draw_fault
from devtools.demo.history.voice import MODELS, Voice, model_of
from devtools.demo.history.words.english import ENGLISH
from devtools.demo.history.words.finnish import FINNISH
from devtools.demo.history.words.language import Phrases
from devtools.demo.history.words.swedish import SWEDISH
from heka_portal.domain.defects.rules import faults_of, places_of
from heka_portal.vocabulary import DefectArea, Fault, Place

LANGUAGES = (FINNISH, SWEDISH, ENGLISH)


@pytest.mark.parametrize("phrases", LANGUAGES)
def test_every_place_and_fault_has_words(phrases):
    assert set(phrases.places) == set(Place)
    assert set(phrases.things) == set(phrases.troubles) == set(Fault)


@pytest.mark.parametrize("phrases", LANGUAGES)
@pytest.mark.parametrize("fault", Fault)
def test_every_line_can_be_filled(phrases, fault):
    voice = Voice(Random(fault), phrases, Place.KITCHEN, fault)
    others = {"places", "things", "troubles", "whens", "models", "details"}
    for name in set(Phrases.__dataclass_fields__) - others:
        for line in getattr(phrases, name):
            said = voice.of((line,))
            assert "{" not in said
            assert said == said.strip()
    assert all("{" not in voice.description() for _ in range(50))


def test_finnish_has_hundreds_of_words_and_inflects_them():
    dice, words = Random(1), set()
    for _ in range(3000):
        place, fault = draw_fault(dice, dice.choice(list(DefectArea)))
        words |= set(re.findall(r"\w+", Voice(dice, FINNISH, place, fault).description().casefold()))
    assert len(words) > 500
    assert {"hajulukko", "hajulukon", "hajulukossa", "patterin", "patteria"} <= words


def test_a_product_number_is_rare():
    assert len({model_of(number) for number in range(MODELS)}) == MODELS


@pytest.mark.parametrize("area", DefectArea)
def test_faults_are_those_that_can_be_reported(area):
    dice = Random(area)
    for _ in range(2000):
        place, fault = draw_fault(dice, area)
        assert place in places_of(area)
        assert fault in faults_of(area)
