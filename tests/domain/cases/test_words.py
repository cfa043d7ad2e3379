"""Finnish words in their cases, in and out of compounds: what a searched word finds, and what it must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heka_portal.domain.cases.words import SHORTEST, folded, searchable, stems_of

#: each word of a line finds each, as it stands and in the compounds behind the line
WORDS = {
    "vuoto vuodon vuotoa vuodot vuotojen vuotoon vuodosta": "vesivuoto vesivuodosta vesivuotoja",
    "hana hanan hanasta hanoista hanoja hanaan hanojen": "suihkuhana suihkuhanassa keittiöhanat",
    "putki putken putkia putkien putkissa putkella": "viemäriputki viemäriputkien putkiremontti",
    "lukko lukon lukot lukossa lukkoja lukkoon lukkojen lukoista": "turvalukko turvalukot lukkoseppä",
    "kaappi kaapissa kaapin kaappia kaappien kaapeista": "jääkaappi jääkaapin keittiökaapit",
    "katto katossa katolla katon kattoa": "vesikatto vesikaton",
    "lämpö lämmön lämpöä lämmöstä": "kaukolämpö kaukolämmön",
    "reikä reiän reikiä reiästä reiässä": "naulanreikä naulanreiän",
    "joki joen joella jokeen": "Vantaanjoki Vantaanjoen",
    "vesi veden vettä vedessä veteen vedestä": "kylmävesi lämminveden jätevettä",
    "käsi käden kättä kädessä": "käsijohde",
    "ikkuna ikkunan ikkunoissa ikkunasta ikkunoita": "keittiönikkuna ikkunalauta",
    "ovi oven ovea ovessa ovien ovet oveen": "parvekeovi ulko-oven parvekeovet",
    "huone huoneen huonetta huoneiden huoneeseen": "kylpyhuone kylpyhuoneessa",
    "hammas hampaan hampaita hammasta hampaat": "hammasratas",
    "rikas rikkaan rikkaat": "",
    "patteri patterit patterin patterien pattereita patterista": "lämpöpatteri lämpöpatterissa",
    "pistorasia pistorasian pistorasioita pistorasiasta": "kaksoispistorasia",
    "hissi hissin hissiä hisseissä hississä": "tavarahissi tavarahissin",
    "sauna saunan saunoissa saunaa saunaan": "talosauna talosaunassa",
    "home homeen hometta homeesta": "homevaurio",
    "haju hajun hajua hajuja": "viemärinhaju",
    "torakka torakoita torakat torakan torakoiden": "",
    "lutikka lutikoita lutikat": "",
    "lämminvesi lämminveden lämminvettä": "",
    "avain avaimen avainta avaimet": "yleisavain yleisavaimella",
    "laite laitteen laitetta laitteet laitteissa": "sähkölaite kodinlaitteessa",
    "parveke parvekkeen parvekkeella parveketta": "parvekelasi",
    "keitin keittimen keitintä": "vedenkeitin kahvinkeittimen",
    "lämmin lämpimän lämpimästä": "",
    "kylpy kylvyn kylpyä": "kylpyhuone",
    "leipä leivän leipää": "ruisleivän",
    "asunto asunnon asunnossa asuntoja asuntojen": "vuokra-asunto",
    "asukas asukkaan asukkaat asukkaita": "",
    "keittiö keittiön keittiössä keittiöissä": "keittiökaappi",
    "lämmitys lämmityksen lämmitystä lämmityksessä": "lattialämmityksen",
    "kosteus kosteuden kosteutta": "kosteusvaurio",
    "kerros kerroksen kerroksessa": "kerrostalo",
    "ilta illan": "",
    "virta virran virtaa": "vikavirran",
    "kaupunki kaupungin kaupungissa": "",
    "lamppu lampun lamput lamppuja": "kattolampun",
    "koira koiran koiria koirien": "",
    "seinä seinän seiniä seinissä seinästä": "väliseinän",
    "lattia lattian lattialla lattiat": "lattiakaivo",
    "osoite osoitteen osoitetta": "",
    "nainen naisen naiset": "",
    "Virtanen Virtasen Virtaselle": "",
    "Korhonen Korhosen": "",
    "Lahti Lahden Lahdessa": "",
    "varsi varren": "",
    "kansi kannen": "kaivonkannen",
    "katu kadun katua": "Mannerheimkadun",
    "pyykki pyykin pyykkejä": "pyykkitupa",
    "pöytä pöydän pöytiä": "keittiönpöydän",
    "tehdas tehtaan": "",
}
#: words of which no stem may stand in the text
APART = {
    "vuoto": "viime vuoden vuodesta",
    "joki": "joita joissa jota",
    "joen": "joita joissa",
    "ovi": "ovat sopiva koverrettu",
    "oven": "ovat sopia opiskelija",
    "alan": "talon",
    "lukko": "luona lukea",
    "laite": "laittoi laitoin",
    "lämpö": "lämmityksen",
    "asia": "hermasi basilika",
    "virtanen": "virtaa virrat",
    "hana": "hankala hanhi vanha",
    "kaappi": "kaapata",
    "ikkuna": "ikkuu",
    "avain": "havaita avata",
    "wc": "wcx",
    "vesi": "vetää veli",
    "tap": "tip",
}

PAIRS = [
    (asked, written)
    for words, compounds in WORDS.items()
    for asked in words.split()
    for written in (*words.split(), *compounds.split())
]


def finds(asked: str, text: str) -> bool:
    """Whether each word of a search stands in a text."""
    stored = searchable(text)
    return all(any(stem in stored for stem in stems_of(word)) for word in folded(asked).split())


@pytest.mark.parametrize(("asked", "written"), PAIRS)
def test_word_is_found_in_every_case(asked: str, written: str) -> None:
    assert finds(asked, f"Eilen {written}, taas.")


@pytest.mark.parametrize(("asked", "text"), [(asked, text) for asked in APART for text in APART[asked].split()])
def test_other_words_are_not_found(asked: str, text: str) -> None:
    assert not finds(asked, text)


def test_part_of_any_word_is_found() -> None:
    """The price of finding compounds."""
    assert finds("hana", "Ihanaa!")


@pytest.mark.parametrize(
    "written",
    [
        "KX1592",
        "040-1234567",
        "Kontulankaari 2 A 12",
        "maija.virtanen@example.com",
        "diskmaskin",
        "leaking",
        "dörr",
        "wc",
    ],
)
def test_what_has_no_cases_is_found_as_it_stands(written: str) -> None:
    assert finds(written, f"({written})")
    assert finds(written.upper(), f"x {written} y")


def test_marks_may_be_left_out() -> None:
    assert finds("hairio", "Sähköhäiriö")
    assert finds("Nguyen", "Nguyễn")
    assert finds("Åbo", "abo")


def test_short_word_is_a_word_of_its_own() -> None:
    assert finds("A 12", "Kontulankaari 2 A 12")
    assert not finds("A 12", "Kontulankaari 2 B 112")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(), st.text(), st.text())
def test_word_is_found_in_a_text_that_holds_it(before: str, asked: str, after: str) -> None:
    assert finds(asked, f"{before} {asked} {after}")


@given(st.text(), st.text(), st.text())
def test_part_of_a_text_is_a_part_of_the_folded_one(before: str, part: str, after: str) -> None:
    assert folded(part) in folded(before + part + after)


@given(st.text(), st.text())
def test_texts_are_folded_line_by_line(first: str, second: str) -> None:
    assert searchable(first) + f"{folded(second)} " == searchable(f"{first}\n{second}")


@given(st.text(alphabet="aehiklmnoprstuvyäöj", min_size=1))
def test_stems_suit_an_index_of_trigrams(word: str) -> None:
    stems = stems_of(folded(word))
    assert stems
    assert all(len(stem) >= SHORTEST for stem in stems)
    assert len(stems) <= 30
