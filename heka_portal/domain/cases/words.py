"""The words of the search: how a text is stored to be searched, and what to look for in it to find a Finnish word.

All grammar is in the question, so a better rule needs no text written anew. A searched word, given in any of its cases,
is taken back to the stems its other forms have: the ending goes, the consonants before the last vowel are put into the
other grade (Kielitoimiston ohjepankki, "astevaihtelu"), the last vowel into what it becomes in the plural. A stem is
looked for as a part of the text, which finds it inside compounds, and finds words of other languages as they stand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

#: shorter words stand for themselves, and nothing shorter is looked for: an index of trigrams needs three letters
SHORTEST = 3
#: with so many letters a stem is plain enough without its last vowel
PLAIN = 6

_VOWELS = tuple("aeiouy")
#: strong and weak
_DOUBLED = (("kk", "k"), ("pp", "p"), ("tt", "t"))
_JOINED = (("nt", "nn"), ("mp", "mm"), ("lt", "ll"), ("rt", "rr"), ("nk", "ng"))
#: a dictionary's ending and the stem's: sinisen, kerroksen, kosteuden, veden, kannen
_CHANGES = (
    ("nen", "se"),
    ("s", "kse"),
    *((f"{vowel}s", f"{vowel}{last}e") for vowel in "uy" for last in "dt"),
    *((f"{before}si", f"{before}{last}e") for before in _VOWELS for last in "dt"),
    *((f"{before}si", f"{before}{last}e") for before in "nr" for last in (before, "t")),
)
#: the same with a strong grade before the stem's: keittimen, lämpimän, hampaan
_STRENGTHENED = (("in", "ime"), ("in", "ima"), *((f"{vowel}s", vowel) for vowel in "aei"))
_IRREGULAR = {"vetta": "vesi", "katta": "kasi"}
#: what the last vowel of a stem may be in other cases, by the form it was found in
_SINGULAR = {"a": "aoi", "i": "ie"}
_OBLIQUE = _SINGULAR | {"e": "ei"}
_PERHAPS_PLURAL = _OBLIQUE | {"i": "iea"}
_PLURAL = _PERHAPS_PLURAL | {"o": "oa"}

_Grading = Callable[[str], Iterator[str]]


def folded(text: str) -> str:
    """A text as it is searched: in small letters without marks, ä as a, and spaces between the words.

    Sign by sign, so that a part of a text is a part of the folded one.
    """
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    signs = (sign for sign in parts if not unicodedata.combining(sign))
    return "".join(sign if sign.isalnum() else " " for sign in signs)


def searchable(text: str) -> str:
    """What is stored of a text: folded, with a space on both sides, so that each word stands between two."""
    return f" {folded(text)} "


def stems_of(word: str) -> tuple[str, ...]:
    """What to look for in searchable texts to find a folded word in whatever case: any of these; never none.

    One or two letters are a word of their own, three any part of one.
    """
    if len(word) < SHORTEST:
        return (f" {word} ",)
    if (len(word) == SHORTEST and word[-1] != "i") or not (word.isascii() and word.isalpha()):
        return (word,)
    found = {word, *(piece for stem in _stems(word) for piece in _long_enough(stem))}
    return tuple(sorted(stem for stem in found if not any(other in stem for other in found - {stem})))


def _long_enough(stem: str) -> Iterator[str]:
    """Three letters are too few without what follows: oven, ovella, the end of a word, but not every -ove-."""
    if len(stem) > SHORTEST:
        yield stem
    elif len(stem) == SHORTEST and not (stem[-2] in _VOWELS and stem[-1] == "i"):
        # joissa is not of joki
        yield from (f"{stem}{sign}" for sign in "aelnst ")


def _stems(word: str) -> Iterator[str]:
    """All stems the word may have: as one of the dictionary, and less each of the endings."""
    if word in _IRREGULAR:
        yield from _of_dictionary(_IRREGULAR[word])
        return
    yield from _of_dictionary(word)
    for ending in _ENDINGS:
        rest = word.removesuffix(ending.letters)
        if rest != word and len(rest) >= ending.leaves:
            yield from _of_inflected(rest, ending)


def _of_dictionary(word: str) -> Iterator[str]:
    """The stems of a word as a dictionary has it; of these those in -e alone are weak: laite, laitteen."""
    yield from (irregular for irregular, base in _IRREGULAR.items() if base == word)
    if word.endswith(_VOWELS):
        yield from _in_grades(word, _SINGULAR, _strong if word[-1] == "e" else _weak)
    else:
        yield word
    for base, stem in (*_CHANGES, *_STRENGTHENED):
        trunk = word.removesuffix(base)
        if trunk not in ("", word):
            yield _short(trunk + stem)
            if (base, stem) in _STRENGTHENED and not trunk.endswith(_VOWELS):
                yield from (_short(strong[:-1] + stem) for strong in _strong(f"{trunk}a"))


def _of_inflected(rest: str, ending: _Ending) -> Iterator[str]:
    """The stems of what an ending has left."""
    if ending.is_after_consonant and not rest.endswith(_VOWELS):
        yield from _of_dictionary(rest)
    if found := _before(ending, rest):
        stem, last, gradings = found
        yield from _in_grades(stem, last, *gradings)
        for base in _bases_of(stem):
            yield from _of_dictionary(base)


def _before(ending: _Ending, rest: str) -> tuple[str, Mapping[str, str], tuple[_Grading, ...]] | None:
    """The stem that an ending was put to, and how it may change; none where no stem ends so."""
    either = (_weak, _strong)
    if not rest.endswith(_VOWELS):
        # putkien, koiria
        return (f"{rest}i", ending.last, either) if ending.has_taken_i else None
    if rest[-1] == rest[-2]:
        # laitteen, hampaassa, kattoon
        return rest[:-1], ending.last, either
    if rest.endswith(("ai", "ei", "oi", "ui")):
        # hanoista, kaapeissa
        return (rest[:-1], _PLURAL, either) if ending.last is _PERHAPS_PLURAL else None
    return rest, ending.last, ending.gradings


def _bases_of(stem: str) -> Iterator[str]:
    """The dictionary's words that have this stem and do not begin with it."""
    for base, changed in _CHANGES:
        if stem.endswith(changed):
            yield stem.removesuffix(changed) + base
    for base, changed in _STRENGTHENED:
        trunk = stem.removesuffix(changed)
        if trunk != stem and len(changed) > 1:
            yield from (trunk + base, *(weak[:-1] + base for weak in _weak(f"{trunk}a")))


def _in_grades(stem: str, last: Mapping[str, str], *gradings: _Grading) -> Iterator[str]:
    """A stem that ends in a vowel, with all that this may become and in the other grade."""
    trunk, vowel = stem[:-1], stem[-1]
    changing = last.get(vowel, vowel)
    if len(trunk) < SHORTEST:
        # ovat is not of ovi, nor talon of ala
        changing = "ie" if vowel in "ie" else vowel
    for each in (f"{trunk}{other}" for other in changing):
        for one in (each, *(other for grading in gradings for other in grading(each))):
            yield _short(one) if len(changing) > 1 else one


def _short(stem: str) -> str:
    """A long stem without its last vowel."""
    return stem[:-1] if len(stem) > PLAIN else stem


def _weak(stem: str) -> Iterator[str]:
    """A stem that ends in a vowel, from strong to weak."""
    trunk, vowel = stem[:-1], stem[-1]
    for strong, weak in (*_DOUBLED, *_JOINED):
        if trunk.endswith(strong):
            yield trunk.removesuffix(strong) + weak + vowel
            return
    before, sign = trunk[:-1], trunk[-1:]
    if sign == "t" and before.endswith((*_VOWELS, "h")):
        yield f"{before}d{vowel}"
    elif sign == "p" and before.endswith((*_VOWELS, "l", "r")):
        yield f"{before}v{vowel}"
    elif sign == "k" and before.endswith((*_VOWELS, "h", "l", "r")) and (vowel in "ie" or len(before) >= SHORTEST):
        # joki, joen
        yield before + ("e" if vowel == "i" else vowel)


def _strong(stem: str) -> Iterator[str]:
    """A stem that ends in a vowel, from weak to strong."""
    trunk, vowel = stem[:-1], stem[-1]
    for strong, weak in _JOINED:
        if trunk.endswith(weak):
            yield trunk.removesuffix(weak) + strong + vowel
    before, sign = trunk[:-1], trunk[-1:]
    if sign in ("k", "p", "t") and before.endswith((*_VOWELS, "l", "m", "n", "r")):
        yield f"{trunk}{sign}{vowel}"
    elif sign == "d":
        yield f"{before}t{vowel}"
    elif sign == "v" and vowel not in "ei":
        yield f"{before}p{vowel}"
    elif trunk.endswith(_VOWELS) and len(trunk) <= SHORTEST:
        # joen, reiän, ruoan
        yield f"{trunk}k{vowel}"


class _Ending(NamedTuple):
    """An ending of a case: the fewest letters it leaves, how the other grade is made from the one before it."""

    letters: str
    leaves: int = SHORTEST
    gradings: tuple[_Grading, ...] = (_weak, _strong)
    last: Mapping[str, str] = _OBLIQUE
    is_after_consonant: bool = False
    has_taken_i: bool = False


#: without marks, so that each stands for its twin: -ssa and -ssä
_ENDINGS = (
    *(_Ending(letters, gradings=(_strong,)) for letters in ("n", "t")),
    *(
        _Ending(letters, gradings=(_strong,), last=_PERHAPS_PLURAL)
        for letters in ("ssa", "sta", "lla", "lta", "lle", "ksi")
    ),
    *(_Ending(letters, leaves=4) for letters in ("a", "tta", "seen")),
    _Ending("ta", leaves=4, is_after_consonant=True),
    *(_Ending(letters, leaves=4, last=_PLURAL) for letters in ("ja", "jen")),
    *(_Ending(letters, leaves=2, last=_PLURAL, has_taken_i=True) for letters in ("ea", "ien")),
    *(_Ending(letters, last=_PLURAL, has_taken_i=True) for letters in ("ia", "ita", "iden", "itten")),
)
